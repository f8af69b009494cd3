-- Which labels do packed words stand for, and how often?
-- One row per words that occur.
with

words as (

    select distinct
        word_0, word_1, word_2
    from item_words

),

counts as (

    select
        words.word_0, words.word_1, words.word_2, label_codes.label,
        case label_codes.word
            when 0 then words.word_0 // label_codes.unit
            when 1 then words.word_1 // label_codes.unit
            else words.word_2 // label_codes.unit
        end % 1024 as ratings
    from words
    cross join label_codes
    where label_codes.word < 3

)

select
    word_0, word_1, word_2,
    string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
from counts
where ratings > 0
group by word_0, word_1, word_2
