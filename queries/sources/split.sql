-- The reviews of the most evenly split of the items that can be counted whole and lie in the window: of as many as a
-- page of cases and those before it show.
-- One row per review.
with

most_split as (

    select shared_items.item
    from shared_items
    inner join item_patterns on shared_items.pattern = item_patterns.place
    where
        item_patterns.labels > 1
        and ($since is null or shared_items.first_day >= $since)
        and ($until is null or shared_items.last_day <= $until)
        and shared_items.cell in (select kept_cells.cell from kept_cells)
    order by
        cast((item_patterns.reviews * item_patterns.reviews - item_patterns.squares) // 2 as double)
        / (item_patterns.reviews * (item_patterns.reviews - 1) // 2) desc,
        item_patterns.reviews desc,
        shared_items.item_id asc
    limit $page_start + $page_size

)

select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where item in (select most_split.item from most_split)
