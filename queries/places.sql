-- Where the count of a label stands when the labels of an item are packed: in which word, and times what.
-- One row per label. Six labels share a word, ten bits each.
with

labelled as (

    select unnest($taxonomy) as label

),

ranked as (

    select
        label,
        row_number() over (order by label) as place
    from labelled

)

select
    label,
    cast((place - 1) // 6 as int) as word,
    cast(1 as bigint) << cast(10 * ((place - 1) % 6) as int) as unit
from ranked
