-- Which values each dimension takes in the log, whatever the filters.
-- One row per dimension and value; an empty value means that it is missing.
with

valued as (

    select
        reviews.reviewer_id as reviewer,
        coalesce(reviewers.team, '') as team,
        coalesce(reviewers.site, '') as site,
        coalesce(reviews.policy, '') as policy,
        coalesce(reviews.queue, '') as queue,
        coalesce(reviews.market, '') as market,
        coalesce(reviews.language, '') as language,
        coalesce(reviews.standard_version, '') as standard_version,
        coalesce(reviews.stage, '') as stage
    from reviews
    left join reviewers on reviews.reviewer_id = reviewers.reviewer_id

)

select
    case
        when reviewer is not null then 'reviewer'
        when team is not null then 'team'
        when site is not null then 'site'
        when policy is not null then 'policy'
        when queue is not null then 'queue'
        when market is not null then 'market'
        when language is not null then 'language'
        when standard_version is not null then 'standard_version'
        else 'stage'
    end as dimension,
    coalesce(reviewer, team, site, policy, queue, market, language, standard_version, stage) as value,
    count(*) as reviews
from valued
group by
    grouping sets (
        (reviewer), (team), (site), (policy), (queue), (market), (language), (standard_version), (stage)
    )
order by dimension, value
