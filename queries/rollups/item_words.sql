-- How many reviewers gave each label to an item that can be counted whole, packed: on each day, and of an item that was
-- reviewed on several days also in each week, in each month and in all?
-- One row per period, its first day, and item. Six labels share a word, ten bits each.
with

rated as (

    select
        item, day, first_day, last_day, cell, label // 6 as word,
        cast(1 as bigint) << cast(10 * (label % 6) as int) as unit
    from multi_rated
    where is_whole

),

periods as (

    select 'day' as period, day as begins, * from rated
    union all
    select 'week' as period, cast(date_trunc('week', day) as date) as begins, * from rated
    where first_day <> last_day
    union all
    select 'month' as period, cast(date_trunc('month', day) as date) as begins, * from rated
    where first_day <> last_day
    union all
    select 'span' as period, first_day as begins, * from rated
    where first_day <> last_day

)

select
    period, begins,
    min(first_day) as first_day, min(last_day) as last_day, min(cell) as cell,
    cast(sum(case when word = 0 then unit else 0 end) as bigint) as word_0,
    cast(sum(case when word = 1 then unit else 0 end) as bigint) as word_1,
    cast(sum(case when word = 2 then unit else 0 end) as bigint) as word_2
from periods
group by period, begins, item
