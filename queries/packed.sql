-- How often each label was given to an item, packed: ten bits a label, six labels a word, three words at most.
-- One row per slice, part and words. They are null of items of which one could overflow or a label has no place.
with

placed as (

    select
        rated.by_1, rated.by_2, rated.by_3, rated.item_id, rated.part, places.word, places.unit
    from rated
    inner join places on rated.label = places.label

),

summed as (

    select
        by_1, by_2, by_3, part,
        case
            when count(*) <= 1023 and ($words <= 3 or max(word) < 3)
                then cast(sum(case when word = 0 then unit else 0 end) as bigint)
        end as word_0,
        case
            when $words < 2 then 0
            when count(*) <= 1023 and ($words <= 3 or max(word) < 3)
                then cast(sum(case when word = 1 then unit else 0 end) as bigint)
        end as word_1,
        case
            when $words < 3 then 0
            when count(*) <= 1023 and ($words <= 3 or max(word) < 3)
                then cast(sum(case when word = 2 then unit else 0 end) as bigint)
        end as word_2
    from placed
    group by by_1, by_2, by_3, item_id, part

)

select
    by_1, by_2, by_3, part, word_0, word_1, word_2, count(*) as items
from summed
group by by_1, by_2, by_3, part, word_0, word_1, word_2
