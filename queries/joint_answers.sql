-- What did the model and independent reviews say of the same items, and what is right, where that is known?
-- One row per slice, label of the model, right label (null where unknown) and pattern, '2␟keep␞1␟remove' in the order
-- of the labels. An item rated under two standards, or whose right label changed, counts as two.
with

given as (

    select
        scored.by_1, scored.by_2, scored.by_3, scored.item_id, scored.standard_version,
        scored.model, scored.model_version, scored.model_label, judged.gold_label, scored.label,
        count(*) as ratings
    from scored
    left join judged on scored.sequence = judged.sequence
    where scored.is_independent
    group by
        scored.by_1, scored.by_2, scored.by_3, scored.item_id, scored.standard_version,
        scored.model, scored.model_version, scored.model_label, judged.gold_label, scored.label

),

rated_items as (

    select
        by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, gold_label,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from given
    group by by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, gold_label

)

select by_1, by_2, by_3, model_label, gold_label, pattern, count(*) as items
from rated_items
group by by_1, by_2, by_3, model_label, gold_label, pattern
