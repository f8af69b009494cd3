-- What was loaded, and what became of every row.
-- One row per load, the newest first.
select
    load_id,
    table_name,
    files,
    started_at,
    rows_read,
    inserted,
    replaced,
    unchanged,
    quarantined,
    notes
from loads
order by load_id desc
