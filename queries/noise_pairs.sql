-- What did every two reviewers say about the items of a policy that both decided, and how many decided on these?
-- One row per slice, policy, reviewers of the item, two reviewers (a before b) and their labels.
with

met as (

    select
        one.by_1, one.by_2, one.by_3, one.policy as item_policy, one.reviewers,
        one.reviewer_id as reviewer_a, other.reviewer_id as reviewer_b, one.label as label_a, other.label as label_b
    from overlapping as one
    inner join overlapping as other on one.item = other.item and one.reviewer_id < other.reviewer_id

)

select
    by_1, by_2, by_3, item_policy, reviewers, reviewer_a, reviewer_b, label_a, label_b,
    count(*) as items
from met
group by by_1, by_2, by_3, item_policy, reviewers, reviewer_a, reviewer_b, label_a, label_b
