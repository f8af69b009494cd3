-- What two reviewers said about all items that can be counted whole.
-- One row per pair of reviewers and pair of labels.
select
    reviewer_a as reviewer,
    label_a as label,
    reviewer_b as other_reviewer,
    label_b as other_label,
    items as times
from pair_totals
