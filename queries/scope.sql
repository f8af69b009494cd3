-- The reviews that count: those the reader's filters let through, and of a reviewer's repeats the last or all.
-- One row per review. The last of a slice counts; a label filter comes after, as it may not choose which one counts.
with

filtered as (

    select *
    from sliced
    where
        ($since is null or day >= $since)
        and ($until is null or day <= $until)
        and (len($reviewers) = 0 or list_contains($reviewers, reviewer_id))
        and (len($teams) = 0 or list_contains($teams, coalesce(team, '')))
        and (len($sites) = 0 or list_contains($sites, coalesce(site, '')))
        and (len($policies) = 0 or list_contains($policies, coalesce(policy, '')))
        and (len($queues) = 0 or list_contains($queues, coalesce(queue, '')))
        and (len($markets) = 0 or list_contains($markets, coalesce(market, '')))
        and (len($languages) = 0 or list_contains($languages, coalesce(language, '')))
        and (
            len($model_versions) = 0
            or item_id in (
                select newest_scores.item_id
                from newest_scores
                where list_contains($model_versions, newest_scores.model_version)
            )
        )
        and (len($stages) = 0 or list_contains($stages, coalesce(stage, '')))
        and (len($standard_versions) = 0 or list_contains($standard_versions, coalesce(standard_version, '')))

),

counted as (

    select *
    from filtered
    where $repeats = 'all' or not has_repeats
    union all
    select *
    from filtered
    where $repeats = 'last' and has_repeats
    qualify row_number() over (
        partition by item_id, reviewer_id, standard_version, by_1, by_2, by_3
        order by decided_at desc nulls last, sequence desc
    ) = 1

)

select *
from counted
where len($labels) = 0 or list_contains($labels, label)
