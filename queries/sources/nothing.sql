-- The columns that every source has; those that it does not fill are null.
-- One row per nothing.
select
    cast(null as varchar) as item_id,
    cast(null as varchar) as reviewer_id,
    cast(null as varchar) as label,
    cast(null as date) as day,
    cast(null as timestamp) as decided_at,
    cast(null as bigint) as sequence,
    cast(null as varchar) as queue,
    cast(null as varchar) as policy,
    cast(null as varchar) as market,
    cast(null as varchar) as language,
    cast(null as varchar) as stage,
    cast(null as varchar) as standard_version,
    false as has_repeats,
    true as is_told,
    cast(null as date) as next_day,
    true as is_independent,
    cast(0 as bigint) as times,
    cast(0 as bigint) as timed,
    cast(null as varchar) as pattern,
    cast(0 as bigint) as items,
    cast(null as varchar) as other_reviewer_id,
    cast(null as varchar) as other_label
where false
