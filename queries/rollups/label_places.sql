-- In which order do labels stand when the labels of an item are packed?
-- One row per label, the most frequent first, from 0.
with

counted as (

    select
        label, count(*) as reviews
    from touched
    group by label

)

select
    label, row_number() over (order by reviews desc, label asc) - 1 as place
from counted
