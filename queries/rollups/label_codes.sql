-- Where does the count of a label stand when the labels of an item are packed: in which word, and times what?
-- One row per label. Six labels share a word, ten bits each.
select
    label, cast(place // 6 as int) as word, cast(1 as bigint) << cast(10 * (place % 6) as int) as unit
from label_places
