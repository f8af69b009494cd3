-- What a shadow sample says of an item that has no gold, decided under both versions before the new one was in force:
-- at least two independent reviews under each are of one mind, and of another mind under the other version.
-- One row per launch and item.
with

sampled as (

    select
        launches.policy, launches.new_version, reviews.item_id,
        reviews.standard_version = launches.new_version as is_new,
        min(reviews.label) as label
    from launches
    inner join reviews on launches.policy = reviews.policy
    where
        reviews.decided_at < launches.effective_at
        and reviews.standard_version in (launches.old_version, launches.new_version)
        and coalesce(reviews.is_blind, true) and not coalesce(reviews.model_shown, false)
        and reviews.item_id not in (select gold.item_id from gold)
    group by launches.policy, launches.new_version, reviews.item_id, reviews.standard_version = launches.new_version
    having count(distinct reviews.reviewer_id) > 1 and min(reviews.label) = max(reviews.label)

)

select
    policy, new_version, item_id,
    max(label) filter (where not is_new) as old_label,
    max(label) filter (where is_new) as new_label
from sampled
group by policy, new_version, item_id
having count(*) = 2 and min(label) < max(label)
