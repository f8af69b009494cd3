"""How far a coefficient would move with other reviewers: the delete-one-reviewer jackknife."""

import numpy as np

from metrics.estimate import Estimate, without_interval
from metrics.formulas import Formula
from metrics.intervals import Meaning, around
from metrics.linearisation import Array, jackknife
from metrics.patterns import ItemRatings

FEWEST_REVIEWERS = 3
OTHER_REVIEWERS = "interval: reviewers like these, the same items"
TOO_FEW = "no interval over reviewers: there are fewer than three, or without one of them nothing is left to compare"


def over_reviewers(value: float, left_out: Array, *, bounds: tuple[float, float], n: int) -> Estimate:
    """The value with an interval as if reviewers were drawn from many like them, from the values without each."""
    error = reviewer_standard_error(left_out)
    if error is None:
        return without_interval(value, n, TOO_FEW)
    return around(value, error, Meaning(bounds, OTHER_REVIEWERS, TOO_FEW), n=n)


def reviewer_standard_error(left_out: Array) -> float | None:
    """The delete-one-reviewer jackknife standard error; None for too few reviewers to leave one out."""
    if left_out.size < FEWEST_REVIEWERS:
        return None
    return jackknife(left_out, np.ones(left_out.size, dtype=np.int64))


def without_each_reviewer(ratings: ItemRatings, formula: Formula) -> Array:
    """The coefficient without each reviewer in turn; only the items that a reviewer touched are recounted."""
    patterns = ratings.patterns
    item, reviewer, given = ratings.given()
    change = formula.features(patterns.counts[item] - given) - formula.features(patterns.counts[item])
    totals = np.zeros((int(reviewer.max(initial=-1)) + 1, change.shape[1]))
    np.add.at(totals, reviewer, change)
    return formula.statistic(totals + formula.features(patterns.counts).sum(axis=0))
