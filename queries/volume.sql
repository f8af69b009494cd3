-- How much was decided?
-- One row per slice.
select
    by_1,
    by_2,
    by_3,
    cast(sum(times) as bigint) as reviews,
    cast(sum(timed) as bigint) as timed_reviews
from scope
group by by_1, by_2, by_3
