-- What did the model say where an auditor said what is right? `label` is the model's; the rest is as in audits.sql.
-- One row per slice, standing, stratum, probability, labels and score (null unless asked for).
with

compared as (

    select
        scored.by_1, scored.by_2, scored.by_3, scored.model_label as label,
        case when $with_scores then cast(floor(scored.score * 10000 + 0.5) as double) / 10000 end as score,
        audited_reviews.standing, audited_reviews.stratum, audited_reviews.inclusion_probability,
        audited_reviews.audit_label, audited_reviews.second_label
    from audited_reviews
    inner join scored on audited_reviews.sequence = scored.sequence

)

select
    by_1, by_2, by_3, standing, stratum, inclusion_probability, label, audit_label, second_label, score,
    count(*) as audits
from compared
group by by_1, by_2, by_3, standing, stratum, inclusion_probability, label, audit_label, second_label, score
