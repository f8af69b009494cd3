-- The reviews that have repeats which differ in more than the day.
-- One row per review.
select
    item_id,
    reviewer_id,
    label,
    day,
    decided_at,
    sequence,
    queue,
    policy,
    market,
    language,
    stage,
    standard_version,
    has_repeats,
    is_told,
    next_day,
    is_independent,
    1 as times,
    cast(decided_at is not null as int) as timed
from multi_rated
where has_repeats and not is_told
