"""Since when a series of daily shares is higher or lower than before, and between which days that began.

A change is a step, or a slope over one, two or four weeks, from one level to another. How far days lie apart without
any change is seen from the series itself: it is tested against its own days in random order, so that days which differ
by more than counting gives are no change.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from metrics.estimate import Z_95
from metrics.linearisation import Array, Counts

ALPHA = 0.05
"""The chance that a series without any change is said to have one, before its size is asked for."""
COURSES = ((1, 1), (7, 1), (14, 1), (28, 1), (14, 2), (28, 2))
"""Over how many days a change may come about, and by which power of the days: 1 is even, 2 begins slowly."""
LEAST_SIDE, LEAST_POINTS = 3, 12
"""A change needs so many points on either side, and a series so many in all."""
MOST = 3
LEAST_WORSE = 3.84
"""What twice the log-likelihood of one free number stays below in 95 of 100 cases."""
_DRAWS, _SEED = 499, 62_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Change:
    """A lasting change: its first day, the days between which that lies in 95 of 100 cases, and over how many it came.

    `size` is the level at the end less that before, with a 95 % interval that takes the day as found.
    """

    first: date
    earliest: date
    latest: date
    over: int
    size: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class ChangePoints:
    """The changes of a series in order of time, and how many such a series would be said to have without any."""

    changes: tuple[Change, ...]
    by_chance: float


@dataclass(frozen=True, slots=True)
class _Series:
    """Days, values and what each value weighs: one over its variance by counting."""

    days: Counts
    values: Array
    weights: Array


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What changes may look like, a row each: from 0 before the onset to 1 at the end, along one of the courses."""

    rows: Array
    onset: Counts
    course: Counts


def change_points(days: list[date], values: Array, counts: Counts, *, variance: float, smallest: float) -> ChangePoints:
    """The lasting changes of a series of daily means of `counts` observations with this `variance` each.

    One change after the other is looked for, the largest first, until days in random order come to as much in 5 % of
    499 draws. A change smaller than `smallest` is none. Days are taken for exchangeable where nothing changes: as
    spread as they are, but independent. Days without observations are left out.
    """
    numbers = np.array([day.toordinal() for day in days], dtype=np.int64)
    series = _Series(numbers, values, counts / variance)
    if len(days) < LEAST_POINTS or np.ptp(values) == 0:
        return ChangePoints((), 0.0)
    shapes = _shapes(numbers)
    found: list[tuple[int, float]] = []
    while True:
        rest = _without(series, shapes, [place for place, _ in found])
        place, p, by_chance = _test(rest, shapes, smallest)
        if p > ALPHA or len(found) == MOST or abs(_fit(rest, shapes.rows[[place]])[1][0]) < smallest:
            break
        found.append((place, p))
    changes = [
        _change(_without(series, shapes, [other for other, _ in found if other != place]), shapes, p)
        for place, p in found
    ]
    return ChangePoints(tuple(sorted(changes, key=lambda change: change.first)), by_chance)


def _shapes(days: Counts) -> _Shapes:
    onsets = days[LEAST_SIDE : len(days) - LEAST_SIDE + 1]
    onset, course = (grid.ravel() for grid in np.meshgrid(onsets, np.arange(len(COURSES)), indexing="ij"))
    over, power = np.array(COURSES).T[:, course]
    rows = np.clip((days - onset[:, None] + 1) / over[:, None], 0.0, 1.0) ** power[:, None]
    # A slope that is still under way at the end is as large as it is then.
    return _Shapes(rows / rows[:, -1:], onset, course)


def _fit(series: _Series, shapes: Array) -> tuple[Array, Array]:
    """By how much each shape lessens the weighted sum of squares around one level, and how large it is then."""
    gain, size = _fits(series.values[:, None], series.weights[:, None], shapes)
    return gain[:, 0], size[:, 0]


def _fits(values: Array, weights: Array, shapes: Array) -> tuple[Array, Array]:
    """The same for many series at once, one a column: shapes by series."""
    whole = weights.sum(axis=0)
    centred = values - (weights * values).sum(axis=0) / whole
    rises, along = shapes @ weights, shapes @ (weights * centred)
    spread = np.maximum((shapes**2) @ weights - rises**2 / whole, _ROUNDING * whole)
    return along**2 / spread, along / spread


def _scatter(values: Array, weights: Array) -> Array:
    """The weighted sum of squares around one level, of series in columns."""
    mean = (weights * values).sum(axis=0) / weights.sum(axis=0)
    found: Array = (weights * (values - mean) ** 2).sum(axis=0)
    return found


def _test(series: _Series, shapes: _Shapes, smallest: float) -> tuple[int, float, float]:
    """The best shape, its p-value, and how often days in random order are called a change of at least that size."""
    gain, _ = _fit(series, shapes.rows)
    best = int(gain.argmax())
    explained = gain[best] / _scatter(series.values, series.weights)
    random = np.random.default_rng(_SEED)
    orders = random.permuted(np.tile(np.arange(len(series.days)), (_DRAWS, 1)), axis=1).T
    values, weights = series.values[orders], series.weights[orders]
    gains, sizes = _fits(values, weights, shapes.rows)
    tops = gains.argmax(axis=0)
    draws = np.arange(_DRAWS)
    by_luck = gains[tops, draws] / _scatter(values, weights)
    p = (1 + int((by_luck >= explained - _ROUNDING).sum())) / (_DRAWS + 1)
    called = (by_luck > np.quantile(by_luck, 1 - ALPHA)) & (np.abs(sizes[tops, draws]) >= smallest)
    return best, p, float(called.mean())


def _without(series: _Series, shapes: _Shapes, places: list[int]) -> _Series:
    """The series less the changes at these places, fitted together."""
    if not places:
        return series
    design = np.column_stack([np.ones(len(series.days)), *shapes.rows[places]])
    root = np.sqrt(series.weights)
    sizes = np.linalg.lstsq(design * root[:, None], series.values * root, rcond=None)[0]
    return _Series(series.days, series.values - design[:, 1:] @ sizes[1:], series.weights)


def _change(series: _Series, shapes: _Shapes, p: float) -> Change:
    """The change of a series that has one, with the days on which it may have begun.

    A shape is held for possible where it fits hardly worse than the best: no worse than a true shape of its course does
    in 95 of 100 series that are simulated with it, on days that vary as much as these.
    """
    gain, size = _fit(series, shapes.rows)
    best = int(gain.argmax())
    variance = max((_scatter(series.values, series.weights) - gain[best]) / (len(series.days) - 3), 1.0)
    allowed = [
        _worse_when_true(series, shapes, int(np.where(shapes.course == course, gain, -1.0).argmax()), variance)
        for course in range(len(COURSES))
    ]
    held = shapes.onset[(gain[best] - gain) / variance <= np.take(allowed, shapes.course) + _ROUNDING]
    half = Z_95 * abs(size[best]) * np.sqrt(variance / gain[best])
    first, earliest, latest = (date.fromordinal(int(day)) for day in (shapes.onset[best], held.min(), held.max()))
    around = (float(size[best]), float(size[best] - half), float(size[best] + half))
    return Change(first, earliest, latest, COURSES[shapes.course[best]][0], *around, p)


def _worse_when_true(series: _Series, shapes: _Shapes, true: int, variance: float) -> float:
    """By how much a shape fits worse than the best one, in 95 of 100 series that it is the truth of."""
    random = np.random.default_rng(_SEED)
    noise = random.standard_normal((len(series.days), _DRAWS)) * np.sqrt(variance / series.weights)[:, None]
    values = _fit(series, shapes.rows[[true]])[1] * shapes.rows[true][:, None] + noise
    gains, _ = _fits(values, series.weights[:, None], shapes.rows)
    left = (_scatter(values, series.weights[:, None]) - gains.max(axis=0)) / (len(series.days) - 3)
    worse = (gains.max(axis=0) - gains[true]) / np.maximum(left, 1.0)
    return max(float(np.quantile(worse, 1 - ALPHA)), LEAST_WORSE)
