-- The reviews of items with several that cannot be counted whole.
-- One row per review.
select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where not is_whole and ($since is null or day >= $since) and ($until is null or day <= $until)
