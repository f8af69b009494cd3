"""Cohen's kappa of a square table, whoever its two sides are: two reviewers, a reviewer and gold, before and after."""

import math

import numpy as np
import polars as pl

from metrics.estimate import Estimate, undefined, without_interval
from metrics.footing import shortage_in_table
from metrics.intervals import COEFFICIENT, Meaning, around, estimate
from metrics.linearisation import Array, Counts, SmoothStatistic, Totals, quotient
from metrics.options import Options
from metrics.patterns import label_codes
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, agreement_weights

ONE_LABEL = "both sides used one and the same label, so agreement beyond chance is undefined"

Units = tuple[Array, Counts]


def square_table(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts) -> Counts:
    """The counts as a table of labels by labels: a frame of label, label and count, labels merged into `groups`."""
    row, column = (groups[label_codes(counts.to_series(side), taxonomy).to_numpy()] for side in (0, 1))
    labels = int(groups.max(initial=-1)) + 1
    table = np.zeros((labels, labels), dtype=np.int64)
    np.add.at(table, (row, column), counts.to_series(2).to_numpy())
    return table


def kappa(table: Counts, weights: Array, *, units: Units | None = None) -> SmoothStatistic:
    """Cohen's kappa, weighted, as a function of the cells. Source: Cohen (1960), doi:10.1177/001316446002000104.

    What a cell counts is one unit, or part of one of the `units`: what each adds to the cells, and how many there are.
    """
    labels = len(table)

    def statistic(totals: Totals) -> Totals:
        shares = quotient(totals, totals.sum(axis=1, keepdims=True)).reshape(-1, labels, labels)
        observed = (shares * weights).sum(axis=(1, 2))
        expected = ((shares.sum(axis=2) @ weights) * shares.sum(axis=1)).sum(axis=1)
        return quotient(observed - expected, 1 - expected)

    filled = table.ravel() > 0
    features, counts = units or (np.eye(labels**2)[filled], table.ravel()[filled])
    return SmoothStatistic(features, counts, statistic)


def kappa_standard_error(statistic: SmoothStatistic) -> float | None:
    """The large-sample standard error of kappa: Fleiss, Cohen and Everitt (1969), doi:10.1037/h0028106."""
    return math.sqrt(float(statistic.units @ statistic.influence() ** 2)) if statistic.n else None


def kappa_standard_error_by_chance(table: Counts, weights: Array) -> float:
    """The standard error that kappa has where only chance makes the two sides agree; for a test against zero.

    Source: Fleiss, Cohen and Everitt (1969), doi:10.1037/h0028106.
    """
    n = int(table.sum())
    row, column = table.sum(axis=1) / n, table.sum(axis=0) / n
    credit, chance = weights @ column, np.outer(row, column)
    expected = float(row @ credit)
    moves = weights - credit[:, None] - row @ weights
    return math.sqrt(float((chance * moves**2).sum()) - expected**2) / (1 - expected) / math.sqrt(n)


def highest_kappa(table: Counts) -> float:
    """The highest unweighted kappa of a table with these margins."""
    n = int(table.sum())
    row, column = table.sum(axis=1) / n, table.sum(axis=0) / n
    expected = float(row @ column)
    return (float(np.minimum(row, column).sum()) - expected) / (1 - expected)


def kappa_estimate(
    table: Counts, taxonomy: Taxonomy, options: Options, *, counted: str, question: str, units: Units | None = None
) -> Estimate:
    """Kappa of a table with its interval; `counted` names what the cells count, `units` are as in `kappa`."""
    n = int(table.sum())
    if n == 0:
        return undefined(0, f"no {counted}")
    try:
        statistic = kappa(table, agreement_weights(options.weights or "none", taxonomy), units=units)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    value, short = statistic.value(), shortage_in_table(table, counted)
    if value is not None and short:
        return without_interval(value, n, short)
    meaning = Meaning(COEFFICIENT, question, ONE_LABEL)
    if value is not None and options.interval == "default":
        return around(value, kappa_standard_error(statistic), meaning, n=n)
    return estimate(statistic, options, meaning, n=n)
