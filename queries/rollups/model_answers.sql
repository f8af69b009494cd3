-- What do models answer?
-- One row per model, version and label, numbered from 0.
with

found as (

    select distinct
        model, model_version, label
    from predictions

)

select
    model, model_version, label,
    row_number() over (order by model, model_version, label) - 1 as place
from found
