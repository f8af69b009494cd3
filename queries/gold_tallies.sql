-- How were gold items answered, by what makes them easy or hard?
-- One row per slice, policy, language, right label and given label.
select
    by_1,
    by_2,
    by_3,
    policy as item_policy,
    language as item_language,
    gold_label,
    label,
    cast(sum(times) as bigint) as answers
from judged
group by by_1, by_2, by_3, policy, language, gold_label, label
