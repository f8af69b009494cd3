-- Where several reviewers decided on an item independently: is the model, or one of them, more often like the others?
-- One row per slice and reviewer: on how many items the model is more often like the others, as often, and less often.
with

rated as (

    select
        by_1, by_2, by_3, item_id, standard_version, model, model_version, model_label, reviewer_id, label,
        count(*) over (
            partition by by_1, by_2, by_3, item_id, standard_version, model, model_version
        ) as ratings,
        count(*) over (
            partition by by_1, by_2, by_3, item_id, standard_version, model, model_version, label
        ) - 1 as like_reviewer,
        count(case when label = model_label then 1 end) over (
            partition by by_1, by_2, by_3, item_id, standard_version, model, model_version
        ) - coalesce(cast(label = model_label as integer), 0) as like_model
    from scored
    where is_independent

)

select
    by_1, by_2, by_3, reviewer_id,
    count(*) filter (where like_model > like_reviewer) as model_closer,
    count(*) filter (where like_model = like_reviewer) as alike,
    count(*) filter (where like_model < like_reviewer) as reviewer_closer
from rated
where ratings > 1
group by by_1, by_2, by_3, reviewer_id
