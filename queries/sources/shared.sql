-- The reviews of items with several.
-- One row per review.
select
    item,
    reviewer,
    label,
    cell,
    day,
    decided_at,
    sequence,
    has_repeats,
    is_told,
    next_day,
    1 as times,
    cast(day is not null as int) as timed
from multi_rated
where ($since is null or day >= $since) and ($until is null or day <= $until)
