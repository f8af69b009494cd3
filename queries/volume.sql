-- How much was decided, and until when.
-- One row per slice. Items and reviewers are distinct counts: they do not add up over slices.
select
    by_1,
    by_2,
    by_3,
    count(*) as reviews,
    count(distinct item_id) as items,
    count(distinct reviewer_id) as reviewers,
    count(decided_at) as timed_reviews,
    min(decided_at) as first_decided_at,
    max(decided_at) as last_decided_at
from scope
group by by_1, by_2, by_3
