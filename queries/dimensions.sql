-- Reviews, or what stands for several, with all that they can be cut and filtered by.
-- One row per row of the source.
select
    source.*,
    reviewers.team,
    reviewers.site,
    cast(date_trunc('week', source.day) as date) as week,
    cast(date_trunc('month', source.day) as date) as month
from source
left join reviewers on source.reviewer_id = reviewers.reviewer_id
