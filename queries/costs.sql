-- What each kind of mistake costs.
-- One row per right label and given label.
select
    costs."true" as gold_label,
    costs.assigned as label,
    costs.cost
from costs
