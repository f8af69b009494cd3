-- What did the model say of items, and which labels did they get from independent reviews?
-- One row per slice, label of the model, score (null unless asked for) and pattern, '2␟keep␞1␟remove' in the order of
-- the labels. An item rated under two standards counts as two.
with

given as (

    select
        by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, label,
        case when $with_scores then cast(floor(score * 10000 + 0.5) as double) / 10000 end as score,
        count(*) as ratings
    from scored
    where is_independent
    group by by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, label, score

),

rated_items as (

    select
        by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, score,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from given
    group by by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, score

)

select by_1, by_2, by_3, model_label, score, pattern, count(*) as items
from rated_items
group by by_1, by_2, by_3, model_label, score, pattern
