-- Which rows put one reviewer into two teams in one delivery, and were set aside when they were loaded?
-- One row per reviewer with a team and per row that was set aside.
select
    reviewer_id as id,
    cast(null as varchar) as item_id,
    false as is_doubted
from reviewers
where team is not null
union all
select
    file || ' line ' || cast(line as varchar) as id,
    cast(null as varchar) as item_id,
    true as is_doubted
from quarantine
where table_name = 'reviewers' and reason like '% in one delivery'
