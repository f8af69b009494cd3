-- Which items have several reviews, and can they be counted whole?
-- One row per item. `item` stands for it: the first of its reviews. Whole: at most 50 reviews, of the first 18 labels,
-- alike in every dimension, without repeats, all of them with a day or none. The words are as in item_words.
with

units as (

    select
        rated.*, known_as_crowded.item as known_item, rated.label // 6 as word,
        cast(1 as bigint) << cast(10 * (rated.label % 6) as int) as unit
    from rated
    left join known_as_crowded
        on rated.item_key = known_as_crowded.item_key and rated.item_id = known_as_crowded.item_id

)

select
    units.item_id, units.item_key, min(units.cell) as cell,
    coalesce(max(units.known_item), min(units.sequence)) as item,
    count(units.known_item) > 0 or count(*) > 50 as is_crowded,
    count(units.known_item) = 0 and count(*) <= 50 and max(cast(units.has_repeats as int)) = 0
    and max(units.label) < 18 and count(units.day) in (0, count(*)) and min(units.cell) = max(units.cell) as is_whole,
    min(units.day) as first_day, max(units.day) as last_day,
    case when count(*) <= 50 then cast(sum(if(units.word = 0, units.unit, 0)) as bigint) end as word_0,
    case when count(*) <= 50 then cast(sum(if(units.word = 1, units.unit, 0)) as bigint) end as word_1,
    case when count(*) <= 50 then cast(sum(if(units.word = 2, units.unit, 0)) as bigint) end as word_2
from units
group by units.item_id, units.item_key
having count(*) > 1 or count(units.known_item) > 0
