-- The reviews of whole items of which the window, or its first whole period, leaves some out at its beginning.
-- One row per review.
select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where
    is_whole
    and first_day < $first_whole
    and case when $period = 'span' then last_day >= $since else day < $first_whole end
    and ($since is null or day >= $since) and ($until is null or day <= $until)
