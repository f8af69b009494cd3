"""Control charts of shares and coefficients that vary from day to day by more than counting alone allows.

A p chart takes every day for the same lottery. On large days its limits are so close that ordinary days lie outside.
Laney's p′ chart measures how far days really lie apart, by the differences of neighbours, and widens limits by that.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.linearisation import Array, Counts
from metrics.weights import UndefinedError

LIMIT = 3.0
"""Limits lie so many standard errors from the centre."""
LEAST_POINTS = 8
"""Fewer points do not tell how far days lie apart."""
BASELINE_POINTS = 20
"""Where a third of the points are so many, limits are those of the first third; else of all points."""
_D2 = 1.128
"""The mean range of two normal observations, in standard deviations."""
_SIGMA_ERROR = 0.91
"""The relative standard error of the sigma of a long series, times the root of its length."""
_SERIES, _SEED = 2_000, 61_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class LaneyChart:
    """Limits for each point of a series.

    `sigma` is by how much points vary more than counting alone gives: 1 is no more. `limits_sigma` is what the limits
    use, at least 1. The centre and sigma are of the first `baseline` points. `is_out` says which points signal, and
    `by_chance` how many points of such a series would if nothing changed.
    """

    centre: float
    sigma: float
    limits_sigma: float
    low: Array
    high: Array
    is_out: NDArray[np.bool_]
    baseline: int
    by_chance: float


def laney_chart(
    values: Array,
    counts: Counts,
    *,
    bounds: tuple[float, float] = (0.0, 1.0),
    variance: float | None = None,
    smallest: float = 0.0,
) -> LaneyChart:
    """The p′ chart of shares of `counts` observations, or of another mean whose one observation has this `variance`.

    Only points with observations are given. A point signals where it lies outside of its limits and at least `smallest`
    from the centre; there is no other rule. How often that happens by chance is simulated: the same counts, days that
    vary as much, limits found from them in the same way. Assumes that days are independent. Source: Laney (2002),
    doi:10.1081/QEN-120003555.
    """
    if len(values) < LEAST_POINTS:
        raise UndefinedError(f"{len(values)} points are too few for limits, which need {LEAST_POINTS}")
    baseline = baseline_points(len(values))
    chart = _chart(baseline, counts, variance)
    centre, error, sigma, usual = (each[0] for each in chart(values[None, :]))
    if error[0] == 0:
        raise UndefinedError("all points are alike, so that nothing tells how far they may lie apart")
    wide = max(float(sigma), 1.0)
    random = np.random.default_rng(_SEED)
    # All points tell better than the first how far days lie apart. Of what is never less than 1 luck would make more.
    real = max(float(usual) * (1 - _SIGMA_ERROR / len(values) ** 0.5), 1.0)
    drawn = _shares(float(centre), counts, real, random) if variance is None else _means(centre, error, real, random)
    low, high = np.clip(centre - LIMIT * wide * error, *bounds), np.clip(centre + LIMIT * wide * error, *bounds)
    is_out = _outside(values[None, :], *chart(values[None, :])[:3], smallest)[0]
    by_chance = float(_outside(drawn, *chart(drawn)[:3], smallest).sum(axis=1).mean())
    return LaneyChart(float(centre), float(sigma), wide, low, high, is_out, baseline, by_chance)


def baseline_points(points: int) -> int:
    """How many of the first points limits are found from."""
    third = points // 3
    return third if third >= BASELINE_POINTS else points


def moving_range_sigma(values: Array) -> Array:
    """The standard deviation of a series (last axis) by the differences of neighbours, as charts of individuals use it.

    A lasting change counts in one difference only. Source: Wheeler and Chambers (1992), ISBN 0-945320-13-2.
    """
    found: Array = np.abs(np.diff(values, axis=-1)).mean(axis=-1) / _D2
    return found


Chart = Callable[[Array], tuple[Array, Array, Array, Array]]
"""From series (a row each) to their centres, points' standard errors by counting, and sigmas of first and all."""


def _chart(baseline: int, counts: Counts, variance: float | None) -> Chart:
    def of(series: Array) -> tuple[Array, Array, Array, Array]:
        centre = np.average(series[:, :baseline], weights=counts[:baseline], axis=1)
        one = centre * (1 - centre) if variance is None else np.full(len(series), variance)
        error = np.sqrt(one[:, None] / counts)
        with np.errstate(divide="ignore", invalid="ignore"):
            deviations = np.where(error > 0, (series - centre[:, None]) / error, 0.0)
        return centre, error, moving_range_sigma(deviations[:, :baseline]), moving_range_sigma(deviations)

    return of


def _outside(series: Array, centre: Array, error: Array, sigma: Array, smallest: float) -> NDArray[np.bool_]:
    apart = np.abs(series - centre[:, None])
    limit = LIMIT * np.maximum(sigma, 1.0)[:, None] * error
    found: NDArray[np.bool_] = (apart > limit + _ROUNDING) & (apart >= smallest - _ROUNDING)
    return found


def _shares(centre: float, counts: Counts, sigma: float, random: np.random.Generator) -> Array:
    """Series of shares of so many observations, that vary by `sigma` times what counting gives: beta-binomial."""
    alike = np.minimum((sigma**2 - 1) / np.maximum(counts - 1, 1), 0.5)
    if sigma == 1:
        return np.asarray(random.binomial(counts, centre, size=(_SERIES, len(counts))) / counts)
    size = 1 / alike - 1
    days = random.beta(centre * size, (1 - centre) * size, size=(_SERIES, len(counts)))
    return np.asarray(random.binomial(counts, days) / counts)


def _means(centre: Array, error: Array, sigma: float, random: np.random.Generator) -> Array:
    return np.asarray(centre + sigma * error * random.standard_normal((_SERIES, len(error))))
