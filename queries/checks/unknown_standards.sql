-- Which reviews name a version of their policy's rules that the standards do not have?
-- One row per review; null where the policy or the version is missing.
select
    reviews.review_id as id,
    reviews.item_id,
    case
        when reviews.policy is not null and reviews.standard_version is not null then standards.version is null
    end as is_doubted
from reviews
left join standards
    on
        reviews.policy = standards.policy
        and reviews.standard_version = standards.version
