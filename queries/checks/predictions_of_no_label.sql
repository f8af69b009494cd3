-- Which answers of models are none of the labels? Metrics count them as no answer.
-- One row per prediction; null where the model gave no label.
select
    predictions.item_id || ' by ' || predictions.model || ' ' || predictions.model_version as id,
    predictions.item_id,
    case when predictions.label is not null then labels.label is null end as is_doubted
from predictions
left join labels on predictions.label = labels.label
