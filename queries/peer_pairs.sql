-- What one reviewer and each of the others said about the items that both decided.
-- One row per slice, peer (reviewer_b, beside the reviewer as a) and pair of labels.
with

met as (

    select
        by_1,
        by_2,
        by_3,
        case when reviewer_id = $reviewer_a then other_reviewer_id else reviewer_id end as reviewer_b,
        case when reviewer_id = $reviewer_a then label else other_label end as label_a,
        case when reviewer_id = $reviewer_a then other_label else label end as label_b,
        times as items
    from scope
    where other_reviewer_id is not null and (reviewer_id = $reviewer_a or other_reviewer_id = $reviewer_a)
    union all
    select
        one.by_1,
        one.by_2,
        one.by_3,
        other.reviewer_id as reviewer_b,
        one.label as label_a,
        other.label as label_b,
        1 as items
    from scope as one
    inner join scope as other
        on
            one.item_id = other.item_id
            and one.standard_version is not distinct from other.standard_version
            and one.by_1 is not distinct from other.by_1
            and one.by_2 is not distinct from other.by_2
            and one.by_3 is not distinct from other.by_3
            and one.reviewer_id <> other.reviewer_id
    where one.reviewer_id = $reviewer_a and one.is_independent and other.is_independent and one.item_id is not null

)

select by_1, by_2, by_3, $reviewer_a as reviewer_a, reviewer_b, label_a, label_b, cast(sum(items) as bigint) as items
from met
group by by_1, by_2, by_3, reviewer_b, label_a, label_b
