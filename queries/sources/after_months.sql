-- Items with several reviews, all of them in the window, that begin in its whole months or later, and end after these.
-- One row per first and last day, cell and pattern.
select
    last_day as day,
    cell,
    pattern,
    items
from patterns
where
    period = 'span'
    and ($since is null or first_day >= $first_whole_month)
    and last_day > $last_whole_month
    and last_day <= $until
