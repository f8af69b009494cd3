-- Which items have several reviews?
-- One row per item.
select distinct
    item_key, item_id
from multi_rated
