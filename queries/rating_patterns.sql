-- Which labels items got, and how often.
-- One row per slice and pattern, '2␟keep␞1␟remove' in the order of the labels.
select
    by_1,
    by_2,
    by_3,
    pattern,
    cast(sum(items) as bigint) as items
from (
    select
        by_1,
        by_2,
        by_3,
        pattern,
        items
    from patterned
    union all
    select
        by_1,
        by_2,
        by_3,
        pattern,
        items
    from scope
    where is_independent and pattern is not null
) as every
group by by_1, by_2, by_3, pattern
