-- Which reviews were decided after their reviewer's last day of work had ended everywhere on Earth (UTC-12)?
-- One row per review; null where the time is missing. Who has no last day is still at work.
select
    reviews.review_id as id,
    reviews.item_id,
    case
        when reviews.decided_at is not null
            then coalesce(reviews.decided_at >= cast(reviewers.left_on as timestamp) + interval 36 hours, false)
    end as is_doubted
from reviews
left join reviewers on reviews.reviewer_id = reviewers.reviewer_id
