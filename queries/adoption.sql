-- What was answered where it is known what is right under the old and the new version of a standard?
-- One row per slice, policy, version, item, days since the launch, both right labels and given label. Days are null
-- where both versions say the same, and before the launch, when everybody decides by the old one. A decision that says
-- of itself that it was made under a version not in force is left out.
with

keys as (

    select *, false as is_shadow from version_keys
    union all
    select *, true as is_shadow from shadow_keys

),

dated as (

    select
        keys.*,
        launches.old_version, launches.effective_at, launches.old_since, launches.ends_at
    from keys
    inner join launches on keys.policy = launches.policy and keys.new_version = launches.new_version

),

answered as (

    select
        scope.by_1, scope.by_2, scope.by_3, dated.policy as item_policy, dated.new_version, dated.item_id,
        dated.old_label, dated.new_label, scope.label,
        case
            when dated.old_label <> dated.new_label and scope.decided_at >= dated.effective_at
                then date_diff('day', cast(dated.effective_at as date), cast(scope.decided_at as date))
        end as days
    from scope
    inner join dated on scope.item_id = dated.item_id and coalesce(scope.policy, dated.policy) = dated.policy
    where
        scope.is_independent
        and scope.decided_at >= case when dated.is_shadow then dated.effective_at else dated.old_since end
        and (dated.ends_at is null or scope.decided_at < dated.ends_at)
        and coalesce(scope.standard_version, '') in (
            '', case when scope.decided_at < dated.effective_at then dated.old_version else dated.new_version end
        )

)

select by_1, by_2, by_3, item_policy, new_version, item_id, old_label, new_label, label, days, count(*) as answers
from answered
group by by_1, by_2, by_3, item_policy, new_version, item_id, old_label, new_label, label, days
