-- The reviews of items whose right label is known, with the one that held.
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
    cast(decided_at is not null as int) as timed,
    gold_label
from gold_reviews
