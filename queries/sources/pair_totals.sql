-- What two reviewers said about all items that can be counted whole.
-- One row per pair of reviewers and pair of labels.
select
    false as has_repeats,
    true as is_told,
    true as is_independent,
    reviewer_a as reviewer_id,
    label_a as label,
    reviewer_b as other_reviewer_id,
    label_b as other_label,
    items as times
from pair_totals
where array_length($reviewers) = 0 or list_contains($reviewers, reviewer_b)
