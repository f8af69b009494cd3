-- Reviews with numbers in the place of texts.
-- One row per review. `label`, `reviewer` and `cell` are places in `label_places`, `reviewer_places` and `cells`.
select
    touched.sequence, touched.item_id, touched.item_key, touched.day, touched.decided_at, touched.has_repeats,
    cast(label_places.place as int) as label,
    cast(reviewer_places.place as int) as reviewer,
    cast(cells.cell as int) as cell
from touched
inner join label_places on touched.label = label_places.label
inner join reviewer_places on touched.reviewer_id = reviewer_places.reviewer_id
inner join cells
    on
        touched.queue is not distinct from cells.queue
        and touched.policy is not distinct from cells.policy
        and touched.market is not distinct from cells.market
        and touched.language is not distinct from cells.language
        and touched.stage is not distinct from cells.stage
        and touched.standard_version is not distinct from cells.standard_version
        and touched.is_independent = cells.is_independent
