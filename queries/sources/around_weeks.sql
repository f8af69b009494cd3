-- Reviews without repeats, counted by day, of the days of the window that are in none of its whole weeks.
-- One row per day, cell, label and day of the repeat.
select *, reviews as times, case when day is null then 0 else reviews end as timed, alone as items
from daily
where
    ($since is null or day >= $since)
    and ($until is null or day <= $until)
    and (day < $first_whole_week or day > $last_whole_week)
