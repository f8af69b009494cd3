-- Which periods are items counted in?
-- One row per period. `months` are the span in whole months.
select 'day' as period
union all
select 'week' as period
union all
select 'month' as period
union all
select 'months' as period
union all
select 'span' as period
