-- What was answered on items whose right label is known, and which label was right when the answer was given?
-- One row per review of an item with gold; the right label is null where none held.
with

answers as (

    select touched.*
    from touched
    where touched.item_key in (select gold.item_key from gold)

),

held as (

    select
        touched.sequence,
        gold.label as gold_label,
        row_number() over (
            partition by touched.sequence
            order by gold.valid_from desc nulls last, gold.gold_set asc nulls last, gold.label asc
        ) as nth_gold
    from answers as touched
    inner join gold on touched.item_id = gold.item_id
    where
        (gold.policy is null or touched.policy is null or gold.policy = touched.policy)
        and (
            gold.standard_version is null
            or touched.standard_version is null
            or gold.standard_version = touched.standard_version
        )
        and (gold.valid_from is null or touched.decided_at is null or gold.valid_from <= touched.decided_at)
        and (gold.valid_until is null or touched.decided_at is null or gold.valid_until > touched.decided_at)

)

select
    touched.*, held.gold_label, coalesce(multi_rated.is_told, false) as is_told, multi_rated.next_day
from answers as touched
left join held on touched.sequence = held.sequence and held.nth_gold = 1
left join multi_rated on touched.sequence = multi_rated.sequence
where exists (
    select 1 from gold
    where gold.item_id = touched.item_id
)
