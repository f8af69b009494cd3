"""Shares of decisions that are made by the new version, seen through ordinary errors and drawn towards those of all.

An answer takes what the new version says with the probability π·h + (1-π)·f, where h and f are how often somebody
does who decides by the new version, and by the old one; π is what is asked for. The π of all are taken for draws from
one beta distribution, as in `metrics.shrinkage`; which one is not known, so all that are likely are weighed, as in
`metrics.pooling`: else few answers of few people would look surer than they are. Source: Rogan and Gladen (1978),
doi:10.1093/oxfordjournals.aje.a112510, for one; Gelman et al. (2013), ISBN 978-1-4398-4095-5, chapter 5, for many.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from metrics.adoption_tables import Asked
from metrics.linearisation import Array

_CELLS = 1_000
_EDGES = np.sin(np.linspace(0, np.pi / 2, _CELLS + 1)) ** 2
_POINTS = np.sin((np.arange(_CELLS) + 0.5) / _CELLS * np.pi / 2) ** 2
"""A grid of shares that is finest near 0 and 1, where most lie, and the values that stand for its cells."""
_MEANS, _SPREADS = (np.arange(30) + 0.5) / 30, np.geomspace(1e-3, 1e2, 16)
"""The means of the beta distributions that are weighed, and their 1 / (alpha + beta)."""
_LEVEL, _AT_ONCE = 0.95, 10_000
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class Shares:
    """How likely each unit's share is each of a grid of values (units by values)."""

    chances: Array

    @property
    def means(self) -> Array:
        """The posterior means."""
        return np.asarray(self.chances @ _POINTS)

    @property
    def intervals(self) -> tuple[Array, Array]:
        """The ends of the shortest intervals that hold each share with 95 %, as wide as it takes to hold the mean.

        The shortest, so that one who decides by one version alone can lie in theirs: at its end, 0 or 1.
        """
        low, high = np.empty((2, len(self.chances)))
        for unit, chances in enumerate(self.chances):
            below = np.concatenate([[0], np.cumsum(chances)])
            ends = np.searchsorted(below, below + _LEVEL)
            starts = np.flatnonzero(ends <= _CELLS)
            shortest = starts[np.argmin(_EDGES[ends[starts]] - _EDGES[starts])]
            low[unit], high[unit] = _EDGES[shortest], _EDGES[ends[shortest]]
        return np.minimum(low, self.means), np.maximum(high, self.means)


def shares(found: Asked, *, units: int) -> Shares:
    """Each unit's share of decisions by the new version, from its answers; takes answers for independent."""
    values = np.zeros((units, _POINTS.size))
    for start in range(0, found.unit.size, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        old, took = found.by_old[some, None], found.took[some, None]
        chance = old + (found.by_new[some, None] - old) * _POINTS
        gain = took * np.log(chance) + (found.answers[some, None] - took) * np.log1p(-chance)
        np.add.at(values, found.unit[some], gain)
    likelihood = np.exp(values - values.max(axis=1, keepdims=True))
    laws = _laws()
    of_units = likelihood @ laws.T + _TINY
    of_all = np.log(of_units).sum(axis=0)
    weights = np.exp(of_all - of_all.max())
    chances = likelihood * (weights / of_units @ laws)
    return Shares(chances / chances.sum(axis=1, keepdims=True))


@cache
def _laws() -> Array:
    """The chances of the grid's values under each beta distribution that is weighed."""
    from scipy.special import betainc  # noqa: PLC0415 - slow to load

    mean, spread = (each.ravel()[:, None] for each in np.meshgrid(_MEANS, _SPREADS))
    laws: Array = np.diff(betainc(mean / spread, (1 - mean) / spread, _EDGES), axis=1)
    return laws
