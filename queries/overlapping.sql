-- The independent reviews of items that two to fifty reviewers decided; gold that hundreds answer is no overlap.
-- One row per review; `item` is a number of the item, in its policy and under its standard, within the slice.
with

counted as (

    select
        *,
        min(sequence) over (partition by by_1, by_2, by_3, policy, item_id, standard_version) as item,
        count(*) over (partition by by_1, by_2, by_3, policy, item_id, standard_version) as reviewers
    from scope
    where is_independent and item_id is not null

)

select *
from counted
where reviewers between 2 and 50
