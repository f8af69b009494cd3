"""After how many days each reviewer went over to a new version, and who had not when all should have."""

from dataclasses import dataclass

import numpy as np

from metrics.adoption_tables import WEEK, Asked
from metrics.linearisation import Array

_ROUNDS = 200
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Lags:
    """How likely each unit began to decide by the new version on each day since the launch, the last being "not yet".

    Nobody goes back. Days of one week are taken for equally likely beforehand, and weeks for as likely as all units'
    answers say (nonparametric empirical Bayes: Laird (1978), doi:10.1080/01621459.1978.10480103).
    """

    chances: Array

    def days(self, level: float) -> Array:
        """The first day by which each unit had gone over with the probability `level`; not a number: not yet."""
        day = (np.cumsum(self.chances, axis=1) < level - _TINY).sum(axis=1).astype(float)
        return np.where(day < self.chances.shape[1] - 1, day, np.nan)

    def after(self, day: int) -> Array:
        """How likely each unit went over after a day, or had not yet."""
        return np.asarray(self.chances[:, day + 1 :].sum(axis=1))

    @property
    def curve(self) -> Array:
        """The share of the units that had gone over by each day."""
        return np.asarray(np.cumsum(self.chances, axis=1).mean(axis=0)[:-1])


def lags(found: Asked, *, units: int) -> Lags:
    """When each unit went over, from its answers day by day since the launch; takes answers for independent."""
    days = int(found.days.max()) + 1
    values = np.zeros((units, days + 1))
    wrong = found.answers - found.took
    gain = found.took * np.log(found.by_old / found.by_new) + wrong * np.log((1 - found.by_old) / (1 - found.by_new))
    # Whoever went over on a later day still decided by the old version on this one.
    np.add.at(values, (found.unit, found.days + 1), gain)
    values = np.cumsum(values, axis=1)
    likelihood = np.exp(values - values.max(axis=1, keepdims=True))
    week = np.append(np.arange(days) // WEEK, (days - 1) // WEEK + 1)
    size = np.bincount(week)
    within = np.array([likelihood[:, week == each].mean(axis=1) for each in range(size.size)]).T
    law = np.full(size.size, 1 / size.size)
    for _ in range(_ROUNDS):
        posterior = within * law
        posterior /= posterior.sum(axis=1, keepdims=True)
        # As if one more unit were known to be anywhere: no week becomes impossible.
        law = (posterior.sum(axis=0) + 1 / size.size) / (units + 1)
    chances = likelihood * (law / size)[week]
    return Lags(chances / chances.sum(axis=1, keepdims=True))
