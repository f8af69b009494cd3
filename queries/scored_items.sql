-- The items whose newest score comes from one of the model versions that are let through.
-- One row per item.
select item_id
from newest_scores
where list_contains($model_versions, model_version)
