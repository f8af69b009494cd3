-- The reviews that the reader's filters let through.
-- One row per review that counts: with repeats = 'last', a reviewer's last decision on an item under one standard.
with

filtered as (

    select
        reviews.*,
        reviewers.team,
        reviewers.site,
        cast(date_trunc('week', reviews.day) as date) as week,
        cast(date_trunc('month', reviews.day) as date) as month,
        reviews.is_blind is not false and reviews.model_shown is not true as is_independent
    from reviews
    left join reviewers on reviews.reviewer_id = reviewers.reviewer_id
    where
        ($since is null or reviews.day >= $since)
        and ($until is null or reviews.day <= $until)
        and (len($reviewers) = 0 or list_contains($reviewers, reviews.reviewer_id))
        and (len($teams) = 0 or list_contains($teams, coalesce(reviewers.team, '')))
        and (len($sites) = 0 or list_contains($sites, coalesce(reviewers.site, '')))
        and (len($policies) = 0 or list_contains($policies, coalesce(reviews.policy, '')))
        and (len($queues) = 0 or list_contains($queues, coalesce(reviews.queue, '')))
        and (len($markets) = 0 or list_contains($markets, coalesce(reviews.market, '')))
        and (len($languages) = 0 or list_contains($languages, coalesce(reviews.language, '')))
        and (len($stages) = 0 or list_contains($stages, coalesce(reviews.stage, '')))
        and (len($labels) = 0 or list_contains($labels, reviews.label))
        and (
            len($standard_versions) = 0
            or list_contains($standard_versions, coalesce(reviews.standard_version, ''))
        )

)

select *
from filtered
where $repeats = 'all' or not has_repeats
union all
select *
from filtered
where $repeats = 'last' and has_repeats
qualify row_number() over (
    partition by item_id, reviewer_id, standard_version
    order by decided_at desc nulls last, sequence desc
) = 1
