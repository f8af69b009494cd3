-- Every decision on one item, in the order in which they were made.
-- One row per review.
select
    review_id,
    reviewer_id,
    label,
    decided_at,
    policy,
    queue,
    standard_version,
    stage,
    confidence,
    reason_code
from scope
where item_id = $item_id
order by decided_at asc nulls last, sequence asc
