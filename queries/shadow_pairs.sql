-- What did reviewers say of the same items under one version of a standard and under the next?
-- One row per slice, policy, both versions, whether `standards` knows both, and both patterns ('2␟keep␞1␟remove').
-- Gold comes back and is no sample of content, so reviews of stage gold are left out.
with

given as (

    select by_1, by_2, by_3, item_id, policy, standard_version, label, count(*) as ratings
    from scope
    where is_independent and standard_version is not null and coalesce(stage, '') <> 'gold'
    group by by_1, by_2, by_3, item_id, policy, standard_version, label

),

said as (

    select
        by_1, by_2, by_3, item_id, policy, standard_version,
        string_agg(cast(ratings as varchar) || chr(31) || label, chr(30) order by label) as pattern
    from given
    group by by_1, by_2, by_3, item_id, policy, standard_version

),

followed as (

    select
        said.by_1, said.by_2, said.by_3, said.policy as item_policy, said.standard_version as old_version,
        said.pattern as old_pattern, standards.effective_at is not null as is_old_known,
        lead(said.standard_version) over item as new_version,
        lead(said.pattern) over item as new_pattern,
        lead(standards.effective_at is not null) over item as is_new_known
    from said
    left join standards on said.policy = standards.policy and said.standard_version = standards.version
    window item as (
        partition by said.by_1, said.by_2, said.by_3, said.item_id, said.policy
        order by standards.effective_at asc nulls last, said.standard_version asc
    )

)

select
    by_1, by_2, by_3, item_policy, old_version, new_version, is_old_known and is_new_known as is_known,
    old_pattern, new_pattern, count(*) as items
from followed
where new_version is not null
group by
    by_1, by_2, by_3, item_policy, old_version, new_version, is_old_known and is_new_known, old_pattern, new_pattern
