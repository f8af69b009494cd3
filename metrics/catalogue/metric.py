"""What the catalogue says about a metric."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy

Compute = Callable[[pl.DataFrame, Taxonomy, Options], Estimate]
Compare = Callable[[Sequence[pl.DataFrame], Taxonomy, Options], Sequence[Estimate]]
"""What a metric makes of the counts of one slice, or of those of all slices that are compared: an estimate for each."""

SLICES = (
    *("team", "site", "policy", "queue", "market", "language"),
    *("standard_version", "model_version", "stage", "day", "week", "month"),
)
"""The dimensions that every metric can be cut by."""

WILSON = "Wilson score, which takes the answers for independent. doi:10.1080/01621459.1927.10502953"
RESAMPLED = ("default", "bootstrap", "jackknife")
LINEARISED = "Linearised standard error on Fisher's z scale, over items: these reviewers, other items like these."


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric and its properties.

    `definition` is the whole truth in a sentence or two. `counted` names what n counts; below `min_n` of them the value
    is withheld. `query` is the question whose counts `compute` takes or, where a slice is judged among its like,
    `compare`: one of the two is given. Its like are the other people, or the other times, as `along` says. Of "model"
    and "model_and_people" the reference that is chosen says which question it is. `dimensions`, `intervals` and
    `options` are the choices that it understands; `needs_order` says that the labels must be ordered whatever the
    options, `needs_scores` that counts tell scores apart. A bound that is None is no bound.
    """

    name: str
    topic: str
    title: str
    question: str
    definition: str
    formula: str
    unit: Literal["share", "coefficient", "index", "cost", "z"]
    better: Literal["higher", "lower", "neither"]
    bounds: tuple[float | None, float | None]
    counted: str
    min_n: int
    query: str
    interval: str
    source: str
    compute: Compute | None = None
    compare: Compare | None = None
    dimensions: tuple[str, ...] = SLICES
    intervals: tuple[str, ...] = ("default",)
    options: tuple[str, ...] = ()
    along: Literal["people", "time"] = "people"
    needs_order: bool = False
    needs_scores: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The properties that a reader can use, without the functions."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in ("compute", "compare")}
