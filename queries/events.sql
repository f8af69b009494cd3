-- What happened that may explain a change: events of the log, standards that took effect, versions of models.
-- One row per event. What the table of events tells on the same day is not told again.
with

released as (

    select
        min(scored_at) as happened_at,
        'model' as kind,
        model || ' ' || model_version as title
    from predictions
    where scored_at is not null
    group by model, model_version

),

in_force as (

    select
        effective_at as happened_at,
        'policy' as kind,
        policy || ' ' || version as title
    from standards

),

found as (

    select happened_at, kind, title from released
    union all
    select happened_at, kind, title from in_force

)

select happened_at, kind, title
from events
union all
select found.happened_at, found.kind, found.title
from found
where not exists (
    select 1 from events
    where
        events.kind = found.kind
        and date_diff('day', cast(events.happened_at as date), cast(found.happened_at as date)) between -1 and 1
)
