-- The reviews that count: of a reviewer's repeats the last of a slice, or all.
-- One row per row of the source.
with

numbered as (

    select
        *, row_number() over (
            partition by item_id, reviewer_id, standard_version, by_1, by_2, by_3
            order by decided_at desc nulls last, sequence desc
        ) as nth_last
    from sliced
    where has_repeats and not is_told

)

select *
from told
union all
select * exclude (nth_last) -- noqa: RF02
from numbered
where $repeats = 'all' or nth_last = 1
