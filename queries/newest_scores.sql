-- The newest model version that scored an item; of versions that scored it at the same time the one with the last name.
-- One row per scored item.
with

scorings as (

    select
        item_id,
        model_version,
        row_number() over (partition by item_id order by scored_at desc nulls last, model_version desc) as nth
    from predictions

)

select
    item_id,
    model_version
from scorings
where nth = 1
