-- The items behind a mark: how they were labelled and what is right, the most split first.
-- One row per item and standard, a page of them. `pairs` are pairs of decisions, `disagreeing_pairs` those that differ.
with

labelled as (

    select
        scope.item_id,
        scope.standard_version,
        scope.label,
        min(scope.policy) as policy,
        min(scope.queue) as queue,
        min(judged.gold_label) as gold_label,
        count(*) as times,
        bool_or(scope.reviewer_id = $reviewer_a) as is_from_a,
        bool_or(scope.reviewer_id = $reviewer_b) as is_from_b,
        bool_or(judged.gold_label = $gold_label and coalesce(scope.reviewer_id = $reviewer_a, true)) as is_gold_match
    from scope
    left join judged on scope.sequence = judged.sequence
    group by scope.item_id, scope.standard_version, scope.label

)

select
    item_id,
    standard_version,
    min(policy) as policy,
    min(queue) as queue,
    cast(sum(times) as bigint) as reviews,
    string_agg(label || ' × ' || cast(times as varchar), ', ' order by times desc, label asc) as labels,
    min(gold_label) as gold_label,
    cast(sum(times) * (sum(times) - 1) // 2 as bigint) as pairs,
    cast((sum(times) * sum(times) - sum(times * times)) // 2 as bigint) as disagreeing_pairs,
    count(*) over () as items_in_all
from labelled
where $item_id is null or item_id = $item_id
group by item_id, standard_version
having
    ($gold_label is null or bool_or(is_gold_match and ($label_a is null or label = $label_a)))
    and ($reviewer_a is null or bool_or(is_from_a and ($label_a is null or label = $label_a)))
    and ($reviewer_b is null or bool_or(is_from_b and ($label_b is null or label = $label_b)))
    and ($label_a is null or bool_or(label = $label_a))
    and ($label_b is null or bool_or(label = $label_b))
    and (not $is_split or count(*) > 1)
order by
    cast(disagreeing_pairs as double) / nullif(pairs, 0) desc nulls last,
    reviews desc,
    item_id asc,
    standard_version asc nulls last
limit $page_size offset $page_start
