-- Which versions of a standard followed another, and how long were both in force?
-- One row per policy and version but the first; `old_since` to `effective_at` to `ends_at` (null: still in force).
with

ordered as (

    select
        policy,
        version as new_version,
        effective_at,
        lag(version) over (partition by policy order by effective_at, version) as old_version,
        lag(effective_at) over (partition by policy order by effective_at, version) as old_since,
        lead(effective_at) over (partition by policy order by effective_at, version) as ends_at
    from standards

)

select *
from ordered
where old_version is not null
