-- Which answers gold items got, and how often.
-- One row per slice, right label and pattern, '2␟keep␞1␟remove' in the order of the labels.
select
    by_1,
    by_2,
    by_3,
    part as gold_label,
    pattern,
    cast(sum(items) as bigint) as items
from patterned
group by by_1, by_2, by_3, part, pattern
