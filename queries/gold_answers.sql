-- What reviewers answered where the right label is known, and on how many items they answered alike.
-- One row per slice, right label, kind of item and given label; items are of a kind that got each label equally often.
with

per_item as (

    select
        by_1,
        by_2,
        by_3,
        item_id,
        gold_label,
        label,
        count(*) as answers
    from judged
    group by by_1, by_2, by_3, item_id, gold_label, label

),

of_kinds as (

    select
        *,
        string_agg(cast(answers as varchar) || chr(31) || label, chr(30)) over (
            partition by by_1, by_2, by_3, item_id, gold_label
            order by label asc
            rows between unbounded preceding and unbounded following
        ) as kind
    from per_item

)

select
    by_1,
    by_2,
    by_3,
    gold_label,
    kind,
    label,
    cast(sum(answers) as bigint) as answers,
    count(*) as items
from of_kinds
group by by_1, by_2, by_3, gold_label, kind, label
