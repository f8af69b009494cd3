-- From when to when was something decided?
-- One row per slice.
select
    by_1,
    by_2,
    by_3,
    min(day) as first_day,
    max(day) as last_day
from scope
group by by_1, by_2, by_3
