-- What did a version of a model and the next one that answered say of the same items, and what did people say of them?
-- One row per slice, both versions and labels, right label (null where unknown) and pattern of independent reviews.
with

followed as (

    select
        *,
        lead(model_version) over (partition by sequence, model order by scored_at, model_version) as next_version,
        lead(model_label) over (partition by sequence, model order by scored_at, model_version) as next_label
    from answers

),

given as (

    select
        followed.by_1, followed.by_2, followed.by_3, followed.item_id, followed.standard_version, judged.gold_label,
        followed.model, followed.model_version, followed.model_label, followed.next_version, followed.next_label,
        followed.label, count(*) as ratings
    from followed
    left join judged on followed.sequence = judged.sequence
    where followed.is_independent and followed.next_version is not null
    group by
        followed.by_1, followed.by_2, followed.by_3, followed.item_id, followed.standard_version, judged.gold_label,
        followed.model, followed.model_version, followed.model_label, followed.next_version, followed.next_label,
        followed.label

),

rated_items as (

    select
        by_1, by_2, by_3, gold_label, model_version, model_label, next_version, next_label,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from given
    group by
        by_1, by_2, by_3, item_id, standard_version, gold_label,
        model, model_version, model_label, next_version, next_label

)

select by_1, by_2, by_3, model_version, next_version, model_label, next_label, gold_label, pattern, count(*) as items
from rated_items
group by by_1, by_2, by_3, model_version, next_version, model_label, next_label, gold_label, pattern
