-- What is right about an item under two versions of a standard: by gold of both, else where a shadow sample, decided
-- under the new one before it was in force, is of one mind under each and of another under the other.
-- One row per launch and item.
with

sides as (

    select policy, new_version, effective_at, false as is_new, old_version as side from launches
    union all
    select policy, new_version, effective_at, true as is_new, new_version as side from launches

),

golden as (

    select
        sides.policy, sides.new_version, gold.item_id, sides.is_new, gold.label,
        row_number() over (
            partition by sides.policy, sides.new_version, gold.item_id, sides.is_new
            order by gold.valid_from desc nulls last, gold.gold_set asc nulls last, gold.label asc
        ) as nth_gold
    from sides
    inner join gold on coalesce(gold.policy, sides.policy) = sides.policy
    where
        gold.standard_version = sides.side
        or (
            gold.standard_version is null
            and (
                gold.valid_from is null or gold.valid_from < sides.effective_at
                or (sides.is_new and gold.valid_from = sides.effective_at)
            )
            and (
                gold.valid_until is null or gold.valid_until > sides.effective_at
                or (not sides.is_new and gold.valid_until = sides.effective_at)
            )
        )

)

select
    policy, new_version, item_id,
    max(label) filter (where not is_new) as old_label,
    max(label) filter (where is_new) as new_label
from golden
where nth_gold = 1
group by policy, new_version, item_id
having count(*) = 2
