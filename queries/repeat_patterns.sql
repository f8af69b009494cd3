-- What did a reviewer say of an item that came back, and what did all say of it in the end?
-- One row per slice, pattern of the item's last labels ('2␟keep␞1␟remove'), label before and label after, over
-- consecutive decisions; needs repeats = 'all'.
with

decisions as (

    select
        by_1, by_2, by_3, label,
        min(sequence) over (partition by by_1, by_2, by_3, item_id, standard_version) as item,
        lag(label) over (
            partition by by_1, by_2, by_3, item_id, standard_version, reviewer_id
            order by decided_at asc nulls first, sequence asc
        ) as label_before,
        row_number() over (
            partition by by_1, by_2, by_3, item_id, standard_version, reviewer_id
            order by decided_at desc nulls last, sequence desc
        ) as nth_last
    from scope
    where is_independent and item_id is not null

),

labelled as (

    select item, label, count(*) as times
    from decisions
    where nth_last = 1
    group by item, label

),

spelled as (

    select item, string_agg(cast(times as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from labelled
    group by item

)

select
    returned.by_1, returned.by_2, returned.by_3, spelled.pattern, returned.label_before,
    returned.label as label_after,
    count(*) as pairs
from decisions as returned
inner join spelled on returned.item = spelled.item
where returned.label_before is not null
group by
    returned.by_1, returned.by_2, returned.by_3, spelled.pattern, returned.label_before, returned.label
