-- What did every two reviewers say about items for which somebody named a clause (reason_code), and each about gold?
-- One row per slice, policy, clause, reviewers of the item, two reviewers (a before b), their labels and who of them
-- named it (null: named none); where reviewer_b is null, answers on gold: label_a was given and label_b is right.
with

named as (

    select distinct item, reason_code
    from overlapping
    where reason_code is not null

),

compared as (

    select
        overlapping.*,
        named.reason_code as clause,
        overlapping.reason_code = named.reason_code as is_named
    from overlapping
    inner join named on overlapping.item = named.item

),

met as (

    select
        one.by_1, one.by_2, one.by_3, one.policy as item_policy, one.clause, one.reviewers,
        one.reviewer_id as reviewer_a, other.reviewer_id as reviewer_b, one.label as label_a, other.label as label_b,
        one.is_named as is_named_a, other.is_named as is_named_b
    from compared as one
    inner join compared as other
        on one.item = other.item and one.clause = other.clause and one.reviewer_id < other.reviewer_id
    union all
    select by_1, by_2, by_3, policy, null, 1, reviewer_id, null, label, gold_label, null, null -- noqa: AL03
    from judged

)

select
    by_1, by_2, by_3, item_policy, clause, reviewers, reviewer_a, reviewer_b, label_a, label_b, is_named_a, is_named_b,
    count(*) as items
from met
group by
    by_1, by_2, by_3, item_policy, clause, reviewers, reviewer_a, reviewer_b, label_a, label_b, is_named_a, is_named_b
