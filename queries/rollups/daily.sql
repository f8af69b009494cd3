-- How often was each label given, until when if it was given again, and how often to an item that got no other?
-- One row per day, cell, label and day of the repeat.
with

told as (

    select
        day, cell, label, cast(null as date) as next_day, 1 as reviews, 1 as alone
    from coded
    where not has_repeats
    union all
    select
        day, cell, label, next_day,
        case when has_repeats then 1 else 0 end as reviews,
        case when has_repeats then 0 else -1 end as alone
    from multi_rated
    where is_told or not has_repeats

)

select
    day, cell, label, next_day, cast(sum(reviews) as bigint) as reviews, cast(sum(alone) as bigint) as alone
from told
group by day, cell, label, next_day
