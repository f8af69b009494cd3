-- The right label of each item that was rated, as its reviews were judged.
-- One row per slice and item, which is 'item@version' as among the ratings. The last review decides where gold changed.
select
    by_1,
    by_2,
    by_3,
    item_id || coalesce('@' || standard_version, '') as item_id,
    last(gold_label order by decided_at asc nulls first, sequence asc) as label
from judged
where is_independent
group by by_1, by_2, by_3, item_id, standard_version
