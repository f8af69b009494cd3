-- What can a model be held against, beside the reviewers: how many gold labels and audits are there?
-- One row per log.
with

gold_labels as (

    select count(*) as gold_labels
    from gold

),

audits_made as (

    select count(*) as audits
    from audits

)

select
    gold_labels.gold_labels,
    audits_made.audits
from gold_labels
cross join audits_made
