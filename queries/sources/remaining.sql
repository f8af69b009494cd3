-- The reviews of items with several that cannot be counted whole, or that the window or its first or last period cuts.
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
where
    not is_whole
    or ($period = 'span' and (first_day < $since or last_day > $until))
    or ($period = 'week' and (day < $first_whole_week or day > $last_whole_week))
    or ($period = 'month' and (day < $first_whole_month or day > $last_whole_month))
