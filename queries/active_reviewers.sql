-- How many reviewers decided.
-- One row per slice. Over slices the numbers do not add up, as a reviewer may be in several.
select
    by_1,
    by_2,
    by_3,
    count(distinct reviewer_id) as reviewers
from scope
group by by_1, by_2, by_3
