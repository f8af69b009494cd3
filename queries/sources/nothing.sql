-- The columns that every source has; those that it does not fill are null.
-- One row per nothing. `cell`, `reviewer`, `label` and `pattern` are numbers that stand for texts.
select
    cast(null as int) as cell,
    cast(null as int) as reviewer,
    cast(null as int) as label,
    cast(null as int) as pattern,
    cast(null as int) as other_reviewer,
    cast(null as int) as other_label,
    cast(null as bigint) as item,
    cast(null as varchar) as item_id,
    cast(null as date) as day,
    cast(null as timestamp) as decided_at,
    cast(null as bigint) as sequence,
    false as has_repeats,
    true as is_told,
    cast(null as date) as next_day,
    cast(null as varchar) as gold_label,
    cast(0 as bigint) as times,
    cast(0 as bigint) as timed,
    cast(0 as bigint) as items
where false
