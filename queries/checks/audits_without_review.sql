-- Which audits point at a review that is not in the log?
-- One row per audit.
select
    audits.review_id as id,
    cast(null as varchar) as item_id,
    reviews.review_id is null as is_doubted
from audits
left join reviews on audits.review_id = reviews.review_id
