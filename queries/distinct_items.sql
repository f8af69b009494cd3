-- How many items were decided on.
-- One row per slice. Over slices the numbers do not add up, as an item may be in several.
select
    by_1,
    by_2,
    by_3,
    coalesce(cast(sum(items) as bigint), 0) + count(distinct item_id) as items
from scope
group by by_1, by_2, by_3
