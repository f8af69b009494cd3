-- What was answered on items whose right label is known, and which label was right when the answer was given?
-- One row per review of an item with gold; the right label is null where none held.
with

answers as (

    select coded.*
    from coded
    where coded.item_key in (select gold.item_key from gold)

),

held as (

    select
        answers.sequence,
        gold.label as gold_label,
        row_number() over (
            partition by answers.sequence
            order by gold.valid_from desc nulls last, gold.gold_set asc nulls last, gold.label asc
        ) as nth_gold
    from answers
    inner join gold on answers.item_id = gold.item_id
    inner join cells on answers.cell = cells.cell
    where
        (gold.policy is null or cells.policy is null or gold.policy = cells.policy)
        and (
            gold.standard_version is null
            or cells.standard_version is null
            or gold.standard_version = cells.standard_version
        )
        and (gold.valid_from is null or answers.decided_at is null or gold.valid_from <= answers.decided_at)
        and (gold.valid_until is null or answers.decided_at is null or gold.valid_until > answers.decided_at)

)

select
    answers.item_id, answers.sequence, answers.reviewer, answers.label, answers.cell, answers.day, answers.decided_at,
    answers.has_repeats, held.gold_label, coalesce(multi_rated.is_told, false) as is_told, multi_rated.next_day
from answers
left join held on answers.sequence = held.sequence and held.nth_gold = 1
left join multi_rated on answers.sequence = multi_rated.sequence and not multi_rated.is_whole
where exists (
    select 1 from gold
    where gold.item_id = answers.item_id
)
