"""Questions about models: the steps from the reviews that count to what the model said of their items."""

from collections.abc import Sequence
from pathlib import Path

from queries.filters import Filters

_LAST_SCORED = Path(__file__).with_name("scored_items.sql")

MODELLED = (
    *("model_patterns", "model_gold", "model_audits", "model_scores"),
    *("joint_answers", "version_pairs", "alternative_annotators", "anchoring"),
)
"""The questions that read `scored`: reviews, each with the model's answer to its item."""
_ANSWER = (
    "coalesce(case when label in (select labels.label from labels) or (select count(*) from labels) = 0 then label "
    "end, '')"
)
"""What a model said, as it is filtered by: an empty text where it is none of the declared labels, if any are."""
MODEL_DIMENSIONS = ("model", "model_version")
"""What these questions can be cut by as the answer has it."""


def predicted(filters: Filters, columns: str = "*") -> str:
    """The answers that are let through: by model, version, label (an empty one means none of ours) and score."""
    conditions = {
        "list_contains($models, model)": filters.models,
        "list_contains($model_versions, model_version)": filters.model_versions,
        f"list_contains($model_labels, {_ANSWER})": filters.model_labels,
        "score between $score_from and $score_to": filters.scores,
    }
    kept = " and ".join(condition for condition, asked in conditions.items() if asked)
    return f"select {columns}\nfrom predictions\n" + (f"where {kept}\n" if kept else "")


def of_answers(filters: Filters) -> list[str]:
    """The condition that reviews of other questions meet: they are of items that a model answered so.

    A version alone lets through the items that it was the last to score.
    """
    if filters.models or filters.model_labels or filters.scores:
        return [f"item_id in (\n{predicted(filters, 'item_id')})"]
    return [f"item_id in (\n{_LAST_SCORED.read_text('utf-8')})"] if filters.model_versions else []


def scored(by: Sequence[str], slots: Sequence[str]) -> str:
    """The reviews with the version in force, or with every version where the question is cut by it."""
    moved = {slot: dimension for slot, dimension in zip(slots, by, strict=False) if dimension in MODEL_DIMENSIONS}
    columns = f"* exclude ({', '.join(moved)})" if moved else "*"
    named = "".join(f",\n    {dimension} as {slot}" for slot, dimension in moved.items())
    where = "" if "model_version" in by else "where nth_version = 1\n"
    return f"select\n    {columns}{named}\nfrom answers\n{where}"
