"""From a smooth statistic to an estimate: the interval that was asked for, or the reason why there is none."""

from dataclasses import dataclass

import numpy as np

from metrics.estimate import Estimate, on_atanh_scale, undefined, without_interval
from metrics.linearisation import SmoothStatistic
from metrics.options import Options

COEFFICIENT = (-1.0, 1.0)
SHARE = (0.0, 1.0)
ONE_LABEL = "every rating is the same label, so agreement beyond chance is undefined"
NO_PAIRABLE_ITEM = "no item has two ratings"
SAME_REVIEWERS = "interval: these reviewers, other items"
NO_VARIATION = "no interval: the data do not show how this value varies"
# A standard error below this is zero: one reviewer who never varies, say, fixes kappa at 0 whatever the items.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Meaning:
    """What belongs to a number: its range, the question its interval answers, and why there may be no value."""

    bounds: tuple[float, float]
    question: str
    reason: str


def estimate(statistic: SmoothStatistic, options: Options, meaning: Meaning, *, n: int) -> Estimate:
    """The value with the interval over units that was asked for: linearised, jackknife or bootstrap."""
    value = statistic.value()
    if value is None:
        return undefined(n, meaning.reason)
    if options.interval == "bootstrap":
        return _percentile(value, statistic.replicates(options.replicates, seed=options.seed), meaning, n=n)
    jackknifed = options.interval == "jackknife"
    error = statistic.jackknife_standard_error() if jackknifed else statistic.standard_error()
    return around(value, error, meaning, n=n)


def around(value: float, standard_error: float | None, meaning: Meaning, *, n: int) -> Estimate:
    """The value with the interval that a standard error gives on the atanh scale of its bounds."""
    lowest, highest = meaning.bounds
    if standard_error is None or standard_error < ROUNDING or not lowest < value < highest:
        return without_interval(value, n, NO_VARIATION)
    low, high = on_atanh_scale(value, standard_error, bounds=meaning.bounds)
    return Estimate(value, low, high, n, meaning.question)


def _percentile(value: float, replicates: np.ndarray, meaning: Meaning, *, n: int) -> Estimate:
    """The middle 95 % of the replicates; undefined ones are left out, and the note says how many."""
    defined = replicates[np.isfinite(replicates)]
    if defined.size == 0:
        return without_interval(value, n, NO_VARIATION)
    low, high = np.quantile(defined, (0.025, 0.975))
    if high - low < ROUNDING:
        return without_interval(value, n, NO_VARIATION)
    dropped = replicates.size - defined.size
    also = f"; {dropped} of {replicates.size} replicates were undefined" if dropped else ""
    return Estimate(value, float(low), float(high), n, f"bootstrap {meaning.question}{also}")
