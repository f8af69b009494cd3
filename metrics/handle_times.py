"""How long answers on gold take, and whether quick answers are the wrong ones, from the counts of `handle_times`."""

import math

import numpy as np
import polars as pl

from metrics.estimate import Z_95, Estimate, share, undefined
from metrics.linearisation import Array

OPEN_FROM = 1024
"""Answers that took so many seconds and more are one bin."""
NO_TIMES = "no answer on gold has a handle time"


def accuracy_by_handle_time(counts: pl.DataFrame) -> pl.DataFrame:
    """The share of right answers to gold in each doubling of the seconds that they took, with Wilson intervals.

    `counts` are those of `handle_times`. Columns: `from_second, to_second` (null in the last), `value, low, high, n`.
    The interval takes answers for independent. That an answer was quick does not say why it was wrong: easy cases are
    quick as well.
    """
    bins = _bins(counts)
    shares = [share(part, whole, counted="answers") for part, whole in bins.select("right", "n").iter_rows()]
    ends = pl.when(pl.col("from_second") < OPEN_FROM).then(pl.max_horizontal(pl.col("from_second") * 2, 2))
    return bins.select(
        "from_second",
        ends.alias("to_second"),
        *(pl.Series(name, [getattr(each, name) for each in shares], dtype=pl.Float64) for name in _ENDS),
        "n",
    )


def median_handle_time(counts: pl.DataFrame) -> Estimate:
    """The median of the seconds that an answer took, with the interval that the order of the answers gives.

    Within a bin, answers are taken for evenly spread over the logarithm of the seconds, in the first over the seconds.
    The number of answers below the true median is binomial with a half, for which the normal law stands in: Conover
    (1999), Practical Nonparametric Statistics, 3rd edition, section 3.2, ISBN 978-0-471-16068-7. What lies in the last
    bin is only known to be longer than its beginning.
    """
    bins = _bins(counts)
    n, starts = int(bins["n"].sum()), bins["from_second"].to_numpy().astype(float)
    if n == 0:
        return undefined(0, NO_TIMES)
    half = Z_95 * math.sqrt(n) / 2
    ranks = np.clip(np.array([n / 2, n / 2 - half, n / 2 + half]), 0, n)
    value, low, high = _at(ranks, starts, np.cumsum([0, *bins["n"]]).astype(float)).tolist()
    if value > OPEN_FROM:
        return undefined(n, f"most answers took more than {OPEN_FROM:,} seconds")
    note = f"the upper end is above {OPEN_FROM:,} seconds" if high > OPEN_FROM else ""
    return Estimate(value, low, high, n, note)


_ENDS = ("value", "low", "high")


def _bins(counts: pl.DataFrame) -> pl.DataFrame:
    right = pl.col("answers").filter("is_right").sum().alias("right")
    return counts.group_by("from_second").agg(right, pl.col("answers").sum().alias("n")).sort("from_second")


def _at(ranks: Array, starts: Array, reached: Array) -> Array:
    """The seconds of the answers with these ranks among all, the quickest having 0."""
    place = np.clip(np.searchsorted(reached, ranks) - 1, 0, len(starts) - 1)
    part = (ranks - reached[place]) / (reached[place + 1] - reached[place])
    seconds: Array = np.where(starts[place] > 0, starts[place] * 2**part, 2 * part)
    return seconds
