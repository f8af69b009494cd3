"""What reviewers' shares are in truth, with the luck of few answers taken out: beta-binomial empirical Bayes.

The shares of all reviewers are taken for draws from one beta distribution, which their counts tell; each reviewer's own
counts then say where in it they lie. Source: Griffiths (1973), doi:10.2307/2529131; Efron and Morris (1975),
doi:10.1080/01621459.1975.10479864.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.linearisation import Array, Counts

_ROUNDING = 1e-9
_STARTS = np.geomspace(1e-5, 1e2, 15)
"""Spreads rho / (1 - rho) from which the search for the likeliest may begin."""


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """A beta distribution of reviewers' shares, with its parameters and its mean.

    `alpha` and `beta` are infinite where the counts vary no more than those of equally good reviewers would: no
    detectable difference between reviewers. `log_likelihood` is that of the counts, `log_likelihood_alike` that of one
    share for all; `right` and `n` are the counts of all reviewers together.
    """

    alpha: float
    beta: float
    mean: float
    log_likelihood: float
    log_likelihood_alike: float
    right: int
    n: int

    @property
    def differs(self) -> bool:
        """Whether a difference between reviewers can be detected at all."""
        return math.isfinite(self.weight)

    @property
    def weight(self) -> float:
        """How many answers of their own weigh as much as what is known of a reviewer from the others."""
        return self.alpha + self.beta

    @property
    def correlation(self) -> float:
        """How far two answers of one reviewer are alike (rho): 0 where reviewers do not differ."""
        return 1 / (1 + self.weight)

    @property
    def spread(self) -> float:
        """The standard deviation of the true shares."""
        return math.sqrt(self.mean * (1 - self.mean) * self.correlation)

    @property
    def p_alike(self) -> float:
        """The p-value that all reviewers share one rate, from the likelihood ratio.

        The spread cannot be negative, so half of the chi-squared law lies at 0: Self and Liang (1987),
        doi:10.1080/01621459.1987.10478472.
        """
        ratio = self.log_likelihood - self.log_likelihood_alike
        return math.erfc(math.sqrt(ratio)) / 2 if ratio > 0 else 1.0

    def reliability(self, n: ArrayLike) -> Array:
        """The part of the variance of shares of `n` answers that is true: 0 where a ranking would be all luck."""
        answers = np.asarray(n, dtype=float)
        return answers / (answers + self.weight)

    def posterior(self, right: ArrayLike, n: ArrayLike) -> tuple[Array, Array]:
        """The parameters of each reviewer's beta posterior, given `right` of `n` answers.

        Where reviewers do not differ, all have the posterior of one share for all, from all answers together with
        Jeffreys' prior. What is not known about the distribution itself is left out: simulated, 95 % intervals held the
        truth of 94.5 in 100 among a hundred reviewers, and of 89 among twenty.
        """
        counted, answers = np.asarray(right, dtype=float), np.asarray(n, dtype=float)
        if not self.differs:
            return np.full(counted.shape, self.right + 0.5), np.full(counted.shape, self.n - self.right + 0.5)
        return self.alpha + counted, self.beta + answers - counted

    def means(self, right: ArrayLike, n: ArrayLike) -> Array:
        """Each reviewer's share, drawn towards that of all."""
        if not self.differs:
            return np.full(np.shape(right), self.mean)
        first, second = self.posterior(right, n)
        return first / (first + second)

    def quantiles(self, right: ArrayLike, n: ArrayLike, level: float) -> Array:
        """What each reviewer's true share is below with the probability `level`."""
        from scipy.special import betaincinv  # noqa: PLC0415 - slow to load

        return np.asarray(betaincinv(*self.posterior(right, n), level))

    def below(self, right: ArrayLike, n: ArrayLike, target: float) -> Array:
        """The probability that each reviewer's true share is below a target."""
        from scipy.special import betainc  # noqa: PLC0415 - slow to load

        return np.asarray(betainc(*self.posterior(right, n), target))


def fit_beta_binomial(right: ArrayLike, n: ArrayLike) -> BetaBinomial:
    """The likeliest beta distribution of the shares of reviewers with `right` of `n` answers each.

    Where the likelihood is highest at a spread of 0, the parameters are infinite. Without answers the mean is not a
    number.
    """
    counted, answers = np.asarray(right, dtype=np.int64), np.asarray(n, dtype=np.int64)
    part, whole = int(counted.sum()), int(answers.sum())
    mean, ways = part / whole if whole else math.nan, _ways(counted, answers)
    if not 0 < part < whole:
        return BetaBinomial(math.inf, math.inf, mean, ways, ways, part, whole)
    likelihood = _Likelihood.of(counted, answers)
    alike = likelihood.value(mean, 0.0)
    likeliest, theta, value = likelihood.highest(mean)
    if value <= alike + _ROUNDING * abs(alike):
        return BetaBinomial(math.inf, math.inf, mean, alike + ways, alike + ways, part, whole)
    parameters = likeliest / theta, (1 - likeliest) / theta
    return BetaBinomial(*parameters, likeliest, value + ways, alike + ways, part, whole)


@dataclass(frozen=True, slots=True)
class _Likelihood:
    """How many reviewers have more than k right answers, more than k wrong ones and more than k at all, for each k.

    That is all the likelihood needs, however many reviewers there are, and it is smooth down to a spread of 0: Smith
    (1983), algorithm AS 189, doi:10.2307/2347299.
    """

    right: Counts
    wrong: Counts
    all: Counts

    @classmethod
    def of(cls, right: Counts, n: Counts) -> "_Likelihood":
        return cls(*(_more_than(each) for each in (right, n - right, n)))

    def value(self, mu: float, theta: float) -> float:
        """The log-likelihood of a mean and a spread, less the ways to order the answers."""
        parts = ((self.right, mu), (self.wrong, 1 - mu), (-self.all, 1.0))
        return sum(float(times @ np.log(start + theta * np.arange(times.size))) for times, start in parts)

    def slope(self, mu: float, theta: float) -> tuple[float, float]:
        """The derivatives of the log-likelihood by the mean and by the spread."""
        steps = [np.arange(times.size) for times in (self.right, self.wrong, self.all)]
        right = self.right / (mu + theta * steps[0])
        wrong = self.wrong / (1 - mu + theta * steps[1])
        together = self.all / (1 + theta * steps[2])
        by_spread = right @ steps[0] + wrong @ steps[1] - together @ steps[2]
        return float(right.sum() - wrong.sum()), float(by_spread)

    def highest(self, mu: float) -> tuple[float, float, float]:
        """The mean and spread at the maximum, and the log-likelihood there."""
        from scipy.optimize import minimize  # noqa: PLC0415 - slow to load

        def downhill(point: Array) -> tuple[float, Array]:
            mean, theta = 1 / (1 + math.exp(-point[0])), math.exp(point[1])
            by_mean, by_spread = self.slope(mean, theta)
            return -self.value(mean, theta), -np.array([by_mean * mean * (1 - mean), by_spread * theta])

        start = max(_STARTS, key=lambda theta: self.value(mu, float(theta)))
        point = np.array([math.log(mu / (1 - mu)), math.log(start)])
        found = minimize(downhill, point, jac=True, method="BFGS", options={"gtol": 1e-7})
        mean, theta = 1 / (1 + math.exp(-found.x[0])), math.exp(found.x[1])
        return mean, theta, -float(found.fun)


def _more_than(counts: Counts) -> Counts:
    """How many of the counts are greater than 0, than 1, and so on."""
    return np.cumsum(np.bincount(counts)[:0:-1])[::-1]


def _ways(right: Counts, n: Counts) -> float:
    """The logarithm of how many orders of answers give these counts."""
    from scipy.special import gammaln  # noqa: PLC0415 - slow to load

    return float((gammaln(n + 1) - gammaln(right + 1) - gammaln(n - right + 1)).sum())
