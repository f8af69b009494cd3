-- Every review of one item, found by the number that the store keeps of each item.
-- One row per review.
select
    reviews.*,
    coalesce(reviews.is_blind, true) and not coalesce(reviews.model_shown, false) as is_independent,
    false as is_told,
    cast(null as date) as next_day,
    1 as times,
    cast(reviews.decided_at is not null as int) as timed,
    cast(null as varchar) as pattern,
    0 as items,
    cast(null as varchar) as other_reviewer_id,
    cast(null as varchar) as other_label
from reviews
where reviews.item_hash = hash($item_id) and reviews.item_id = $item_id
