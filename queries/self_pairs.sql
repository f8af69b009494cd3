-- What a reviewer said when the same item came back.
-- One row per slice, label before and label after, over consecutive decisions; needs repeats = 'all'.
with

decisions as (

    select
        by_1,
        by_2,
        by_3,
        label as label_after,
        lag(label) over (
            partition by item_id, reviewer_id, standard_version
            order by decided_at asc nulls first, sequence asc
        ) as label_before
    from scope
    where has_repeats

)

select
    by_1,
    by_2,
    by_3,
    label_before,
    label_after,
    count(*) as pairs
from decisions
where label_before is not null
group by by_1, by_2, by_3, label_before, label_after
