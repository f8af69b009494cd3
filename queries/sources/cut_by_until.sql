-- The reviews of whole items of which the window, or its last whole period, leaves some out at its end.
-- One row per review. Those that it cuts on both sides come with the others of its beginning.
select *, 1 as times, cast(day is not null as int) as timed
from multi_rated
where
    is_whole
    and last_day > $last_whole
    and case
        when $period = 'span' then $since is null or first_day >= $since
        else day > $last_whole and ($since is null or day >= $first_whole)
    end
    and ($since is null or day >= $since) and ($until is null or day <= $until)
