"""How far two windows of counts lie apart, by the measures in use.

Every function takes the counts of a reference and of a current window, cells along the last axis in the same order, and
gives one number for each row before it. A cell that neither window has must have been left out.
"""

import numpy as np

from metrics.linearisation import Array

HALF = 0.5
"""What every cell of both windows is given where some cell is empty, before the stability index is taken."""


def psi(reference: Array, current: Array) -> Array:
    """The population stability index: the divergence of Kullback and Leibler to and fro, in nats; 0 without change.

    It is infinite where a cell is empty in one window. So where any is, and only there, every cell of both windows gets
    half an observation. Source: Yurdakul and Naranjo (2020), doi:10.21314/JRMV.2020.227.
    """
    is_empty = ((reference == 0) | (current == 0)).any(axis=-1, keepdims=True)
    before, after = (_shares(window + HALF * is_empty) for window in (reference, current))
    found: Array = ((after - before) * np.log(after / before)).sum(axis=-1)
    return found


def js_divergence(reference: Array, current: Array) -> Array:
    """The divergence of Jensen and Shannon, in bits: from 0, the same, to 1, nothing in common.

    Its square root is the distance of that name. Source: Lin (1991), doi:10.1109/18.61115.
    """
    before, after = _shares(reference), _shares(current)
    middle = (before + after) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = [np.where(window > 0, window * np.log2(window / middle), 0.0) for window in (before, after)]
    # Of two windows alike rounding may leave a negative trace.
    found: Array = np.clip(sum(bits).sum(axis=-1) / 2, 0.0, 1.0)  # type: ignore[union-attr]
    return found


def ks(reference: Array, current: Array) -> Array:
    """The largest difference of the cumulative shares of ordered cells: Kolmogorov and Smirnov's D, from 0 to 1."""
    found: Array = np.abs(_cumulative_difference(reference, current)).max(axis=-1)
    return found


def wasserstein(reference: Array, current: Array, values: Array) -> Array:
    """How far an observation must move on average to make one window the other, in the units of the cells' values."""
    apart = np.abs(_cumulative_difference(reference, current))[..., :-1]
    found: Array = (apart * np.diff(values)).sum(axis=-1)
    return found


def _shares(counts: Array) -> Array:
    """Counts as shares of their row."""
    found: Array = counts / counts.sum(axis=-1, keepdims=True)
    return found


def _cumulative_difference(reference: Array, current: Array) -> Array:
    found: Array = np.cumsum(_shares(current) - _shares(reference), axis=-1)
    return found
