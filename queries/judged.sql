-- The reviews of items whose right label is known and held when the review was made.
-- One row per review with gold. The newest gold label wins where several hold; what is missing on either side matches.
with

held as (

    select
        scope.*,
        gold.label as gold_label,
        row_number() over (
            partition by scope.sequence
            order by gold.valid_from desc nulls last, gold.gold_set asc nulls last, gold.label asc
        ) as nth_gold
    from scope
    inner join gold on scope.item_id = gold.item_id
    where
        (gold.policy is null or scope.policy is null or gold.policy = scope.policy)
        and (
            gold.standard_version is null
            or scope.standard_version is null
            or gold.standard_version = scope.standard_version
        )
        and (gold.valid_from is null or scope.decided_at is null or gold.valid_from <= scope.decided_at)
        and (gold.valid_until is null or scope.decided_at is null or gold.valid_until > scope.decided_at)

)

select *
from held
where nth_gold = 1
