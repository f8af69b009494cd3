"""Many tests at once: p-values adjusted so that few of those called significant are so by chance."""

import numpy as np

from metrics.linearisation import Array


def benjamini_hochberg(p: Array) -> Array:
    """The false discovery rate at which each test would be called, for independent or positively dependent tests.

    Source: Benjamini and Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    return _stepped_up(p, len(p) / np.arange(1, len(p) + 1))


def benjamini_yekutieli(p: Array) -> Array:
    """The same for tests of any dependence. Source: Benjamini and Yekutieli (2001), doi:10.1214/aos/1013699998."""
    ranks = np.arange(1, len(p) + 1)
    return _stepped_up(p, len(p) / ranks * (1 / ranks).sum())


def holm(p: Array) -> Array:
    """The chance of any false call at which each would be made. Source: Holm (1979), Scand. J. Statist. 6:65-70."""
    order = np.argsort(p)
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return _placed(np.minimum(adjusted, 1), order)


def bonferroni(p: Array) -> Array:
    """The same by the plainest bound: every p-value times their number."""
    adjusted: Array = np.minimum(p * len(p), 1)
    return adjusted


def among_called(ordinary: Array) -> Array:
    """The share of false calls to expect where all are called who are at least as surely not ordinary as each one is.

    `ordinary` are posterior probabilities. Source: Newton et al. (2004), doi:10.1093/biostatistics/5.2.155.
    """
    order = np.argsort(ordinary, kind="stable")
    return _placed(np.cumsum(ordinary[order]) / np.arange(1, len(ordinary) + 1), order)


def _stepped_up(p: Array, factors: Array) -> Array:
    """Sorted p-values times factors, none larger than the next, in the order of the tests."""
    order = np.argsort(p)
    adjusted = np.minimum.accumulate((p[order] * factors)[::-1])[::-1]
    return _placed(np.minimum(adjusted, 1), order)


def _placed(adjusted: Array, order: np.ndarray) -> Array:
    placed = np.empty_like(adjusted)
    placed[order] = adjusted
    return placed
