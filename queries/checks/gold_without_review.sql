-- Which gold items did nobody review?
-- One row per gold item.
with

reviewed as (

    select distinct item_id
    from reviews
    where item_id in (select gold.item_id from gold)

),

golden as (

    select distinct item_id
    from gold

)

select
    golden.item_id as id,
    cast(null as varchar) as item_id,
    reviewed.item_id is null as is_doubted
from golden
left join reviewed on golden.item_id = reviewed.item_id
