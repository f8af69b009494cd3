-- Which appeals were opened before the decision that they contest?
-- One row per appeal; null where the review is unknown or has no time.
select
    appeals.review_id as id,
    reviews.item_id,
    appeals.opened_at < reviews.decided_at as is_doubted
from appeals
left join reviews on appeals.review_id = reviews.review_id
