"""Sums of small deviations that add up: when a reviewer's errors began to be more, or fewer, than is to be expected.

A chart of weekly shares sees a jump; a cumulative sum sees a small change that lasts. Neither forgets by itself: what
is looked at is when the sum first passes its limit.
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from metrics.case_mix import case_mix, codes
from metrics.linearisation import Array, Counts
from metrics.taxonomy import Taxonomy

FALSE_ALARM = 0.05
"""The chance that a series in which nothing changed passes a limit anywhere, in either direction."""
WORSE, BETTER = 2.0, 0.5
"""The odds ratios of an error that the two sums look for: twice the odds, and half the odds."""
_CASE = ("item_policy", "item_language", "gold_label")
_RUNS = 10_000
_SEED = 20_000
_ROUNDING = 1e-9
"""Sums that are equal but for the order of their terms."""


@dataclass(frozen=True, slots=True)
class Tabular:
    """Sums above and below a target after each observation, and for how many observations each has been above 0.

    `signal` is the number of the first observation, from 1, at which a sum passed the limit; None without one.
    """

    above: Array
    below: Array
    above_for: Counts
    below_for: Counts
    signal: int | None


@dataclass(frozen=True, slots=True)
class RiskAdjusted:
    """The sum of evidence that the odds of an error are `ratio` times what they should be, after each answer.

    `limit` is what the sum passes with the chance `false_alarm` in a series of this length and these items, if every
    expected error holds. `signal` is the number of the first answer, from 1, at which it passed.
    """

    ratio: float
    sums: Array
    limit: float
    false_alarm: float
    signal: int | None


@dataclass(frozen=True, slots=True)
class ErrorWatch:
    """One reviewer's answers to gold in order of time, and the sums that watch them in both directions.

    `answers`: `number` from 1, `decided_at, is_error, expected` (the chance of an error, that of all others on such
    cases), `worse` and `better` (the sums).
    """

    answers: pl.DataFrame
    worse: RiskAdjusted
    better: RiskAdjusted


def tabular_cusum(values: ArrayLike, *, target: float, slack: float, limit: float) -> Tabular:
    """The tabular cumulative sum of observations; `slack` and `limit` are in their units.

    A slack of half the shift to be found is usual. Source: Page (1954), doi:10.2307/2333009.
    """
    deviations = np.asarray(values, dtype=float) - target
    above, below = _sums(deviations - slack), _sums(-deviations - slack)
    return Tabular(above, below, _runs(above), _runs(below), _first(np.maximum(above, below), limit))


def risk_adjusted_cusum(
    errors: ArrayLike, expected: ArrayLike, *, ratio: float, false_alarm: float = FALSE_ALARM / 2
) -> RiskAdjusted:
    """The risk-adjusted cumulative sum of errors (0 or 1), each with the chance of it that is to be expected.

    An answer adds log(ratio^error / (1 - p + ratio p)); the sum never falls below 0. The limit is found by simulating
    such series, always the same way. Assumes that answers are independent given their expected errors. Source: Steiner
    et al. (2000), doi:10.1093/biostatistics/1.4.441.
    """
    chances = np.asarray(expected, dtype=float)
    sums = _sums(_steps(np.asarray(errors, dtype=float), chances, ratio))
    limit = simulated_limit(chances, ratio=ratio, false_alarm=false_alarm)
    return RiskAdjusted(ratio, sums, limit, false_alarm, _first(sums, limit))


def both_directions(
    errors: ArrayLike, expected: ArrayLike, *, false_alarm: float = FALSE_ALARM
) -> tuple[RiskAdjusted, RiskAdjusted]:
    """The sums for errors that became more and for errors that became fewer: each has half of the false alarms."""
    worse, better = (
        risk_adjusted_cusum(errors, expected, ratio=ratio, false_alarm=false_alarm / 2) for ratio in (WORSE, BETTER)
    )
    return worse, better


def error_watch(sequence: pl.DataFrame, tallies: pl.DataFrame, taxonomy: Taxonomy, reviewer: str) -> ErrorWatch:
    """The errors of one reviewer, watched from the first answer to the last.

    `sequence` has the reviewer's answers: `decided_at, item_policy, item_language, gold_label, label`; those without a
    time are left out. `tallies` has the answers of everybody, the reviewer's too: `reviewer, item_policy,
    item_language, gold_label, label, answers`.
    """
    gold, given = codes(tallies, taxonomy)
    mix = case_mix(tallies, gold, {"wrong": gold != given})
    cases = tallies.select("reviewer", *_CASE)[mix.row].with_columns(expected=mix.usual("wrong"))
    answers = (
        sequence.drop_nulls("decided_at")
        .sort("decided_at", *_CASE, "label")
        .join(cases.filter(pl.col("reviewer") == reviewer), on=_CASE, nulls_equal=True, maintain_order="left")
        .select("decided_at", (pl.col("gold_label") != pl.col("label")).alias("is_error"), "expected")
        .with_row_index("number", 1)
    )
    worse, better = both_directions(answers["is_error"], answers["expected"])
    return ErrorWatch(answers.with_columns(worse=worse.sums, better=better.sums), worse, better)


def simulated_limit(expected: ArrayLike, *, ratio: float, false_alarm: float) -> float:
    """The smallest limit that at most a share `false_alarm` of simulated series pass, with errors as expected."""
    random = np.random.default_rng(_SEED)
    current, highest = np.zeros(_RUNS), np.zeros(_RUNS)
    for chance in np.asarray(expected, dtype=float):
        wrong = random.random(_RUNS) < chance
        current = np.maximum(current + _steps(wrong, chance, ratio), 0.0)
        np.maximum(highest, current, out=highest)
    return float(np.quantile(highest, 1 - false_alarm, method="inverted_cdf"))


def _steps(wrong: ArrayLike, chance: ArrayLike, ratio: float) -> Array:
    """What each answer adds: its log-likelihood ratio."""
    return np.asarray(np.asarray(wrong) * math.log(ratio) - np.log1p((ratio - 1) * np.asarray(chance)))


def _sums(steps: Array) -> Array:
    sums, current = np.empty(steps.size), 0.0
    for place, step in enumerate(steps):
        sums[place] = current = max(0.0, current + step)
    return sums


def _runs(sums: Array) -> Counts:
    """For how many observations each sum has been above 0."""
    places = np.arange(1, sums.size + 1)
    return places - np.maximum.accumulate(np.where(sums > 0, 0, places))


def _first(sums: Array, limit: float) -> int | None:
    passed = np.flatnonzero(sums > limit + _ROUNDING)
    return int(passed[0]) + 1 if passed.size else None
