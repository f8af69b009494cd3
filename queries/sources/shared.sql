-- The reviews of items with several.
-- One row per review.
select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where ($since is null or day >= $since) and ($until is null or day <= $until)
