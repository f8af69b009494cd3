-- Which audits were made before the decision that they check?
-- One row per audit; null where the review is unknown or has no time.
select
    audits.review_id || ' by ' || audits.auditor_id as id,
    reviews.item_id,
    audits.audited_at < reviews.decided_at as is_doubted
from audits
left join reviews on audits.review_id = reviews.review_id
