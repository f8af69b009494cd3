-- What did two reviewers say about the items that both decided, of the items that can be counted whole?
-- One row per first and last day of the two, cell, pair of reviewers (the smaller number first) and pair of labels.
select
    least(one.day, other.day) as first_day,
    greatest(one.day, other.day) as last_day,
    one.cell,
    one.reviewer as reviewer_a,
    other.reviewer as reviewer_b,
    one.label as label_a,
    other.label as label_b,
    count(*) as items
from multi_rated as one
inner join multi_rated as other on one.item = other.item and one.reviewer < other.reviewer
where
    one.is_whole
    and other.is_whole
    and one.cell in (
        select cells.cell from cells
        where cells.is_independent
    )
group by
    least(one.day, other.day), greatest(one.day, other.day), one.cell,
    one.reviewer, other.reviewer, one.label, other.label
