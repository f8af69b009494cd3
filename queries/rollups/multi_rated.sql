-- Which reviews share their item with others, can the item be counted whole, and when was the decision repeated?
-- One row per review of an item with two or more. `next_day` tells when the same reviewer decided again, where all of
-- these decisions are alike but for the day. The time is only there where repeats are told apart by it.
with

repeats as (

    select
        rated.sequence,
        lead(rated.day) over (
            partition by rated.item_key, rated.item_id, rated.reviewer, cells.standard_version
            order by rated.decided_at asc, rated.sequence asc
        ) as next_day,
        count(rated.day) over triple = count(*) over triple
        and min(rated.cell) over triple = max(rated.cell) over triple as is_told
    from rated
    inner join cells on rated.cell = cells.cell
    where rated.has_repeats
    window triple as (partition by rated.item_key, rated.item_id, rated.reviewer, cells.standard_version)

)

select
    shared.item, rated.sequence, rated.reviewer, rated.label, rated.cell, rated.day, rated.has_repeats,
    case when rated.has_repeats then rated.decided_at end as decided_at,
    shared.is_whole,
    case when shared.is_whole then shared.first_day end as first_day,
    case when shared.is_whole then shared.last_day end as last_day,
    coalesce(repeats.is_told, false) as is_told,
    case when repeats.is_told then repeats.next_day end as next_day
from rated
inner join shared on rated.item_key = shared.item_key and rated.item_id = shared.item_id
left join repeats on rated.sequence = repeats.sequence
