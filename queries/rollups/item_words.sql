-- How many reviewers gave each label to an item that can be counted whole, packed: on each day, and of an item that was
-- reviewed on several days also in each week, in each month and in all?
-- One row per period, its first day, and item.
with

rated as (

    select
        multi_rated.*,
        case when label_codes.word = 0 then label_codes.unit else 0 end as word_0,
        case when label_codes.word = 1 then label_codes.unit else 0 end as word_1,
        case when label_codes.word = 2 then label_codes.unit else 0 end as word_2
    from multi_rated
    inner join label_codes on multi_rated.label = label_codes.label
    where multi_rated.is_whole

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
    period, begins, item_id,
    any_value(first_day) as first_day, any_value(last_day) as last_day,
    any_value(queue) as queue, any_value(policy) as policy,
    any_value(market) as market, any_value(language) as language,
    any_value(stage) as stage, any_value(standard_version) as standard_version,
    any_value(is_independent) as is_independent,
    cast(sum(word_0) as bigint) as word_0,
    cast(sum(word_1) as bigint) as word_1,
    cast(sum(word_2) as bigint) as word_2
from periods
group by period, begins, item_id
