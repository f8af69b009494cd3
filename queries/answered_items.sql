-- The labels that gold items got, for packing.
-- One row per review. An item of which the right label changed counts as two.
select
    by_1,
    by_2,
    by_3,
    item_id,
    gold_label as part,
    label
from judged
