-- Which items have several reviews, and which labels did those get that can be counted whole?
-- One row per item; the cell, the days and the pattern are only there of whole items.
select
    shared.item, shared.item_id, shared.is_crowded,
    case when shared.is_whole then shared.cell end as cell,
    case when shared.is_whole then shared.first_day end as first_day,
    case when shared.is_whole then shared.last_day end as last_day,
    cast(item_patterns.place as int) as pattern
from shared
left join item_patterns
    on
        shared.is_whole
        and shared.word_0 = item_patterns.word_0
        and shared.word_1 = item_patterns.word_1
        and shared.word_2 = item_patterns.word_2
