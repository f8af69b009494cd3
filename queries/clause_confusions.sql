-- Which clauses (reason_code, '' if none) did different reviewers name for one item, and for which items?
-- One row per policy, two clauses (a before b, or one with itself: all its items) and item: of each two the newest
-- items, at most $most. `items` are all items of the two.
with

named as (

    select policy, item_id, standard_version, item, coalesce(reason_code, '') as clause, min(day) as day
    from overlapping
    group by policy, item_id, standard_version, item, reason_code

),

met as (

    select
        one.policy as item_policy, one.clause as clause_a, other.clause as clause_b, one.item_id, one.standard_version,
        row_number() over (
            partition by one.policy, one.clause, other.clause
            order by one.day desc nulls last, one.item_id asc, one.standard_version asc nulls last
        ) as place,
        count(*) over (partition by one.policy, one.clause, other.clause) as items
    from named as one
    inner join named as other on one.item = other.item and one.clause <= other.clause
    where other.clause <> ''

)

select
    item_policy, clause_a, clause_b, item_id, standard_version, place, items
from met
where place <= $most
