-- Which number stands for a reviewer?
-- One row per reviewer, in the order of the ids, from 0.
with

found as (

    select distinct reviewer_id
    from touched

)

select
    reviewer_id, row_number() over (order by reviewer_id) - 1 as place
from found
