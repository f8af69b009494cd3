-- Which labels did the items get that can be counted whole: in all, and of each day, week and month?
-- One row per period, its first and last day, cell and pattern. `months` is the span in whole months.
with

counted as (

    select
        period, coalesce(first_day = last_day, true) as is_of_one_day, begins,
        case when period = 'span' then last_day else begins end as ends,
        cell, word_0, word_1, word_2, count(*) as items
    from item_words
    group by
        period, coalesce(first_day = last_day, true), begins, case when period = 'span' then last_day else begins end,
        cell, word_0, word_1, word_2

),

-- An item of one day is the same in every period, so it was packed once.
every as (

    select
        of_periods.period, counted.cell, item_patterns.place as pattern, counted.items,
        case of_periods.period
            when 'week' then cast(date_trunc('week', counted.begins) as date)
            when 'month' then cast(date_trunc('month', counted.begins) as date)
            when 'months' then cast(date_trunc('month', counted.begins) as date)
            else counted.begins
        end as first_day,
        case of_periods.period
            when 'week' then cast(date_trunc('week', counted.begins) + interval 6 day as date)
            when 'month' then cast(date_trunc('month', counted.begins) + interval 1 month - interval 1 day as date)
            when 'months' then cast(date_trunc('month', counted.ends) + interval 1 month - interval 1 day as date)
            else counted.ends
        end as last_day
    from counted
    inner join of_periods
        on
            counted.is_of_one_day
            or counted.period = case when of_periods.period = 'months' then 'span' else of_periods.period end
    inner join item_patterns
        on
            counted.word_0 = item_patterns.word_0
            and counted.word_1 = item_patterns.word_1
            and counted.word_2 = item_patterns.word_2

)

select period, first_day, last_day, cell, cast(pattern as int) as pattern, cast(sum(items) as bigint) as items
from every
group by period, first_day, last_day, cell, pattern
