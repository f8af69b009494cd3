-- Items with several reviews, all of them in the window, that begin before its first whole month.
-- One row per first and last day, cell and pattern.
select
    last_day as day,
    cell,
    pattern,
    items
from patterns
where
    period = 'span'
    and first_day >= $since
    and first_day < $first_whole_month
    and ($until is null or last_day <= $until)
