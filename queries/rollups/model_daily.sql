-- What did people say where a model had given an answer and a score, whatever came first?
-- One row per day of the review, model and version, policy, language, the two labels and the score in twentieths.
select
    touched.day,
    touched.policy,
    touched.language,
    predictions.model,
    predictions.model_version,
    touched.label as human_label,
    predictions.label as model_label,
    least(cast(floor(predictions.score * 20) as int), 19) as score_bin,
    count(*) as reviews
from touched
inner join predictions on touched.item_key = predictions.item_key and touched.item_id = predictions.item_id
where touched.is_independent
group by
    touched.day,
    touched.policy,
    touched.language,
    predictions.model,
    predictions.model_version,
    touched.label,
    predictions.label,
    least(cast(floor(predictions.score * 20) as int), 19)
