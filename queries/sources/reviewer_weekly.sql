-- Reviews without repeats, counted by week, of the weeks that lie in the window.
-- One row per first day of the week, reviewer, cell (which tells no policy and language), label and day of the repeat.
select *, reviews as times, case when day is null then 0 else reviews end as timed, alone as items
from reviewer_weekly
where ($since is null or day >= $first_whole_week) and ($until is null or day < $last_whole_week)
