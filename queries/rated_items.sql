-- The labels that items got from independent reviews, for packing.
-- One row per review. An item rated under two standards counts as two.
select
    by_1,
    by_2,
    by_3,
    item_id,
    standard_version as part,
    label
from scope
where is_independent and pattern is null
