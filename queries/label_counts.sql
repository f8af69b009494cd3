-- How often each label was given.
-- One row per slice and label.
select
    by_1,
    by_2,
    by_3,
    label,
    cast(sum(times) as bigint) as reviews
from scope
group by by_1, by_2, by_3, label
