-- Which items got one of these patterns of several labels from independent reviews?
-- One row per policy, item and standard: of each pattern in a policy the newest, at most $most.
with

labelled as (

    select
        policy,
        item_id,
        standard_version,
        label,
        count(*) as times,
        max(day) as last_day
    from scope
    where is_independent
    group by policy, item_id, standard_version, label

),

spelled as (

    select
        policy,
        item_id,
        standard_version,
        string_agg(cast(times as varchar) || chr(31) || label, chr(30) order by label) as pattern,
        max(last_day) as last_day
    from labelled
    group by policy, item_id, standard_version

),

newest as (

    select
        *,
        row_number() over (
            partition by policy, pattern
            order by last_day desc nulls last, item_id asc, standard_version asc nulls last
        ) as place
    from spelled
    where list_contains($patterns, pattern)

)

select policy, item_id, standard_version, pattern, place, item_id in (select gold.item_id from gold) as is_gold
from newest
where place <= $most
