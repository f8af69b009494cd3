"""Standard errors, jackknife and bootstrap for any smooth function of totals.

Every coefficient here is such a function: each unit (an item, an answer) adds its features to the totals, and the
coefficient is made of sums, products and quotients of them. So counts of distinct units are all that is needed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
# Real totals, or complex ones where the gradient is taken; any number of rows, one total per column.
Totals = NDArray[Any]
Statistic = Callable[[Totals], Totals]

_ROUNDING = 1e-12
# The imaginary step of the complex-step derivative: nothing is subtracted, so it may be as small as the format allows.
_STEP = 1e-30
_CELLS_AT_ONCE = 4_000_000


def quotient(numerator: Totals, denominator: Totals) -> Totals:
    """A quotient that is not a number where the denominator is zero.

    Denominators are of the order of one, so whatever is within rounding of zero is zero.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.abs(denominator) > _ROUNDING, numerator / denominator, np.nan)


def known(value: float) -> float | None:
    """The number, or None where it is not one."""
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class SmoothStatistic:
    """A smooth function of totals: `statistic` takes totals (rows by features) to one number per row.

    `features` has one row per distinct unit, `units` says how often it occurs. `gradient` takes the totals of all to
    the derivative by each feature; it is found by the complex-step method where it is not given: Squire and Trapp
    (1998), doi:10.1137/S003614459631241X.
    """

    features: "Array | csr_array"
    units: Counts
    statistic: Statistic
    gradient: Callable[[Array], Array] | None = None

    @property
    def n(self) -> int:
        """How many units there are."""
        return int(self.units.sum())

    @property
    def totals(self) -> Array:
        """The sum of every feature over all units."""
        return np.asarray(self.units @ self.features, dtype=float)

    def value(self) -> float | None:
        """The statistic of the data as they are."""
        return known(float(self.statistic(self.totals[None, :])[0]))

    def influence(self) -> Array:
        """How far one unit of each kind moves the statistic, centred: the empirical influence function over n."""
        moves = np.asarray(self.features @ self._slope(), dtype=float)
        return np.asarray(moves - np.average(moves, weights=self.units))

    def standard_error(self) -> float | None:
        """The linearisation standard error over units: n/(n-1) times the summed squared influence, rooted."""
        return spread(self.influence(), self.units) if self.n > 1 else None

    def leave_one_out(self) -> Array:
        """The statistic without one unit of each kind; not a number where that leaves it undefined."""
        totals, wide = self.totals, self.features.shape[1]
        step = max(1, _CELLS_AT_ONCE // wide)
        parts = [
            self.statistic(totals - dense(self.features[start : start + step]))
            for start in range(0, self.features.shape[0], step)
        ]
        return np.concatenate(parts).real

    def jackknife_standard_error(self) -> float | None:
        """The delete-one-unit jackknife standard error; None where leaving a unit out leaves nothing defined."""
        return jackknife(self.leave_one_out(), self.units)

    def replicates(self, count: int, *, seed: int) -> Array:
        """`count` bootstrap replicates over units; not a number where a replicate is undefined.

        Drawing how often each distinct unit occurs is exactly resampling units. The kinds that occur most are drawn
        first, because the draw stops when no unit is left; then the order of the rows does not matter.
        """
        generator = np.random.default_rng(seed)
        columns = tuple(self.features.T) if isinstance(self.features, np.ndarray) else ()
        order = np.lexsort((*columns, -self.units))
        features, shares = self.features[order], self.units[order] / self.n
        step = max(1, _CELLS_AT_ONCE // max(1, shares.size))
        parts = [
            self.statistic(generator.multinomial(self.n, shares, size=min(step, count - start)) @ features)
            for start in range(0, count, step)
        ]
        return np.concatenate(parts).real

    def within(self, kinds: NDArray[np.bool_]) -> "SmoothStatistic":
        """The same statistic over some kinds of units only."""
        return replace(self, features=self.features[kinds], units=self.units[kinds])

    def _slope(self) -> Array:
        if self.gradient is not None:
            return self.gradient(self.totals)
        totals = self.totals
        stepped = totals + 1j * _STEP * np.eye(totals.size)
        return np.asarray(self.statistic(stepped).imag / _STEP, dtype=float)


def spread(influence: Array, units: Counts) -> float | None:
    """The standard error that centred influences of repeated units give."""
    n = int(units.sum())
    return known(math.sqrt(n / (n - 1) * float(units @ influence**2)))


def jackknife(left_out: Array, units: Counts) -> float | None:
    """The jackknife standard error from the values with one unit left out, each of them `units` times."""
    n = int(units.sum())
    if n < 2 or not np.isfinite(left_out).all():  # noqa: PLR2004 - one unit cannot be left out
        return None
    centred = left_out - np.average(left_out, weights=units)
    return math.sqrt((n - 1) / n * float(units @ centred**2))


def dense(features: "Array | csr_array") -> Array:
    """The features as a plain array."""
    return features if isinstance(features, np.ndarray) else features.toarray()
