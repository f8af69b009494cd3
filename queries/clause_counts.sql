-- How often was each clause (reason_code) named?
-- One row per slice, policy and clause.
select
    by_1,
    by_2,
    by_3,
    policy as item_policy,
    reason_code as clause,
    count(*) as reviews
from scope
where reason_code is not null
group by by_1, by_2, by_3, policy, reason_code
