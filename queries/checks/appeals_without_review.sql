-- Which appeals point at a review that is not in the log?
-- One row per appeal.
select
    appeals.review_id as id,
    cast(null as varchar) as item_id,
    reviews.review_id is null as is_doubted
from appeals
left join reviews on appeals.review_id = reviews.review_id
