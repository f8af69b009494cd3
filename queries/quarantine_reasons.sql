-- Why rows were quarantined.
-- One row per table, column and reason.
select
    table_name,
    column_name,
    reason,
    count(*) as quarantined_rows
from quarantine
group by table_name, column_name, reason
order by quarantined_rows desc, table_name asc, column_name asc, reason asc
