-- Which audits did their auditor make again later? The last of one auditor on one review counts.
-- One row per audit.
with

visits as (

    select
        *,
        max(audited_at) over (partition by review_id, auditor_id, coalesce(is_blind, true)) as ended_at
    from audits

)

select
    visits.review_id || ' by ' || visits.auditor_id as id,
    reviews.item_id,
    visits.audited_at < visits.ended_at as is_doubted
from visits
left join reviews on visits.review_id = reviews.review_id
