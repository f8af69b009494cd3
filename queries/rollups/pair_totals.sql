-- What did two reviewers say about all the items that both decided and that can be counted whole?
-- One row per pair of reviewers (the smaller number first) and pair of labels.
select
    reviewer_a,
    reviewer_b,
    label_a,
    label_b,
    cast(sum(items) as bigint) as items
from pairs
group by reviewer_a, reviewer_b, label_a, label_b
