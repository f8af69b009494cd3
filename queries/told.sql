-- The reviews of which the day of the next decision tells whether they count: of a reviewer's repeats the last or all.
-- One row per row of the source.
select *
from sliced
where
    not has_repeats
    or is_told and (
        $repeats = 'all' or next_day is null or next_day > $until
        or ($period = 'day' and next_day > day)
        or ($period in ('week', 'none') and date_trunc('week', next_day) > week)
        or ($period in ('month', 'none') and date_trunc('month', next_day) > month)
    )
