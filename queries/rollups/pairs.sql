-- What did two reviewers say about the items that both decided, of the items that can be counted whole?
-- One row per first and last day of the two, dimensions, pair of reviewers (a before b) and pair of labels.
select
    least(one.day, other.day) as first_day,
    greatest(one.day, other.day) as last_day,
    one.queue, one.policy, one.market, one.language, one.stage, one.standard_version,
    one.reviewer_id as reviewer_a,
    other.reviewer_id as reviewer_b,
    one.label as label_a,
    other.label as label_b,
    count(*) as items
from multi_rated as one
inner join multi_rated as other on one.item_id = other.item_id and one.reviewer_id < other.reviewer_id
where one.is_whole and other.is_whole and one.is_independent
group by
    least(one.day, other.day), greatest(one.day, other.day),
    one.queue, one.policy, one.market, one.language, one.stage, one.standard_version,
    one.reviewer_id, other.reviewer_id, one.label, other.label
