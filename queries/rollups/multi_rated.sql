-- Which reviews share their item with others, can the item be counted whole, and when was the decision repeated?
-- One row per review of an item with two or more. Whole: at most 50 reviews, alike in every dimension, and no repeats.
-- `next_day` tells when the same reviewer decided again, where all those decisions are alike but for the day.
with

items as (

    select
        rated.item_key, rated.item_id, count(*) as ratings, count(known_as_crowded.item_id) > 0 as is_crowded,
        min(rated.day) as first_day, max(rated.day) as last_day,
        max(cast(rated.has_repeats as int)) = 0 and count(*) <= 50 and max(label_codes.word) < 3
        and count(rated.day) in (0, count(*)) and min(rated.shape) = max(rated.shape) as is_alike
    from rated
    inner join label_codes on rated.label = label_codes.label
    left join known_as_crowded on rated.item_id = known_as_crowded.item_id
    group by rated.item_key, rated.item_id

),

repeats as (

    select
        sequence,
        lead(day) over (
            partition by item_key, item_id, reviewer_id, standard_version order by decided_at asc, sequence asc
        ) as next_day,
        count(day) over triple = count(*) over triple and min(shape) over triple = max(shape) over triple as is_told
    from rated
    where has_repeats
    window triple as (partition by item_key, item_id, reviewer_id, standard_version)

)

select
    rated.* exclude (shape), -- noqa: RF02
    items.is_alike and not items.is_crowded as is_whole,
    items.is_crowded or items.ratings > 50 as is_crowded,
    case when items.is_alike and not items.is_crowded then items.first_day end as first_day,
    case when items.is_alike and not items.is_crowded then items.last_day end as last_day,
    coalesce(repeats.is_told, false) as is_told,
    case when repeats.is_told then repeats.next_day end as next_day
from rated
inner join items on rated.item_key = items.item_key and rated.item_id = items.item_id
left join repeats on rated.sequence = repeats.sequence
where items.ratings > 1 or items.is_crowded
