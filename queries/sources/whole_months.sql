-- Items with several reviews that all lie within the whole months of the window.
-- One row per first and last month, cell and pattern.
select
    last_day as day,
    cell,
    pattern,
    items
from patterns
where
    period = 'months'
    and ($since is null or first_day >= $first_whole_month)
    and ($until is null or last_day <= $last_whole_month)
