-- How long did answers to gold take, and were they right?
-- One row per slice, doubling of seconds (from 8 is 8 to 16 seconds, the last is open) and whether the answer is right.
with

timed as (

    select
        by_1,
        by_2,
        by_3,
        label = gold_label as is_right,
        date_diff('microsecond', claimed_at, decided_at) // 1000000 as seconds
    from judged
    where claimed_at is not null and decided_at is not null and decided_at >= claimed_at

),

binned as (

    select
        *,
        case
            when seconds < 2 then 0
            when seconds < 4 then 2
            when seconds < 8 then 4
            when seconds < 16 then 8
            when seconds < 32 then 16
            when seconds < 64 then 32
            when seconds < 128 then 64
            when seconds < 256 then 128
            when seconds < 512 then 256
            when seconds < 1024 then 512
            else 1024
        end as from_second
    from timed

)

select
    by_1,
    by_2,
    by_3,
    from_second,
    is_right,
    count(*) as answers
from binned
group by by_1, by_2, by_3, from_second, is_right
