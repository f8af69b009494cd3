"""Exact bounds of a share, from the binomial distribution: they hold at every number of observations.

Source: Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
"""

import math

import numpy as np

from metrics.linearisation import Array, Counts


def upper_bound(part: Counts, whole: Counts, miss: Array | float) -> Array:
    """The share that is exceeded with a chance of `miss` at most; 1 where nothing is known."""
    from scipy.special import betaincinv  # noqa: PLC0415 - slow to load

    rest = np.maximum(whole - part, 1)
    found: Array = np.where(part < whole, betaincinv(part + 1, rest, 1 - np.asarray(miss)), 1.0)
    return found


def lower_bound(part: Counts, whole: Counts, miss: Array | float) -> Array:
    """The share that is not reached with a chance of `miss` at most; 0 where nothing is known."""
    found: Array = 1 - upper_bound(whole - part, whole, miss)
    return found


def p_value(part: Counts, whole: Counts, share: float) -> Array:
    """The chance of so few or fewer where the true share is `share`; 1 where there is nothing to see."""
    from scipy.special import bdtr  # noqa: PLC0415 - slow to load

    found: Array = np.where(whole > 0, bdtr(part, np.maximum(whole, 1), share), 1.0)
    return found


def least(share: float, miss: float) -> int:
    """How many observations, none of them an error, it takes for an upper bound of `share`."""
    return math.ceil(math.log(miss) / math.log1p(-share))


def least_at(rate: float, share: float, miss: float) -> int | None:
    """How many observations it takes for an upper bound of `share` where errors stay as frequent as `rate`.

    None where no number of them would do, and where a thousand million would not.
    """
    sizes = np.geomspace(least(share, miss), 1e9, 4_000).round().astype(np.int64)
    enough = upper_bound(np.ceil(sizes * rate).astype(np.int64), sizes, miss) <= share
    # Bounds are not monotone in the size, as errors are whole: after the last that fails all are enough.
    failing = np.flatnonzero(~enough)
    after = failing[-1] + 1 if len(failing) else 0
    return int(sizes[after]) if after < len(sizes) else None
