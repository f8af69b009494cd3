"""How often a model would be wrong that decides alone only where it is sure: risk against coverage.

Items are decided as violating from a score of a half on, and else as not; a model is the surer the further a score
lies from a half. Sources: El-Yaniv and Wiener (2010), JMLR 11:1605-1641; the area under the curve: Geifman, Uziel and
El-Yaniv (2019), arXiv:1805.08206.
"""

import math
from typing import NamedTuple

import numpy as np
import polars as pl

from metrics.design import effective_size
from metrics.estimate import Estimate, share, undefined, without_interval
from metrics.intervals import SHARE, Meaning, around
from metrics.linearisation import Array, Counts

NO_OUTCOMES = "no item with a score has a right label by this reference"
CUTS = 51
"""Items are decided from 1.00 and below 0.00 on the one end, from and below 0.50 on the other."""


class Outcomes(NamedTuple):
    """Kinds of items, the surest first: how sure (0 to 1), whether decided wrongly, how many, what one stands for."""

    sureness: Array
    is_error: Counts
    items: Counts
    weight: Array


def risk_coverage(outcomes: pl.DataFrame) -> pl.DataFrame:
    """The share of errors among the items that are decided, for each cut of the score, the widest first.

    Columns: `remove_from, keep_below` (the cut), `coverage` (the share of items decided), and the share of errors among
    these: `value, low, high, n`. The interval is Wilson's for each cut by itself; of audits that stand for different
    numbers of items it is of as many as tell as much. Cuts that decide nothing are left out.
    """
    known = _surest_first(outcomes)
    rows = []
    for cut in range(CUTS):
        decided = known.sureness >= 2 * cut / 100
        items, weight = known.items[decided], known.weight[decided]
        if n := int(items.sum()):
            mass = float(items @ weight)
            risk = float((items * weight) @ known.is_error[decided]) / mass
            effective = effective_size(weight.repeat(items)) if weight.min() < weight.max() else float(n)
            told = share(risk * n, n, effective=effective)
            rows.append((0.5 + cut / 100, 0.5 - cut / 100, mass / float(known.items @ known.weight), *_ends(told)))
    names = ("remove_from", "keep_below", "coverage", "value", "low", "high")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64) | {"n": pl.Int64}, orient="row")


def area_under_risk_coverage(outcomes: pl.DataFrame) -> Estimate:
    """The mean risk over all coverages: that of the surest item, of the two surest, and so on to all.

    Equally sure items count as in a random order. The interval is linearised: the area is the mean of -log(share of
    items as sure or surer) over the errors.
    """
    known = _surest_first(outcomes)
    n = int(known.items.sum())
    if n == 0:
        return undefined(0, NO_OUTCOMES)
    value, error = _area(known)
    if not known.is_error.any():
        return without_interval(value, n, "no interval: the model made no error")
    return around(value, error, Meaning(SHARE, "interval: this model, other items", NO_OUTCOMES), n=n)


def _surest_first(outcomes: pl.DataFrame) -> Outcomes:
    known = outcomes.drop_nulls(["score", "is_violating"])
    weight = pl.col("weight") if "weight" in known.columns else pl.lit(1.0)
    frame = known.select(
        (2 * pl.col("score").cast(pl.Float64) - 1).abs().round(6).alias("sureness"),
        ((pl.col("score") >= 0.5) != pl.col("is_violating")).cast(pl.Int64).alias("is_error"),  # noqa: PLR2004 - a half
        pl.col("items").cast(pl.Int64),
        weight.cast(pl.Float64).alias("weight"),
    ).sort("sureness", descending=True)
    return Outcomes(*(frame[name].to_numpy() for name in Outcomes._fields))


def _ends(told: Estimate) -> tuple[float | None, float | None, float | None, int]:
    return told.value, told.low, told.high, told.n


def _area(known: Outcomes) -> tuple[float, float]:
    """The area and its standard error."""
    from scipy.special import digamma  # noqa: PLC0415 - slow to load

    n, each = known.items.sum(), known.items * known.weight
    each = each * n / each.sum()
    _, first, tie = np.unique(-known.sureness, return_index=True, return_inverse=True)
    block, wrong = np.add.reduceat(each, first), np.add.reduceat(each * known.is_error, first)
    until, errors = block.cumsum(), wrong.cumsum()
    before, earlier = until - block, errors - wrong
    # The risks within a block of equally sure items, added up: of these a share of wrong / block are errors.
    risks = wrong + (earlier - wrong * before / block) * (digamma(until + 1) - digamma(before + 1))
    covered = until / n
    later = np.cumsum((wrong / covered)[::-1])[::-1] / n
    influence = -known.is_error * np.log(covered)[tie] - later[tie]
    centred = influence - influence @ each / n
    weight = known.weight * n / float(known.items @ known.weight)
    return float(risks.sum() / n), math.sqrt(float(known.items @ (weight * centred) ** 2)) / float(n)
