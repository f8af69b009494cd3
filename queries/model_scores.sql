-- What did the model say of the content that was reviewed? Gold items, which come back, are no sample of it.
-- One row per slice, label of the model and score in ten-thousandths of 1.
with

scored_once as (

    select distinct
        scored.by_1, scored.by_2, scored.by_3, scored.item_id, scored.model, scored.model_version, scored.model_label,
        cast(floor(scored.score * 10000 + 0.5) as double) / 10000 as score
    from scored
    where scored.item_id not in (select gold.item_id from gold)

)

select by_1, by_2, by_3, model_label, score, count(*) as items
from scored_once
group by by_1, by_2, by_3, model_label, score
