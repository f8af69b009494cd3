"""What people's shares are in truth and so will be, when few people tell how far they differ.

As in `shrinkage`, shares are draws from one beta distribution; here not the likeliest distribution counts but every
one, by how well it explains the counts. A tenth of people may differ from the mean three times as far as the others,
so that who stands far out is drawn in less: simulated reviewers, of whom some are new, had otherwise a forecast too
good for the weakest of them. Sources: Deely and Lindley (1981), doi:10.1080/01621459.1981.10477731; the prior is
uniform in how far a person of usual experience is drawn towards the mean: Daniels (1999), doi:10.2307/3316112.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from metrics.linearisation import Array

_DRAWN_IN = (np.arange(20) + 0.5) / 20
"""How far somebody of usual experience is drawn towards the mean."""
_DEVIATES = np.linspace(-3.5, 3.5, 15)
"""Means that are looked at, in standard errors on the scale of log odds."""
_OUTLYING, _FURTHER = 0.1, 3.0
"""The share of people who differ further, and how many times as far."""


@dataclass(frozen=True, slots=True)
class Forecaster:
    """Beta distributions by their parameters, each with its probability, and people's counts.

    `outlying` has for each person (rows) and distribution the probability of being one of those who differ further.
    """

    alpha: Array
    beta: Array
    probability: Array
    outlying: Array
    part: Array
    whole: Array

    @classmethod
    def of(cls, part: Array, whole: Array) -> Self:
        """From everybody's `part` of a `whole`, which need not be whole numbers; somebody has some."""
        from scipy.special import betaln, expit, logit  # noqa: PLC0415 - slow to load

        seen = whole > 0
        wholes = whole[seen]
        weight = seen.sum() / (1 / wholes).sum() * _DRAWN_IN / (1 - _DRAWN_IN)
        overall = (part.sum() + 0.5) / (wholes.sum() + 1)
        odds = 1 / (overall * (1 - overall))
        # The standard error of the mean of everybody's shares, were everybody's share a draw with this weight.
        error = np.sqrt(odds * ((wholes[:, None] + weight) / wholes[:, None] / (1 + weight)).sum(axis=0)) / seen.sum()
        mean = expit(logit(overall) + error[:, None] * _DEVIATES)
        alpha, beta = (mean * weight[:, None]).ravel(), ((1 - mean) * weight[:, None]).ravel()
        usual, further = (
            betaln(a + part[:, None], b + (whole - part)[:, None]) - betaln(a, b) + np.log(share)
            for a, b, share in ((alpha, beta, 1 - _OUTLYING), (alpha / _FURTHER**2, beta / _FURTHER**2, _OUTLYING))
        )
        explains = np.logaddexp(usual, further)
        likelihood = explains.sum(axis=0)
        # Means lie further apart where the weight is small.
        probability = np.exp(likelihood - likelihood.max()) * np.repeat(error, len(_DEVIATES))
        return cls(alpha, beta, probability / probability.sum(), np.exp(further - explains), part, whole)

    def means(self) -> Array:
        """Everybody's expected share."""
        return self._moments(self.whole >= 0)[0] @ self.probability

    def sum(self, weights: Array) -> tuple[float, float]:
        """The expectation and the standard deviation of a weighted sum of people's true shares."""
        counted = weights != 0
        expected, squared = self._moments(counted)
        sums = weights[counted] @ expected
        mean, within = float(sums @ self.probability), weights[counted] ** 2 @ (squared - expected**2)
        return mean, float(np.sqrt((within + (sums - mean) ** 2) @ self.probability))

    def _moments(self, those: NDArray[np.bool_]) -> tuple[Array, Array]:
        """The expected share and its expected square, some people by distributions."""
        outlying, part, whole = self.outlying[those], self.part[those, None], self.whole[those, None]
        first, second = np.zeros_like(outlying), np.zeros_like(outlying)
        for scale, likely in ((1.0, 1 - outlying), (_FURTHER**2, outlying)):
            alpha, weight = self.alpha / scale + part, (self.alpha + self.beta) / scale + whole
            first += likely * alpha / weight
            second += likely * alpha * (alpha + 1) / weight / (weight + 1)
        return first, second
