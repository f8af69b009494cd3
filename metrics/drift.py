"""Whether what a model says has drifted: each measure against what chance alone gives windows of these sizes.

The rules of thumb for the stability index (0.1 and 0.25) take no account of how many were counted: a small week passes
them by luck, and a large one stays below them after a real change. Here a measure is judged by what comes of dealing
both windows' items at random. Drift is said only of what is both more than chance gives and large enough to matter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from metrics.divergences import js_divergence, ks, psi, wasserstein
from metrics.linearisation import Array
from metrics.multiplicity import benjamini_hochberg
from metrics.windows import Windows

ALPHA = 0.05
SMALLEST_SHIFT = 0.2
"""The smallest effect that matters: scores moved by a fifth of their standard deviation, which Cohen calls small.

Each measure's own is what it comes to for two normal distributions that lie so far apart: Cohen (1988), ISBN
0-8058-0283-5.
"""
BINS, CELLS = 10, 100
"""Bins by the reference's tenths; scores in finer steps than so many are merged where draws are made."""
DRAWS, _SEED = 999, 60_000
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Measure:
    """How far two windows lie apart, by one measure, and how it grows with a small shift.

    `power` is 2 where it grows with the square of the shift, as chance does by 1/M + 1/N; 1 where as the shift itself.
    `smallest` is the smallest effect that matters; for scores moved in their own units, in standard deviations.
    """

    name: str
    of: Callable[[Windows], Array]
    smallest: float
    power: int
    is_binned: bool
    has_units: bool = False


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("psi", lambda windows: psi(windows.reference, windows.current), 0.04, 2, is_binned=True),
        Measure("js", lambda windows: js_divergence(windows.reference, windows.current), 0.0072, 2, is_binned=True),
        Measure("ks", lambda windows: ks(windows.reference, windows.current), 0.0797, 1, is_binned=False),
        Measure(
            "wasserstein",
            lambda windows: wasserstein(windows.reference, windows.current, windows.values),
            SMALLEST_SHIFT,
            1,
            is_binned=False,
            has_units=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure of a current window against a reference window.

    `value` is as counted, `effect` without what counting adds by luck, with its 95 % interval. `p` is the chance of as
    much without drift, `usual` what it comes to on average then, and `limit` what it stays below 95 times in 100.
    `smallest` is the smallest effect that matters and `needed` how many current observations it takes until that is as
    large as the limit; None where no number is enough beside this reference. `by_chance` are draws without drift.
    """

    measure: str
    value: float
    effect: float
    low: float
    high: float
    p: float
    usual: float
    limit: float
    smallest: float
    needed: int | None
    sizes: tuple[int, int]
    by_chance: Array

    @property
    def is_large(self) -> bool:
        """Whether the effect is as large as the smallest that matters."""
        return self.effect >= self.smallest


def drift(measure: Measure, windows: Windows, *, is_binned: bool = False, seed: int = _SEED) -> Drift:
    """A measure of two windows, each with at least one observation, against its own null distribution.

    Draws without drift deal the observations of both windows to them at random, so many to each: a permutation test,
    which takes observations for independent. `is_binned` says that cells are labels, which stay what they are. The
    interval is of a bootstrap of each window's counts, corrected for its bias: that of a window drawn again is on
    average as much too large as that of the window itself. It begins at 0 where the test finds nothing.
    """
    random = np.random.default_rng(seed)
    binned = windows.in_bins(BINS) if measure.is_binned and not is_binned else windows
    value = float(measure.of(binned))
    # Scores are compared as they are; the test and the bootstrap see a hundred steps of equal share.
    cells = binned.coarse(CELLS)
    seen = float(measure.of(cells))
    null, again = _without_drift(measure, cells, random), _drawn_again(measure, cells, random)
    p = (1 + int((null >= seen - _ROUNDING).sum())) / (DRAWS + 1)
    bias = float(again.mean()) - seen
    low, high = (max(float(end) - 2 * bias + value - seen, 0.0) for end in np.quantile(again, (0.025, 0.975)))
    smallest = measure.smallest * (spread(windows) if measure.has_units else 1.0)
    limit = float(np.quantile(null, 1 - ALPHA))
    needed = _needed(windows.sizes, limit, smallest, measure.power)
    effect = (max(value - bias, 0.0), low if p <= ALPHA else 0.0, high)
    return Drift(measure.name, value, *effect, p, float(null.mean()), limit, smallest, needed, windows.sizes, null)


def drifted(found: Sequence[Drift]) -> list[bool]:
    """Which of several tests call drift: significant among all of them, and large enough to matter.

    Of the calls at most 5 % are expected to be false. Source: Benjamini and Hochberg (1995),
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    adjusted = benjamini_hochberg(np.array([each.p for each in found])) if found else ()
    return [bool(p <= ALPHA) and each.is_large for each, p in zip(found, adjusted, strict=True)]


def expected_calls(found: Sequence[Drift]) -> float:
    """How many of the tests would call drift if nothing had drifted anywhere: all judged again on their own draws."""
    if not found:
        return 0.0
    draws = np.array([each.by_chance for each in found])
    ranks = (DRAWS - np.argsort(np.argsort(draws, axis=1, kind="stable"), axis=1)) / (DRAWS + 1)
    adjusted = np.apply_along_axis(benjamini_hochberg, 0, ranks)
    bias = np.array([[each.value - each.effect] for each in found])
    smallest = np.array([[each.smallest] for each in found])
    return float(((adjusted <= ALPHA) & (draws - bias >= smallest)).sum(axis=0).mean())


def folklore(value: float) -> str:
    """What the rule of thumb calls a stability index, whatever the sizes: shown beside the verdict, never used."""
    return "stable" if value < 0.1 else "moderate" if value < 0.25 else "major"  # noqa: PLR2004 - the rule itself


def spread(windows: Windows) -> float:
    """The standard deviation of the reference's values."""
    mean = np.average(windows.values, weights=windows.reference)
    return float(np.sqrt(np.average((windows.values - mean) ** 2, weights=windows.reference)))


def _without_drift(measure: Measure, cells: Windows, random: np.random.Generator) -> Array:
    """The measure of windows that all observations are dealt to at random."""
    pooled = cells.pooled.astype(np.int64)
    current = random.multivariate_hypergeometric(pooled, cells.sizes[1], size=DRAWS, method="marginals")
    return measure.of(replace(cells, reference=(pooled - current).astype(float), current=current.astype(float)))


def _drawn_again(measure: Measure, cells: Windows, random: np.random.Generator) -> Array:
    """The measure of windows that are each drawn again from themselves."""
    reference, current = (
        random.multinomial(int(window.sum()), window / window.sum(), size=DRAWS).astype(float)
        for window in (cells.reference, cells.current)
    )
    return measure.of(replace(cells, reference=reference, current=current))


def _needed(sizes: tuple[int, int], limit: float, smallest: float, power: int) -> int | None:
    """The current size at which the limit without drift comes down to the smallest effect, beside this reference."""
    noise = (1 / sizes[0] + 1 / sizes[1]) * ((smallest / limit) ** (2 / power) if limit > 0 else np.inf)
    left = noise - 1 / sizes[0]
    return max(int(np.ceil(1 / left)), 1) if left > 0 else None
