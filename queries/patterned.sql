-- Which labels items got, and how often: '2␟keep␞1␟remove', in the order of the labels.
-- One row per slice, part and pattern. Items whose labels could not be packed have none.
with

counts as (

    select
        words.word_0,
        words.word_1,
        words.word_2,
        places.label,
        case places.word
            when 0 then words.word_0 // places.unit
            when 1 then words.word_1 // places.unit
            else words.word_2 // places.unit
        end % 1024 as ratings
    from (select distinct word_0, word_1, word_2 from packed) as words
    cross join places
    where places.word < 3

),

named as (

    select
        word_0,
        word_1,
        word_2,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from counts
    where ratings > 0
    group by word_0, word_1, word_2

)

select
    packed.by_1,
    packed.by_2,
    packed.by_3,
    packed.part,
    named.pattern,
    packed.items
from packed
left join named
    on packed.word_0 = named.word_0 and packed.word_1 = named.word_1 and packed.word_2 = named.word_2
