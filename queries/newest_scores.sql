-- The newest model version that scored an item.
-- One row per scored item.
select
    item_id,
    max_by(model_version, scored_at) as model_version
from predictions
group by item_id
