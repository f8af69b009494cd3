-- What did the model say of the items of the reviews that count? Version 1 of a review is the one in force: the last
-- that scored the item at or before the decision, else the first after it.
-- One row per review and version that scored its item.
select
    scope.*,
    predicted.model,
    predicted.model_version,
    predicted.label as model_label,
    predicted.score,
    predicted.threshold,
    predicted.scored_at,
    row_number() over (
        partition by scope.sequence, predicted.model
        order by
            case when coalesce(predicted.scored_at <= scope.decided_at, true) then predicted.scored_at end
            desc nulls last,
            predicted.scored_at asc nulls last,
            predicted.model_version desc
    ) as nth_version
from scope
inner join predicted on scope.item_id = predicted.item_id
