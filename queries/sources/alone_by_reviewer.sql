-- Items with one review, counted by day, reviewer and label; policy, market and language are not told apart.
-- One row per day, reviewer and dimensions.
select
    day,
    reviewer_id,
    queue,
    stage,
    standard_version,
    is_independent,
    false as has_repeats,
    true as is_told,
    label,
    '1' || chr(31) || label as pattern,
    alone as items
from reviewer_daily
where alone > 0
