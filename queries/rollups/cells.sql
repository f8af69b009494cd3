-- Which combinations of dimensions do reviews have?
-- One row per combination, numbered from 0.
with

found as (

    select
        queue, policy, market, language, stage, standard_version, is_independent
    from touched
    group by queue, policy, market, language, stage, standard_version, is_independent

)

select
    queue, policy, market, language, stage, standard_version, is_independent,
    row_number() over (
        order by queue, policy, market, language, stage, standard_version, is_independent
    ) - 1 as cell
from found
