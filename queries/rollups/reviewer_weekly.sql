-- The same as reviewer_daily, of weeks.
-- One row per first day of the week, reviewer, cell, label and day of the repeat.
select
    cast(date_trunc('week', told.day) as date) as day, told.reviewer, told.cell, told.label, told.next_day,
    cast(sum(told.reviews) as bigint) as reviews,
    cast(sum(told.alone) as bigint) as alone
from reviewer_daily as told
group by cast(date_trunc('week', told.day) as date), told.reviewer, told.cell, told.label, told.next_day
