-- Which answers to gold were given when? To be asked of few reviewers: filter by them.
-- One row per answer.
select
    by_1,
    by_2,
    by_3,
    decided_at,
    policy as item_policy,
    language as item_language,
    gold_label,
    label
from judged
