-- Which labels do packed words stand for, and how often?
-- One row per words that occur, numbered from 0: '2␟keep␞1␟remove', in the order of the labels; how many labels these
-- are, how many reviews, and the squares of how often each was given.
with

words as (

    select distinct
        word_0, word_1, word_2
    from item_words

),

counts as (

    select
        words.word_0, words.word_1, words.word_2, label_places.label,
        case label_places.place // 6
            when 0 then words.word_0
            when 1 then words.word_1
            else words.word_2
        end // (cast(1 as bigint) << cast(10 * (label_places.place % 6) as int)) % 1024 as ratings
    from words
    cross join label_places
    where label_places.place < 18

)

select
    word_0, word_1, word_2,
    string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern,
    count(*) as labels,
    cast(sum(ratings) as bigint) as reviews,
    cast(sum(ratings * ratings) as bigint) as squares,
    row_number() over (order by word_0, word_1, word_2) - 1 as place
from counts
where ratings > 0
group by word_0, word_1, word_2
