"""How good scores are as probabilities: what they cost by proper scoring rules, and how well they rank.

All take the frame of `metrics.outcomes`: items by score and whether they violate, with the weights of audits if there
are any. Intervals are linearised, over items: this model, other items like these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.estimate import Z_95, Estimate, undefined
from metrics.intervals import Meaning, around
from metrics.options import Options
from metrics.outcomes import outcomes
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

Floats = NDArray[np.float64]
NOTHING = "no item has a score and a known outcome"
ONE_KIND = "all items turned out alike, so nothing can be told apart"
SURE_AND_WRONG = "a score of 0 or 1 was wrong, which costs infinitely much"


@dataclass(frozen=True, slots=True)
class Scored:
    """Rows of items alike: their score, whether they violate (1 or 0), the weight of each, and how many there are."""

    score: Floats
    outcome: Floats
    weight: Floats
    items: Floats

    @classmethod
    def of(cls, found: pl.DataFrame) -> Self:
        """The rows of a frame of outcomes, lowest score first."""
        rows = found.sort("score", "is_violating")
        weight = rows["weight"] if "weight" in rows.columns else pl.Series([1.0] * rows.height, dtype=pl.Float64)
        columns = (rows["score"], rows["is_violating"].cast(pl.Float64), weight, rows["items"])
        return cls(*(column.to_numpy().astype(float) for column in columns))

    @property
    def n(self) -> int:
        """How many items there are."""
        return int(self.items.sum())

    @property
    def total(self) -> float:
        """How many they stand for."""
        return float((self.weight * self.items).sum())

    def where(self, kept: NDArray[np.bool_], items: Floats) -> Self:
        """Some of the rows, with other numbers of items."""
        return type(self)(self.score[kept], self.outcome[kept], self.weight[kept], items[kept])

    def mean(self, values: Floats) -> float:
        """The weighted mean of a value of each row."""
        return float((self.weight * self.items * values).sum() / self.total)

    def standard_error(self, values: Floats) -> float:
        """That of the weighted mean, over items."""
        apart = self.weight * (values - self.mean(values))
        return float(np.sqrt((self.items * apart**2).sum() / max(1 - 1 / self.n, 1e-300)) / self.total)


def read(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> tuple[Scored, str]:
    """The scored items of counts, and what a reader must know; `UndefinedError` where there are none."""
    found, note = outcomes(counts, taxonomy, options)
    if found.is_empty():
        raise UndefinedError(NOTHING)
    return Scored.of(found), note


def squares(scored: Scored) -> Floats:
    """The squared error of each row."""
    return (scored.score - scored.outcome) ** 2


def surprise(scored: Scored) -> Floats:
    """Minus the logarithm of the probability that each outcome was given; infinite where that was 0."""
    given = np.where(scored.outcome > 0, scored.score, 1 - scored.score)
    with np.errstate(divide="ignore"):
        return -np.log(given)


def ranked(scored: Scored) -> tuple[float, float]:
    """The area under the ROC curve with its standard error; ties count half.

    Source: DeLong, DeLong and Clarke-Pearson (1988), doi:10.2307/2531595, with weights.
    """
    mass = scored.weight * scored.items
    above, below = mass * scored.outcome, mass * (1 - scored.outcome)
    place = np.searchsorted(np.unique(scored.score), scored.score)
    lower, higher = (np.bincount(place, each) for each in (below, above))
    beaten = ((np.cumsum(lower) - lower / 2) / below.sum())[place]
    beating = ((higher[::-1].cumsum()[::-1] - higher / 2) / above.sum())[place]
    area = float((above * beaten).sum() / above.sum())
    variance = 0.0
    for mine, values, kind in ((above, beaten, scored.outcome), (below, beating, 1 - scored.outcome)):
        n = (scored.items * kind).sum()
        squared = (kind * scored.items * (scored.weight * (values - area)) ** 2).sum()
        variance += squared / mine.sum() ** 2 * n / max(n - 1, 1)
    return area, float(np.sqrt(variance))


def brier_score(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The mean squared error of the score. Source: Brier (1950), doi:10.1175/1520-0493(1950)078."""
    return _mean(counts, taxonomy, options, squares, Meaning((0.0, 1.0), "", NOTHING))


def log_loss(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The mean of minus the logarithm of the probability that the outcome was given.

    Source: Good (1952), doi:10.1111/j.2517-6161.1952.tb00104.x.
    """
    return _mean(counts, taxonomy, options, surprise, Meaning((0.0, np.inf), "", SURE_AND_WRONG))


def auc(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often an item that violates has a higher score than one that does not: the area under the ROC curve."""
    try:
        scored, note = read(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(0, str(reason))
    if not 0 < scored.mean(scored.outcome) < 1:
        return undefined(scored.n, ONE_KIND)
    area, error = ranked(scored)
    return around(area, error, Meaning((0.0, 1.0), note, ONE_KIND), n=scored.n)


def _mean(
    counts: pl.DataFrame,
    taxonomy: Taxonomy,
    options: Options,
    cost: Callable[[Scored], Floats],
    meaning: Meaning,
) -> Estimate:
    """The mean of what each row costs, with a normal interval within the bounds."""
    try:
        scored, note = read(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(0, str(reason))
    costs = cost(scored)
    if not np.isfinite(costs).all():
        return undefined(scored.n, meaning.reason)
    value, half = scored.mean(costs), Z_95 * scored.standard_error(costs)
    lowest, highest = meaning.bounds
    return Estimate(value, max(value - half, lowest), min(value + half, highest), scored.n, note)
