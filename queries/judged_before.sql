-- The reviews of items whose right label is known, as the rollup of gold has it.
-- One row per review with gold.
select
    scope.*,
    gold_reviews.gold_label
from scope
inner join gold_reviews on scope.sequence = gold_reviews.sequence
where gold_reviews.gold_label is not null
