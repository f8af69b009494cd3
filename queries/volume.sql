-- How much was decided, and from when to when.
-- One row per slice.
select
    by_1,
    by_2,
    by_3,
    cast(sum(times) as bigint) as reviews,
    cast(sum(timed) as bigint) as timed_reviews,
    min(day) as first_day,
    max(day) as last_day
from scope
group by by_1, by_2, by_3
