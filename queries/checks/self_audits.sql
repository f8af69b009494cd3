-- Which audits were made by the reviewer whose decision they check?
-- One row per audit; null where the review is unknown.
select
    audits.review_id || ' by ' || audits.auditor_id as id,
    reviews.item_id,
    audits.auditor_id = reviews.reviewer_id as is_doubted
from audits
left join reviews on audits.review_id = reviews.review_id
