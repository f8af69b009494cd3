-- How often did each reviewer give each label, until when if again, and how often to an item that got no other?
-- One row per day, reviewer, cell (of those that differ in policy or language the first), label and day of the
-- repeat.
with

told as (

    select
        day, reviewer, cell, label, cast(null as date) as next_day, 1 as reviews, 1 as alone
    from coded
    where not has_repeats
    union all
    select
        day, reviewer, cell, label, next_day,
        case when has_repeats then 1 else 0 end as reviews,
        case when has_repeats then 0 else -1 end as alone
    from multi_rated
    where is_told or not has_repeats

)

select
    told.day, told.reviewer, places_of_cells.desk as cell, told.label, told.next_day,
    cast(sum(told.reviews) as bigint) as reviews,
    cast(sum(told.alone) as bigint) as alone
from told
inner join places_of_cells on told.cell = places_of_cells.cell
group by told.day, told.reviewer, places_of_cells.desk, told.label, told.next_day
