-- The same, spelled out without packing, of the items whose labels could not be packed.
-- One row per slice, part and pattern.
with

counts as (

    select
        rated.by_1,
        rated.by_2,
        rated.by_3,
        rated.item_id,
        rated.part,
        rated.label,
        max(places.word) as word,
        count(*) as ratings
    from rated
    inner join places on rated.label = places.label
    group by rated.by_1, rated.by_2, rated.by_3, rated.item_id, rated.part, rated.label

),

spelled as (

    select
        by_1,
        by_2,
        by_3,
        part,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from counts
    group by by_1, by_2, by_3, item_id, part
    having sum(ratings) > 1023 or max(word) > 2

)

select
    by_1,
    by_2,
    by_3,
    part,
    pattern,
    cast(count(*) as bigint) as items
from spelled
group by by_1, by_2, by_3, part, pattern
