-- Which labels exist: declared, given by reviewers or auditors, or right according to gold.
-- One row per label.
with

used as (

    select
        label,
        cast(sum(times) as bigint) as reviews,
        0 as gold_items
    from scope
    group by label
    union all
    select
        label,
        0 as reviews,
        count(distinct item_id) as gold_items
    from gold
    group by label
    union all
    select distinct
        label,
        0 as reviews,
        0 as gold_items
    from audits

),

counted as (

    select
        label,
        cast(sum(reviews) as bigint) as reviews,
        cast(sum(gold_items) as bigint) as gold_items
    from used
    group by label

)

select
    coalesce(labels.label, counted.label) as label,
    labels.severity,
    labels.is_violating,
    labels.title,
    labels.label is not null as is_declared,
    coalesce(counted.reviews, 0) as reviews,
    coalesce(counted.gold_items, 0) as gold_items
from labels
full outer join counted on labels.label = counted.label
order by label
