"""Agreement of two rounds of ratings on the same items, or on items that were paired by lot."""

import numpy as np

from metrics.agreement import definition
from metrics.estimate import Estimate, undefined, without_interval
from metrics.intervals import NO_VARIATION, ROUNDING
from metrics.linearisation import Array, Counts, SmoothStatistic, spread
from metrics.options import Options
from metrics.patterns import Patterns
from metrics.taxonomy import Taxonomy

FEWEST_PAIRS = 3
"""Fewer show too little of how differences vary; from three on, the interval holds (docs/calibration.md)."""
SAME_CASES = "interval: other cases like these, Student's t"


def agreeing(counts: Counts) -> Array:
    """The share of the pairs of ratings of each item that agree; not a number where an item has fewer than two."""
    ratings = counts.sum(axis=1)
    pairs = np.where(ratings > 1, ratings * (ratings - 1), np.nan)
    return np.asarray((counts * (counts - 1)).sum(axis=1) / pairs)


def level(name: str, counts: Counts, taxonomy: Taxonomy) -> float | None:
    """A coefficient of agreement of some items (items by labels), each counting once."""
    return (
        _statistic(name, counts[counts.sum(axis=1) > 1], taxonomy).value() if (counts.sum(axis=1) > 1).any() else None
    )


def change(name: str, before: Counts, after: Counts, taxonomy: Taxonomy) -> Estimate:
    """How far a coefficient of agreement rose from one round to the other; row for row the same items, or pairs.

    The influences of each item on both are subtracted before they are squared, so what both rounds share drops out:
    SE² = n/(n-1) Σ(ψ₂ - ψ₁)². Assumes that items were drawn independently. Items with fewer than two ratings in either
    round are left out. Source: Student (1908), doi:10.2307/2331554, on linearised values.
    """
    kept = (before.sum(axis=1) > 1) & (after.sum(axis=1) > 1)
    n = int(kept.sum())
    if n == 0:
        return undefined(0, "no case has two ratings in both")
    first, second = (_statistic(name, counts[kept], taxonomy) for counts in (before, after))
    values = (first.value(), second.value())
    if values[0] is None or values[1] is None:
        return undefined(n, "every rating of one of the two is the same label")
    value = values[1] - values[0]
    if n < FEWEST_PAIRS:
        return without_interval(value, n, f"no interval: fewer than {FEWEST_PAIRS} cases")
    error = spread(second.influence() - first.influence(), np.ones(n, dtype=np.int64))
    if error is None or error < ROUNDING:
        return without_interval(value, n, NO_VARIATION)
    from scipy.special import stdtrit  # noqa: PLC0415 - only this interval needs it, and it is slow to load

    half, widest = float(stdtrit(n - 1, 0.975)) * error, float(np.ptp(definition(name, taxonomy, Options())[0].bounds))
    return Estimate(value, max(value - half, -widest), min(value + half, widest), n, SAME_CASES)


def _statistic(name: str, counts: Counts, taxonomy: Taxonomy) -> SmoothStatistic:
    formula, groups = definition(name, taxonomy, Options())
    return formula.of(Patterns(counts, np.ones(len(counts), dtype=np.int64)).grouped(groups))
