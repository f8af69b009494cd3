-- How appeals against reviews were decided.
-- One row per slice and outcome; null while an appeal is open.
select
    scope.by_1,
    scope.by_2,
    scope.by_3,
    appeals.outcome,
    count(*) as appeals
from scope
inner join appeals on scope.review_id = appeals.review_id
group by scope.by_1, scope.by_2, scope.by_3, appeals.outcome
