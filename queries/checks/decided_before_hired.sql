-- Which reviews were decided before their reviewer's first day of work had begun anywhere on Earth (UTC+14)?
-- One row per review; null where the time or the day is missing.
select
    reviews.review_id as id,
    reviews.item_id,
    reviews.decided_at < cast(reviewers.hired_on as timestamp) - interval 14 hours as is_doubted
from reviews
left join reviewers on reviews.reviewer_id = reviewers.reviewer_id
