-- How many reviewers gave each label to an item, as 'word:packed|…': six labels a word, ten bits each.
-- One row per slice and pattern. Above 1,023 `ratings`, the most that an item has, the packing may overflow.
with

words as (
    select
        by_1,
        by_2,
        by_3,
        item_id,
        standard_version,
        (list_position($taxonomy, label) - 1) // 6 as word,
        cast(sum(cast(1 as bigint) << (10 * ((list_position($taxonomy, label) - 1) % 6))) as bigint) as packed,
        count(*) as ratings
    from scope
    where is_independent
    group by by_1, by_2, by_3, item_id, standard_version, word
),

-- Up to six labels an item has one word, and nothing needs to be joined.
items as (
    select
        by_1,
        by_2,
        by_3,
        '0:' || cast(packed as varchar) as pattern,
        ratings
    from words
    where len($taxonomy) <= 6
    union all
    select
        by_1,
        by_2,
        by_3,
        string_agg(cast(word as varchar) || ':' || cast(packed as varchar), '|' order by word asc) as pattern,
        cast(sum(ratings) as bigint) as ratings
    from words
    where len($taxonomy) > 6
    group by by_1, by_2, by_3, item_id, standard_version
)

select
    by_1,
    by_2,
    by_3,
    pattern,
    max(ratings) as ratings,
    count(*) as items
from items
group by by_1, by_2, by_3, pattern
