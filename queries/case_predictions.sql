-- What did the models say of one item?
-- One row per answer, in the order of time.
select
    predictions.scored_at,
    predictions.model,
    predictions.model_version,
    predictions.label,
    predictions.score,
    predictions.threshold
from predictions
where predictions.item_id = $item_id
order by predictions.scored_at, predictions.model, predictions.model_version
