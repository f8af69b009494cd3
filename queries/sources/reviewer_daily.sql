-- Reviews without repeats, counted by day and reviewer; their policy, market and language are not told apart.
-- One row per day, reviewer and dimensions.
select
    day,
    reviewer_id,
    queue,
    stage,
    standard_version,
    label,
    is_independent,
    next_day,
    true as has_repeats,
    true as is_told,
    reviews as times,
    timed_reviews as timed
from reviewer_daily
