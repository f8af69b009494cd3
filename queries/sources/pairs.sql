-- What two reviewers said about items that can be counted whole, within the window and within one period.
-- One row per first and last day, cell, pair of reviewers and pair of labels.
select
    last_day as day,
    cell,
    reviewer_a as reviewer,
    label_a as label,
    reviewer_b as other_reviewer,
    label_b as other_label,
    items as times
from pairs
where
    ($since is null or first_day >= $since)
    and ($until is null or last_day <= $until)
    and case $period
        when 'day' then first_day is not distinct from last_day
        when 'week' then date_trunc('week', first_day) is not distinct from date_trunc('week', last_day)
        when 'month' then date_trunc('month', first_day) is not distinct from date_trunc('month', last_day)
        else true
    end
