-- When was the last decision made?
-- One row per slice.
select
    by_1,
    by_2,
    by_3,
    max(decided_at) as last_decided_at
from scope
group by by_1, by_2, by_3
