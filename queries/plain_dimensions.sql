-- The same for a question that asks neither for teams nor for sites, so that nobody needs to be looked up.
-- One row per row of the source.
select
    source.*,
    cast(null as varchar) as team,
    cast(null as varchar) as site,
    cast(date_trunc('week', source.day) as date) as week,
    cast(date_trunc('month', source.day) as date) as month
from source
