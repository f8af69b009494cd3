-- Which predictions are about items that nobody reviewed?
-- One row per prediction.
with

reviewed as (

    select distinct item_id
    from reviews

)

select
    predictions.item_id || ' by ' || predictions.model || ' ' || predictions.model_version as id,
    cast(null as varchar) as item_id,
    reviewed.item_id is null as is_doubted
from predictions
left join reviewed on predictions.item_id = reviewed.item_id
