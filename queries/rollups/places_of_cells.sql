-- Which cell stands for all those that differ only in what a rollup does not tell apart?
-- One row per cell. `desk`: the same queue, market, stage, standard
-- and independence. `topic`: the same policy and language.
select
    cell,
    min(cell) over (partition by queue, market, stage, standard_version, is_independent) as desk,
    min(cell) over (partition by policy, language) as topic
from cells
