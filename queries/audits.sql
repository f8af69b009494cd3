-- What auditors said of reviews, and how each audit stands.
-- One row per slice, standing, stratum, probability and labels; beside the first auditor's label stands the second's.
select by_1, by_2, by_3, standing, stratum, inclusion_probability, label, audit_label, second_label, count(*) as audits
from audited_reviews
group by by_1, by_2, by_3, standing, stratum, inclusion_probability, label, audit_label, second_label
