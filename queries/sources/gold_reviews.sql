-- The reviews of items whose right label is known, with the one that held.
-- One row per review.
select
    item_id,
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
    cast(day is not null as int) as timed,
    gold_label
from gold_reviews
where ($since is null or day >= $since) and ($until is null or day <= $until)
