"""Skill and leaning drawn towards those of all, by as much as differences between reviewers may be luck.

True values are taken for draws from a normal law whose spread is not known either: its likely values are weighed, so
that few reviewers, or reviewers who hardly differ, do not look surer than they are. Source: Gelman (2006),
doi:10.1214/06-BA117A.
"""

from dataclasses import dataclass

import numpy as np

from metrics.estimate import Z_95
from metrics.linearisation import Array

_SPREADS = 40
_WIDEST = 3.0
"""How many spreads are tried, from 0 to this many times that of the values as they are."""
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Pooled:
    """Values drawn together: posterior means and standard deviations, and the mean and spread of all true values."""

    values: Array
    deviations: Array
    mean: float
    spread: float

    @property
    def interval(self) -> tuple[Array, Array, Array]:
        """The values with their 95 % limits."""
        half = Z_95 * self.deviations
        return self.values, self.values - half, self.values + half


def pooled(values: Array, variances: Array) -> Pooled:
    """Values with known sampling variances, drawn towards their mean."""
    around, middle = values - values.mean(), float(values.mean())
    spreads = np.linspace(0, _WIDEST * float(values.std()), _SPREADS)[:, None]
    weights = 1 / (variances + spreads**2)
    total = weights.sum(axis=1)
    means = weights @ around / total
    squares = weights @ around**2 - means**2 * total
    likelihood = (np.log(weights).sum(axis=1) - squares - np.log(total)) / 2
    chances = np.exp(likelihood - likelihood.max())
    chances /= chances.sum()
    # How far each is drawn, and the square of that, on average over the likely spreads.
    drawn = variances * (chances * means @ weights - around * (chances @ weights))
    twice = weights**2
    drawn_squared = chances * means**2 @ twice - 2 * around * (chances * means @ twice) + around**2 * (chances @ twice)
    given_spread = variances - variances**2 * (chances @ weights) + variances**2 * (chances / total @ twice)
    deviations = np.sqrt(np.maximum(given_spread + variances**2 * drawn_squared - drawn**2, 0))
    return Pooled(values + drawn, deviations, middle + float(chances @ means), float(chances @ spreads[:, 0]))


def pooled_detection(hits: Array, violating: Array, alarms: Array, others: Array) -> tuple[Pooled, Pooled]:
    """Everybody's d′ and c, drawn towards those of all.

    Scores of shares near 0 or 1 are neither normal nor of known variance. So each round takes them to first order at
    what the last round found: penalised quasi-likelihood, Breslow and Clayton (1993), doi:10.2307/2290687.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - slow to load

    hit, alarm = (
        np.full(n.shape, ndtri((said.sum() + 0.5) / (n.sum() + 1))) for said, n in ((hits, violating), (alarms, others))
    )
    for _ in range(_ROUNDS):
        (hit, hit_variance), (alarm, alarm_variance) = _working(hits, violating, hit), _working(alarms, others, alarm)
        variance = hit_variance + alarm_variance
        skill, leaning = pooled(hit - alarm, variance), pooled(-(hit + alarm) / 2, variance / 4)
        hit, alarm = skill.values / 2 - leaning.values, -skill.values / 2 - leaning.values
    return skill, leaning


def _working(said: Array, n: Array, score: Array) -> tuple[Array, Array]:
    """The scores that shares have to first order at a score, with their variances there."""
    from scipy.special import ndtr  # noqa: PLC0415 - slow to load

    share, density = ndtr(score), np.exp(-(score**2) / 2) / np.sqrt(2 * np.pi)
    return score + (said / n - share) / density, share * (1 - share) / (n * density**2)
