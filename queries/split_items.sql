-- How many items got several labels, of those that can be counted whole and lie in the window?
-- One row per workspace and window.
select count(*) as items
from shared_items
inner join item_patterns on shared_items.pattern = item_patterns.place
where
    item_patterns.labels > 1
    and ($since is null or shared_items.first_day >= $since)
    and ($until is null or shared_items.last_day <= $until)
    and shared_items.cell in (select kept_cells.cell from kept_cells)
