-- Which reviews may share their item with others?
-- One row per review of an item whose key several have. `shape`: all its dimensions together.
-- Of items known as crowded only new reviews need to be there.
with

candidates as (

    select item_key from touched
    group by item_key
    having count(*) > 1
    union
    select item_key from known_as_crowded

)

select
    touched.*,
    coalesce(touched.queue, '') || chr(31) || coalesce(touched.policy, '') || chr(31)
    || coalesce(touched.market, '') || chr(31) || coalesce(touched.language, '') || chr(31)
    || coalesce(touched.stage, '') || chr(31) || coalesce(touched.standard_version, chr(30)) || chr(31)
    || cast(touched.is_independent as varchar) as shape
from touched
where touched.item_key in (select candidates.item_key from candidates)
