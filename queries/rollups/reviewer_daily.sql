-- How often did each reviewer give each label, until when if again, and how often to an item that got no other?
-- One row per day, reviewer, queue, stage, standard, label, independence and day of the repeat.
with

told as (

    select
        touched.day, touched.reviewer_id, touched.queue, touched.stage, touched.standard_version, touched.label,
        touched.is_independent,
        cast(null as date) as next_day, touched.decided_at, shared_items.item_id is null as is_alone
    from touched
    left join shared_items on touched.item_key = shared_items.item_key and touched.item_id = shared_items.item_id
    where not touched.has_repeats
    union all
    select
        day, reviewer_id, queue, stage, standard_version, label, is_independent,
        next_day, decided_at, false as is_alone
    from multi_rated
    where is_told

)

select
    day, reviewer_id, queue, stage, standard_version, label, is_independent, next_day,
    count(*) as reviews,
    count(decided_at) as timed_reviews,
    count(*) filter (where is_alone) as alone
from told
group by
    day, reviewer_id, queue, stage, standard_version, label, is_independent, next_day
