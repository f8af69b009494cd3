-- Which models and versions have answered, when first and how often?
-- One row per model and version.
select
    model,
    model_version,
    min(scored_at) as first_scored_at,
    count(*) as answers,
    count(score) as scores
from predictions
group by model, model_version
