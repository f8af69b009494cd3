-- The reviews of items that can be counted whole, lie in the window and got one of some patterns of labels: of each
-- pattern in a policy the newest items, as many as are asked for.
-- One row per review.
with

alike as (

    select
        shared_items.item,
        row_number() over (
            partition by cells.policy, shared_items.pattern
            order by
                shared_items.last_day desc nulls last,
                shared_items.item_id asc,
                cells.standard_version asc nulls last
        ) as place
    from shared_items
    inner join item_patterns on shared_items.pattern = item_patterns.place
    inner join cells on shared_items.cell = cells.cell
    where
        list_contains($patterns, item_patterns.pattern)
        and cells.is_independent
        and ($since is null or shared_items.first_day >= $since)
        and ($until is null or shared_items.last_day <= $until)
        and shared_items.cell in (select kept_cells.cell from kept_cells)

)

select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where
    item in (
        select alike.item
        from alike
        where alike.place <= $most
    )
