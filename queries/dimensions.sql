-- Every review with all that it can be cut and filtered by.
-- One row per review. It is independent when nobody, and no model, had shown the reviewer an answer.
select
    reviews.*,
    reviewers.team,
    reviewers.site,
    cast(date_trunc('week', reviews.day) as date) as week,
    cast(date_trunc('month', reviews.day) as date) as month,
    reviews.is_blind is not false and reviews.model_shown is not true as is_independent
from reviews
left join reviewers on reviews.reviewer_id = reviewers.reviewer_id
