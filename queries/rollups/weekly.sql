-- The same as daily, of weeks.
-- One row per first day of the week, cell, label and day of the repeat.
select
    cast(date_trunc('week', daily.day) as date) as day, daily.cell, daily.label, daily.next_day,
    cast(sum(daily.reviews) as bigint) as reviews,
    cast(sum(daily.alone) as bigint) as alone
from daily
group by cast(date_trunc('week', daily.day) as date), daily.cell, daily.label, daily.next_day
