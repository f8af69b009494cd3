-- Which audits carried no possible inclusion probability, and were set aside when they were loaded?
-- One row per audit with a probability and per row that was set aside.
select
    review_id || ' by ' || auditor_id as id,
    cast(null as varchar) as item_id,
    false as is_doubted
from audits
where inclusion_probability is not null
union all
select
    file || ' line ' || cast(line as varchar) as id,
    cast(null as varchar) as item_id,
    true as is_doubted
from quarantine
where table_name = 'audits' and column_name = 'inclusion_probability'
