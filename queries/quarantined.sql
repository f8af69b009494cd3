-- Which rows were quarantined, where they stand and what they say, the newest load first.
-- One row per quarantined row, a page of them.
select
    table_name,
    file,
    line,
    column_name,
    reason,
    raw
from quarantine
order by load_id desc, file asc, line asc
limit $page_size offset $page_start
