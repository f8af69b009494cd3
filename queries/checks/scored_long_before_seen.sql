-- Which answers of models are more than 30 days older than the first look that anybody took at the item?
-- One row per prediction on a reviewed item; null where a time is missing. Gold is kept for long, so it is not doubted.
with

seen as (

    select
        item_id,
        min(coalesce(claimed_at, decided_at)) as first_seen_at
    from reviews
    group by item_id

)

select
    predictions.item_id || ' by ' || predictions.model || ' ' || predictions.model_version as id,
    predictions.item_id,
    predictions.scored_at < cast(seen.first_seen_at as timestamp) - interval 30 day
    and predictions.item_id not in (select gold.item_id from gold) as is_doubted
from predictions
inner join seen on predictions.item_id = seen.item_id
