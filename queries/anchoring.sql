-- How often do reviews agree with the model's answer in force, where it was shown and where it was not?
-- One row per slice and stratum of like content: policy, language, stage. Reviews that were not blind for another
-- reason are left out; an answer that is no label cannot be agreed with.
select
    by_1,
    by_2,
    by_3,
    policy as of_policy,
    language as of_language,
    stage as of_stage,
    count(*) filter (where model_shown) as shown,
    count(*) filter (where model_shown and label = model_label) as shown_agreed,
    count(*) filter (where not coalesce(model_shown, false)) as blind,
    count(*) filter (where not coalesce(model_shown, false) and label = model_label) as blind_agreed
from scored
where nth_version = 1 and coalesce(is_blind, true)
group by by_1, by_2, by_3, policy, language, stage
