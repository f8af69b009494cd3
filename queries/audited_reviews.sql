-- What auditors said of reviews, and how each audit stands: 'drawn', 'early' (drawn, but older than the decision),
-- 'own' (by the reviewer), 'not blind', or 'repeated' (by an auditor who audited the review again later).
-- One row per audit that counts or says why not; beside the first auditor's label stands the second's.
with

visits as (

    select
        *,
        min(audited_at) over (partition by review_id, auditor_id, coalesce(is_blind, true)) as began_at,
        max(audited_at) over (partition by review_id, auditor_id, coalesce(is_blind, true)) as ended_at
    from audits

),

made as (

    select
        scope.*,
        visits.auditor_id, visits.began_at, visits.stratum, visits.inclusion_probability, visits.label as audit_label,
        case
            when visits.auditor_id = scope.reviewer_id then 'own'
            when not coalesce(visits.is_blind, true) then 'not blind'
            when visits.audited_at < visits.ended_at then 'repeated'
            when visits.audited_at < scope.decided_at then 'early'
            else 'drawn'
        end as standing
    from scope
    inner join visits on scope.review_id = visits.review_id

),

ordered as (

    select
        *,
        row_number() over (partition by review_id, standing in ('drawn', 'early') order by began_at, auditor_id) as nth,
        lead(audit_label) over (
            partition by review_id, standing in ('drawn', 'early')
            order by began_at asc, auditor_id asc
        ) as second_label
    from made

)

select *
from ordered
where nth = 1 or standing not in ('drawn', 'early')
