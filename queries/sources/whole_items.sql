-- Items with several reviews that all lie within one period of the window.
-- One row per period, cell and pattern.
select
    last_day as day,
    cell,
    pattern,
    items
from patterns
where
    period = $period
    and ($since is null or first_day >= $since)
    and ($until is null or last_day <= $until)
