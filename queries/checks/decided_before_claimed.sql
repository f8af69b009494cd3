-- Which reviews were decided before the reviewer opened the item?
-- One row per review; null where a time is missing.
select
    review_id as id,
    item_id,
    decided_at < claimed_at as is_doubted
from reviews
