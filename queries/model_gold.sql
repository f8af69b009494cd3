-- What did the model say of reviewed items whose right label is known?
-- One row per slice, label of the model, score (null unless asked for) and right label that held when it was reviewed.
with

known_items as (

    select distinct
        scored.by_1, scored.by_2, scored.by_3, scored.item_id, scored.model, scored.model_version, scored.model_label,
        case when $with_scores then cast(floor(scored.score * 10000 + 0.5) as double) / 10000 end as score,
        judged.gold_label
    from scored
    inner join judged on scored.sequence = judged.sequence

)

select by_1, by_2, by_3, model_label, score, gold_label, count(*) as items
from known_items
group by by_1, by_2, by_3, model_label, score, gold_label
