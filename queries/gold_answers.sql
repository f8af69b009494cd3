-- What reviewers answered where the right label is known.
-- One row per slice, right label and given label.
select
    by_1,
    by_2,
    by_3,
    gold_label,
    label,
    count(*) as answers
from judged
group by by_1, by_2, by_3, gold_label, label
