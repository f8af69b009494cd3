-- Which version of a policy's standard followed which, when, and what changed?
-- One row per policy and version but its first.
with

ordered as (

    select
        policy, version as new_version, effective_at, summary,
        lag(version) over (partition by policy order by effective_at, version) as old_version
    from standards

)

select policy, old_version, new_version, effective_at, summary
from ordered
where old_version is not null
