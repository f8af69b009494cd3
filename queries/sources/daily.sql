-- Reviews without repeats, counted by day.
-- One row per day and dimensions.
select
    day,
    queue,
    policy,
    market,
    language,
    stage,
    standard_version,
    label,
    is_independent,
    next_day,
    true as has_repeats,
    true as is_told,
    reviews as times,
    timed_reviews as timed
from daily
