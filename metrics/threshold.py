"""Thresholds beyond which a model may decide alone, with a promise of how often it is wrong there.

The promise: of the items beyond the threshold, the share that is decided wrongly is at most alpha, but for a chance of
delta that the labels misled. It is of content as the labelled items are a sample of (exchangeable with them), of this
model, and of labels that are right; it says nothing of other content, of a later week, or of another version.

Every hundredth of the score is tested from the safest on: Angelopoulos et al. (2021), Learn then Test,
arXiv:2110.01052. The order of tests is fixed, and starts at five places; a test that passes hands its share of delta to
the next: Wiens (2003), doi:10.1002/pst.64. So nothing is assumed of how errors change with the score. With Bonferroni's
correction over the hundredths a promise takes half as many labels again (377 instead of 228, at alpha 2 %).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics import binomial
from metrics.linearisation import Array, Counts
from metrics.tails import STEPS, Error, Kinds, kinds, threshold

STARTS = (99, 95, 90, 80, 60)
"""The steps at which tests start anew, each with the same share of delta."""
_STAKES = np.array([0.2, 0.4, 0.6, 0.8, 0.95])
"""Parts of the most that can be staked on a label: a game for each."""
_MOST_CAPITAL = 700.0
"""The logarithm of a capital that a float still holds, and the inverse too."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A threshold, and what is known of the labelled items beyond it.

    `threshold`, `rate` (the share decided wrongly there), `bound` (what it is promised not to exceed) and `decided`
    (the share of the labelled items that lies beyond) are None where nothing can be promised; the note says why, and
    `needed` how many labels it takes beyond a threshold, None where more of the same would not do.
    """

    error: Error
    threshold: float | None
    rate: float | None
    bound: float | None
    decided: float | None
    n: int
    errors: int
    labels: int
    needed: int | None
    note: str


def promises(parts: Sequence[pl.DataFrame], *, error: Error, alpha: float, delta: float) -> list[Promise]:
    """The furthest threshold of each slice that can be promised, all of them at once but for a chance of delta.

    `parts` are outcomes: see `metrics.tails`. Delta is divided evenly (Bonferroni) among the slices with so many labels
    that they may pass; which these are depends on their numbers alone, so it takes nothing from the promise.
    """
    sides = [kinds(part, error) for part in parts]
    joining = _joining([int(side.items.sum()) for side in sides], alpha, delta)
    return [_promise(side, error, alpha, delta / len(STARTS), joining) for side in sides]


def passed(p: Array, share: float) -> list[int]:
    """The steps at which errors are shown to be rare, each start having `share` of delta. Source: Wiens (2003)."""
    held, found = 0.0, []
    for step in range(STEPS, -1, -1):
        held += share if step in STARTS else 0.0
        if held > 0 and p[step] <= held:
            found.append(step)
        else:
            held = 0.0
    return found


def p_values(side: Kinds, alpha: float) -> Array:
    """At each step, how likely labels so good are, where errors are as frequent as alpha or more."""
    exact = binomial.p_value(side.errors, side.labels, alpha)
    if side.weight is None:
        return exact
    found = []
    for step, p in enumerate(exact.tolist()):
        there = side.step >= step
        weight = side.weight[there]
        alike = len(weight) == 0 or weight.min() == weight.max()
        found.append(p if alike else _wagered(weight, side.is_error[there], side.items[there], alpha))
    return np.array(found)


def _wagered(weight: Array, is_error: Counts, items: Counts, alpha: float) -> float:
    """The same where labels stand for different numbers of items, by a game that nobody wins who is not right.

    Each label multiplies a capital by 1 - stake * weight * (error - alpha), which on average is no gain where the
    weighted share of errors is alpha or more; so the inverse of the mean capital of some stakes is a p-value. Labels
    are taken for drawn one by one, with no weight larger than the largest among them. Source: Waudby-Smith and Ramdas
    (2024), doi:10.1093/jrsssb/qkad009.
    """
    gain = -(weight / weight.max()) * (is_error - alpha)
    capital = np.log1p(_STAKES[:, None] / (1 - alpha) * gain) @ items
    return float(min(1.0, 1 / np.exp(np.clip(capital, -_MOST_CAPITAL, _MOST_CAPITAL)).mean()))


def _joining(labels: Sequence[int], alpha: float, delta: float) -> int:
    """How many slices can pass if delta is divided among them."""
    most = sorted(labels, reverse=True)
    enough = [k for k, n in enumerate(most, 1) if n >= binomial.least(alpha, delta / len(STARTS) / k)]
    return max(enough, default=0)


def _promise(side: Kinds, error: Error, alpha: float, share: float, joining: int) -> Promise:
    labels = int(side.items.sum())
    if labels < binomial.least(alpha, share / max(joining, 1)):
        needed = binomial.least(alpha, share / (joining + 1))
        return _none(error, labels, needed, f"{labels:,} labels; at least {needed:,} are needed beyond a threshold")
    miss = share / joining
    steps = passed(p_values(side, alpha), miss)
    if not steps:
        return _missed(side, error, alpha, miss)
    last = steps[-1]
    n, errors = int(side.labels[last]), int(side.errors[last])
    rate, decided = _weighted(side, last)
    bound = alpha if side.weight is not None else _bound(side, steps, miss)
    return Promise(error, threshold(last, error), rate, bound, decided, n, errors, labels, None, "")


def _bound(side: Kinds, steps: Sequence[int], miss: float) -> float:
    """The upper bound at the last step, with the share of delta that had been handed on to it."""
    last, run = steps[-1], 0
    while last + run in steps:
        run += 1
    handed = miss * sum(last <= start < last + run for start in STARTS)
    return float(binomial.upper_bound(side.errors[last], side.labels[last], handed))


def _weighted(side: Kinds, step: int) -> tuple[float, float]:
    """The share of errors beyond a step, and the share of all that lies there."""
    weight = side.items if side.weight is None else side.items * side.weight
    there = side.step >= step
    return float(weight[there] @ side.is_error[there] / weight[there].sum()), float(weight[there].sum() / weight.sum())


def _missed(side: Kinds, error: Error, alpha: float, miss: float) -> Promise:
    """Why no threshold passed: at the one that came nearest."""
    labels, errors = side.labels, side.errors
    nearest = STEPS - int(binomial.upper_bound(errors, labels, miss)[::-1].argmin())
    n, wrong, rate = int(labels[nearest]), int(errors[nearest]), _weighted(side, nearest)[0]
    needed = binomial.least_at(rate, alpha, miss) if side.weight is None else None
    at = f"{threshold(nearest, error):.2f}"
    told = f"{wrong:,} of the {n:,} labels {f'from {at} on' if error == 'removal' else f'below {at}'} are errors"
    if needed:
        more = f"at this rate at least {needed:,} labels are needed beyond a threshold"
    elif rate < alpha:
        more = "that they stand for different numbers of items makes them count for less"
    else:
        more = "more labels of the same would not do"
    return _none(error, int(side.items.sum()), needed, f"{told}; {more}")


def _none(error: Error, labels: int, needed: int | None, why: str) -> Promise:
    return Promise(error, None, None, None, None, 0, 0, labels, needed, f"no threshold can be promised: {why}")
