-- What did people say where a model had given an answer and a score, whatever came first?
-- One row per day of the review, cell (of those with the same policy and language the first), label, answer of a model
-- and its score in twentieths.
with

-- Joined to one side, so that engines look the few answers up before they join the many items.
scored as (

    select
        predictions.item_key, predictions.item_id, cast(model_answers.place as int) as answer,
        least(cast(floor(predictions.score * 20) as int), 19) as score_bin
    from predictions
    left join model_answers
        on
            predictions.model = model_answers.model
            and predictions.model_version = model_answers.model_version
            and predictions.label is not distinct from model_answers.label

)

select
    coded.day, places_of_cells.topic as cell, coded.label, scored.answer, scored.score_bin,
    count(*) as reviews
from coded
inner join places_of_cells on coded.cell = places_of_cells.cell
inner join scored on coded.item_key = scored.item_key and coded.item_id = scored.item_id
where
    coded.cell in (
        select cells.cell from cells
        where cells.is_independent
    )
group by coded.day, places_of_cells.topic, coded.label, scored.answer, scored.score_bin
