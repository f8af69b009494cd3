-- The right label of each item that was rated, as its reviews were judged.
-- One row per slice and item, which is 'item@version' as among the ratings. The last review decides where gold changed.
with

last_first as (

    select
        by_1,
        by_2,
        by_3,
        item_id || coalesce('@' || standard_version, '') as rated_item,
        gold_label,
        row_number() over (
            partition by by_1, by_2, by_3, item_id, standard_version
            order by decided_at desc nulls last, sequence desc
        ) as nth_last
    from judged
    where is_independent

)

select
    by_1,
    by_2,
    by_3,
    rated_item as item_id,
    gold_label as label
from last_first
where nth_last = 1
