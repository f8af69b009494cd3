-- The right label of each item of the log, as it holds today.
-- One row per item. The newest gold label wins where several hold.
select
    item_id,
    label
from gold
where valid_until is null
qualify row_number() over (
    partition by item_id
    order by valid_from desc nulls last, gold_set asc nulls last, label asc
) = 1
