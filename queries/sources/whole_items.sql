-- Items with several reviews that all lie within the window, and within one period where items are cut by it.
-- One row per period, dimensions and pattern.
select
    last_day as day,
    queue,
    policy,
    market,
    language,
    stage,
    standard_version,
    is_independent,
    false as has_repeats,
    true as is_told,
    pattern,
    items
from patterns
where
    period = $period
    and ($since is null or first_day >= $since)
    and ($until is null or last_day <= $until)
