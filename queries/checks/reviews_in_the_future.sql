-- Which reviews carried a time that lay in the future, and were set aside when they were loaded?
-- One row per review with a time and per row that was set aside.
select
    review_id as id,
    cast(null as varchar) as item_id,
    false as is_doubted
from reviews
where decided_at is not null
union all
select
    file || ' line ' || cast(line as varchar) as id,
    cast(null as varchar) as item_id,
    true as is_doubted
from quarantine
where table_name = 'reviews' and reason like '% lies in the future'
