-- Which labels did the items get that can be counted whole: in all, and of each day, week and month?
-- One row per period, its first and last day, dimensions and pattern: '2␟keep␞1␟remove', in the order of the labels.
with

counted as (

    select
        period, coalesce(first_day = last_day, true) as is_of_one_day, begins,
        case when period = 'span' then last_day else begins end as ends,
        queue, policy, market, language, stage, standard_version, is_independent, word_0, word_1, word_2,
        count(*) as items
    from item_words
    group by
        period, coalesce(first_day = last_day, true), begins, case when period = 'span' then last_day else begins end,
        queue, policy, market, language, stage, standard_version, is_independent, word_0, word_1, word_2

),

-- An item of one day is the same in every period, so it was packed once.
every as (

    select
        of_periods.period, item_patterns.pattern, counted.items, counted.queue, counted.policy, counted.market,
        counted.language, counted.stage, counted.standard_version, counted.is_independent,
        case of_periods.period
            when 'week' then cast(date_trunc('week', counted.begins) as date)
            when 'month' then cast(date_trunc('month', counted.begins) as date)
            else counted.begins
        end as first_day,
        case of_periods.period
            when 'week' then cast(date_trunc('week', counted.begins) + interval 6 day as date)
            when 'month' then cast(date_trunc('month', counted.begins) + interval 1 month - interval 1 day as date)
            else counted.ends
        end as last_day
    from counted
    inner join of_periods on counted.is_of_one_day or counted.period = of_periods.period
    inner join item_patterns
        on
            counted.word_0 = item_patterns.word_0
            and counted.word_1 = item_patterns.word_1
            and counted.word_2 = item_patterns.word_2

)

select
    period, first_day, last_day, queue, policy, market, language, stage, standard_version, is_independent, pattern,
    cast(sum(items) as bigint) as items
from every
group by
    period, first_day, last_day, queue, policy, market, language, stage, standard_version, is_independent, pattern
