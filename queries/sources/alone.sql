-- Items with one review, counted by day and by its label.
-- One row per day and dimensions.
select
    day,
    queue,
    policy,
    market,
    language,
    stage,
    standard_version,
    is_independent,
    false as has_repeats,
    true as is_told,
    label,
    '1' || chr(31) || label as pattern,
    alone as items
from daily
where alone > 0
