-- Which reviews may share their item with others?
-- One row per review of an item whose key several have; of items known as crowded only new reviews need to be there.
with

candidates as (

    select item_key from coded
    group by item_key
    having count(*) > 1
    union
    select item_key from known_as_crowded

)

select * from coded
where item_key in (select candidates.item_key from candidates)
