"""Everything that a reader may choose: which reviews count, how they are cut, and which mark was clicked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Self

from data.errors import LogError

DIMENSIONS: dict[str, str] = {
    "reviewer": "reviewer_id",
    "team": "team",
    "site": "site",
    "policy": "policy",
    "queue": "queue",
    "market": "market",
    "language": "language",
    "label": "label",
    "standard_version": "standard_version",
    "model_version": "(select model_version from newest_scores where newest_scores.item_id = dimensions.item_id)",
    "stage": "stage",
    "day": "day",
    "week": "week",
    "month": "month",
}
"""The dimensions that reviews can be cut by, and how each is found in `dimensions.sql`.

A review's model version is the newest that scored its item; it is looked up only where it is asked for.
"""

_FILTERS = {
    "reviewer": "reviewers",
    "team": "teams",
    "site": "sites",
    "policy": "policies",
    "queue": "queues",
    "market": "markets",
    "language": "languages",
    "label": "labels",
    "standard_version": "standard_versions",
    "model": "models",
    "model_version": "model_versions",
    "model_label": "model_labels",
    "stage": "stages",
}

CONDITIONS = {
    dimension: f"list_contains(${values}, {DIMENSIONS[dimension]})"
    if dimension == "reviewer"
    else f"list_contains(${values}, coalesce({DIMENSIONS[dimension]}, ''))"
    for dimension, values in _FILTERS.items()
    if dimension not in ("label", "model", "model_version", "model_label")
}
"""What each filter lets through, as SQL; labels, and what models said, are filtered elsewhere."""

Repeats = Literal["last", "all"]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reviews count.

    An empty tuple lets everything through; an empty string among the values means "missing". `since` and `until` are
    days in UTC, both included. `repeats` says which of a reviewer's decisions on one item count. `without` names checks
    of the log: the reviews that they doubt are left out, as if they had never been loaded. `scores` are the lowest and
    the highest score of a model that are let through.
    """

    since: date | None = None
    until: date | None = None
    reviewers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    standard_versions: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    model_versions: tuple[str, ...] = ()
    model_labels: tuple[str, ...] = ()
    scores: tuple[float, float] | None = None
    stages: tuple[str, ...] = ()
    repeats: Repeats = "last"
    without: tuple[str, ...] = ()

    def where(self, dimension: str, values: Iterable[str]) -> Self:
        """The same filters, letting only these values of a dimension through."""
        if dimension not in _FILTERS:
            raise LogError(f"cannot filter by {dimension!r}; the dimensions are {', '.join(_FILTERS)}")
        chosen: dict[str, Any] = {_FILTERS[dimension]: tuple(values)}
        return replace(self, **chosen)

    def dimensions(self) -> list[str]:
        """The dimensions of which only some values are let through."""
        chosen = [dimension for dimension, values in _FILTERS.items() if getattr(self, values)]
        return chosen + ["score"] * (self.scores is not None)

    def parameters(self) -> dict[str, Any]:
        """The values for the parameters of the filters."""
        lists = {name: list(getattr(self, name)) for name in _FILTERS.values()}
        low, high = self.scores or (None, None)
        own = {"since": self.since, "until": self.until, "repeats": self.repeats, "score_from": low, "score_to": high}
        return own | lists


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark on a chart whose cases are asked for; None means any.

    With two reviewers, `label_a` is what `reviewer_a` gave and `label_b` what `reviewer_b` gave; without reviewers,
    both labels were given to the item by somebody. `is_split` keeps the items that got more than one label.
    """

    item_id: str | None = None
    gold_label: str | None = None
    label_a: str | None = None
    label_b: str | None = None
    reviewer_a: str | None = None
    reviewer_b: str | None = None
    is_split: bool = False

    def parameters(self) -> dict[str, Any]:
        """The values for the parameters of `cases.sql`."""
        return {name: getattr(self, name) for name in self.__slots__}
