-- What two reviewers said about items that can be counted whole, within the window and within one period.
-- One row per day, dimensions, pair of reviewers and pair of labels.
select
    last_day as day,
    queue,
    policy,
    market,
    language,
    stage,
    standard_version,
    false as has_repeats,
    true as is_told,
    true as is_independent,
    reviewer_a as reviewer_id,
    label_a as label,
    reviewer_b as other_reviewer_id,
    label_b as other_label,
    items as times
from pairs
where
    ($since is null or first_day >= $since)
    and (array_length($reviewers) = 0 or list_contains($reviewers, reviewer_b))
    and case $period
        when 'day' then first_day is not distinct from last_day
        when 'week' then date_trunc('week', first_day) is not distinct from date_trunc('week', last_day)
        when 'month' then date_trunc('month', first_day) is not distinct from date_trunc('month', last_day)
        else true
    end
