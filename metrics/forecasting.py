"""What people's shares are in truth and so will be, when few people tell how far they differ.

As in `shrinkage`, shares are draws from one beta distribution; here not the likeliest distribution counts but every
one, by how well it explains the counts. Sources: Deely and Lindley (1981), doi:10.1080/01621459.1981.10477731; the
prior is uniform in how far a person of usual experience is drawn towards the mean: Daniels (1999),
doi:10.2307/3316112.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from metrics.linearisation import Array

_DRAWN_IN = (np.arange(20) + 0.5) / 20
"""How far somebody of usual experience is drawn towards the mean."""
_DEVIATES = np.linspace(-3.5, 3.5, 15)
"""Means that are looked at, in standard errors on the scale of log odds."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Beta distributions by their parameters, each with its probability, and people's counts."""

    alpha: Array
    beta: Array
    probability: Array
    part: Array
    whole: Array

    @classmethod
    def of(cls, part: Array, whole: Array) -> Self:
        """From everybody's `part` of a `whole`, which need not be whole numbers; somebody has some."""
        from scipy.special import betaln, expit, logit  # noqa: PLC0415 - slow to load

        seen = whole > 0
        parts, wholes = part[seen], whole[seen]
        weight = seen.sum() / (1 / wholes).sum() * _DRAWN_IN / (1 - _DRAWN_IN)
        overall = (parts.sum() + 0.5) / (wholes.sum() + 1)
        odds = 1 / (overall * (1 - overall))
        # The standard error of the mean of everybody's shares, were everybody's share a draw with this weight.
        error = np.sqrt(odds * ((wholes[:, None] + weight) / wholes[:, None] / (1 + weight)).sum(axis=0)) / seen.sum()
        mean = expit(logit(overall) + error[:, None] * _DEVIATES)
        alpha, beta = (mean * weight[:, None]).ravel(), ((1 - mean) * weight[:, None]).ravel()
        explains = betaln(alpha + parts[:, None], beta + (wholes - parts)[:, None]) - betaln(alpha, beta)
        likelihood = explains.sum(axis=0)
        # Means lie further apart where the weight is small.
        probability = np.exp(likelihood - likelihood.max()) * np.repeat(error, len(_DEVIATES))
        return cls(alpha, beta, probability / probability.sum(), part, whole)

    def means(self) -> Array:
        """Everybody's expected share."""
        return self._expected() @ self.probability

    def sum(self, weights: Array) -> tuple[float, float]:
        """The expectation and the standard deviation of a weighted sum of people's true shares."""
        counted = weights != 0
        theirs = Forecaster(self.alpha, self.beta, self.probability, self.part[counted], self.whole[counted])
        expected = theirs._expected()
        variance = expected * (1 - expected) / (self.alpha + self.beta + theirs.whole[:, None] + 1)
        sums = weights[counted] @ expected
        mean = float(sums @ self.probability)
        within = weights[counted] ** 2 @ variance
        return mean, float(np.sqrt((within + (sums - mean) ** 2) @ self.probability))

    def _expected(self) -> Array:
        """People by distributions."""
        return (self.alpha + self.part[:, None]) / (self.alpha + self.beta + self.whole[:, None])
