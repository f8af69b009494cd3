"""Estimates from a sample that was drawn with known probabilities: what the design says, and no model.

A weight is how many units of the population a drawn one stands for: 1 / its inclusion probability. Sources: Horvitz and
Thompson (1952), doi:10.1080/01621459.1952.10483446; Cochran (1977), Sampling Techniques, ISBN 0-471-16240-X; Särndal,
Swensson and Wretman (1992), Model Assisted Survey Sampling, ISBN 0-387-40620-4.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from metrics.linearisation import Array


class Stratum(NamedTuple):
    """The values of the units that were drawn from a stratum, and how many units it has (infinity: endlessly many)."""

    values: Array
    size: float


class Measured(NamedTuple):
    """An estimate and its standard error."""

    value: float
    standard_error: float


def horvitz_thompson_total(values: ArrayLike, probabilities: ArrayLike) -> Measured:
    """The total of the population, each unit of which was drawn by itself (Poisson sampling)."""
    weighted, chances = np.asarray(values, float) / np.asarray(probabilities, float), np.asarray(probabilities, float)
    return Measured(float(weighted.sum()), float(np.sqrt(((1 - chances) * weighted**2).sum())))


def hajek_mean(values: ArrayLike, probabilities: ArrayLike) -> Measured:
    """The mean of the population, with its size estimated from the weights; each unit was drawn by itself.

    Source: Hájek (1971), in Foundations of Statistical Inference, p. 236.
    """
    return ratio(values, np.ones_like(np.asarray(values, float)), probabilities)


def stratified_total(strata: Sequence[Stratum]) -> Measured:
    """The total of a population in strata, with finite population correction. Source: Cochran (1977), 5.6."""
    return _over_strata(strata, [stratum.size for stratum in strata])


def stratified_mean(strata: Sequence[Stratum], *, shares: Sequence[float] | None = None) -> Measured:
    """The mean of a population in strata, whose `shares` of the whole are by their sizes unless given."""
    whole = sum(stratum.size for stratum in strata)
    return _over_strata(strata, [stratum.size / whole for stratum in strata] if shares is None else shares)


def ratio(parts: ArrayLike, wholes: ArrayLike, probabilities: ArrayLike) -> Measured:
    """The total of one variable in parts of that of another, by linearisation; each unit was drawn by itself."""
    part, whole = np.asarray(parts, float), np.asarray(wholes, float)
    total = horvitz_thompson_total(whole, probabilities).value
    value = horvitz_thompson_total(part, probabilities).value / total
    return Measured(value, horvitz_thompson_total((part - value * whole) / total, probabilities).standard_error)


def neyman_allocation(
    sizes: ArrayLike, deviations: ArrayLike, total: float, *, costs: ArrayLike | None = None
) -> Array:
    """How many of `total` draws go to each stratum for the least variance, unrounded.

    In proportion to the stratum's size times its standard deviation, by the root of what a draw costs there: Cochran
    (1977), 5.26.
    """
    wanted = np.asarray(sizes, float) * np.asarray(deviations, float)
    wanted = wanted if costs is None else wanted / np.sqrt(np.asarray(costs, float))
    found: Array = total * wanted / wanted.sum()
    return found


def allocated_variance(sizes: ArrayLike, deviations: ArrayLike, drawn: ArrayLike) -> float:
    """The variance of the stratified mean under an allocation, without finite population correction."""
    shares = np.asarray(sizes, float) / np.sum(sizes)
    return float((shares**2 * np.asarray(deviations, float) ** 2 / np.asarray(drawn, float)).sum())


def effective_size(weights: ArrayLike) -> float:
    """How many equally weighted units would tell a mean as precisely as these. Source: Kish (1965), 11.7."""
    each = np.asarray(weights, float)
    return float(each.sum() ** 2 / (each**2).sum())


def _over_strata(strata: Sequence[Stratum], weights: Sequence[float]) -> Measured:
    value = variance = 0.0
    for stratum, weight in zip(strata, weights, strict=True):
        drawn = len(stratum.values)
        if drawn == 1:
            raise ValueError("one unit drawn from a stratum does not tell how its units vary")
        value += weight * float(np.mean(stratum.values))
        variance += weight**2 * (1 - drawn / stratum.size) * float(np.var(stratum.values, ddof=1)) / drawn
    return Measured(value, math.sqrt(variance))
