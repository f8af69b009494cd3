-- Which reason codes were given to these items?
-- One row per item and reason code.
select
    item_id,
    reason_code,
    cast(count(*) as bigint) as reviews
from scope
where reason_code is not null and list_contains($items, item_id)
group by item_id, reason_code
