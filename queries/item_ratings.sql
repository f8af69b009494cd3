-- How often each reviewer gave each label to each item.
-- One row per slice, item, reviewer and label. An item rated under two standards counts as two: 'item@version'.
select
    by_1,
    by_2,
    by_3,
    item_id || coalesce('@' || standard_version, '') as item_id,
    reviewer_id,
    label,
    count(*) as ratings
from scope
where is_independent
group by by_1, by_2, by_3, item_id, standard_version, reviewer_id, label
