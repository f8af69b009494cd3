-- The reviews that count: those the reader's filters let through, and of a reviewer's repeats the last or all.
-- One row per row of the source. The last of a slice counts; a label filter comes after: it does not choose which one.
with

filtered as not materialized (

    select *
    from sliced
    where
        ($since is null or day >= $since)
        and ($until is null or day <= $until)
        and (array_length($reviewers) = 0 or list_contains($reviewers, reviewer_id))
        and (array_length($teams) = 0 or list_contains($teams, coalesce(team, '')))
        and (array_length($sites) = 0 or list_contains($sites, coalesce(site, '')))
        and (array_length($policies) = 0 or list_contains($policies, coalesce(policy, '')))
        and (array_length($queues) = 0 or list_contains($queues, coalesce(queue, '')))
        and (array_length($markets) = 0 or list_contains($markets, coalesce(market, '')))
        and (array_length($languages) = 0 or list_contains($languages, coalesce(language, '')))
        and (array_length($stages) = 0 or list_contains($stages, coalesce(stage, '')))
        and (array_length($standard_versions) = 0 or list_contains($standard_versions, coalesce(standard_version, '')))

),

numbered as (

    select *, 1 as nth_last from filtered
    where
        not has_repeats
        or is_told and (
            $repeats = 'all' or next_day is null or next_day > $until
            or ($period = 'day' and next_day > day)
            or ($period in ('week', 'none') and date_trunc('week', next_day) > week)
            or ($period in ('month', 'none') and date_trunc('month', next_day) > month)
        )
    union all
    select
        *, row_number() over (
            partition by item_id, reviewer_id, standard_version, by_1, by_2, by_3
            order by decided_at desc nulls last, sequence desc
        ) as nth_last
    from filtered
    where has_repeats and not is_told

)

select *
from numbered
where
    ($repeats = 'all' or nth_last = 1)
    and (array_length($labels) = 0 or list_contains($labels, label))
