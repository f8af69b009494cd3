-- Which audits were made by somebody who saw an earlier decision on the item?
-- One row per audit; null where nobody says.
select
    audits.review_id || ' by ' || audits.auditor_id as id,
    reviews.item_id,
    not audits.is_blind as is_doubted
from audits
left join reviews on audits.review_id = reviews.review_id
