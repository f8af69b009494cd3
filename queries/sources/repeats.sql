-- The reviews that have repeats which differ in more than the day.
-- One row per review.
select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where
    not is_whole
    and has_repeats
    and not is_told
    and ($since is null or day >= $since) and ($until is null or day <= $until)
