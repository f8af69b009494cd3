"""Dawid and Skene's model of reviewers who confuse labels each in their own way, fitted by expectation-maximisation."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from metrics.linearisation import Array
from metrics.patterns import ItemRatings

TOLERANCE = 1e-13
MOST_ITERATIONS = 10_000
# No logarithm of zero: a label that one rating has never met is all but excluded, not excluded for ever.
_LEAST = 1e-300


@dataclass(frozen=True, slots=True)
class DawidSkeneFit:
    """`probabilities` (items by labels), `class_shares` (labels), `error_rates` (reviewers by true by given label)."""

    probabilities: Array
    class_shares: Array
    error_rates: Array
    log_likelihood: float
    iterations: int
    converged: bool


def dawid_skene_fit(ratings: ItemRatings) -> DawidSkeneFit:
    """The fit that starts from the shares of votes, without smoothing.

    It has converged when an iteration changes the log likelihood by less than 1e-13 of itself. Source: Dawid and Skene
    (1979), doi:10.2307/2346806.
    """
    votes, labels = ratings.patterns.counts, ratings.labels
    given = csr_array(
        (ratings.ratings.astype(float), (ratings.item, ratings.reviewer * labels + ratings.label)),
        shape=(len(votes), (int(ratings.reviewer.max(initial=-1)) + 1) * labels),
    )
    by_reviewer = csr_array(given.T)
    probabilities = votes / votes.sum(axis=1, keepdims=True)
    before, log_likelihood, iterations = -np.inf, -np.inf, 0
    converged = False
    while not converged and iterations < MOST_ITERATIONS:
        before, iterations = log_likelihood, iterations + 1
        class_shares, rates = _maximised(probabilities, by_reviewer)
        joint = given @ np.log(np.maximum(rates, _LEAST)) + np.log(np.maximum(class_shares, _LEAST))
        probabilities, log_likelihood = _normalised(joint)
        converged = abs(log_likelihood - before) <= TOLERANCE * abs(log_likelihood)
    error_rates = rates.reshape(-1, labels, labels).transpose(0, 2, 1)
    return DawidSkeneFit(probabilities, class_shares, error_rates, log_likelihood, iterations, converged)


def _maximised(probabilities: Array, by_reviewer: csr_array) -> tuple[Array, Array]:
    """The class shares, and for every reviewer and given label its rate by true label (columns)."""
    labels = probabilities.shape[1]
    expected = (by_reviewer @ probabilities).reshape(-1, labels, labels)
    totals = expected.sum(axis=1, keepdims=True)
    rates = np.divide(expected, totals, out=np.zeros_like(expected), where=totals > 0)
    return probabilities.sum(axis=0) / max(len(probabilities), 1), rates.reshape(-1, labels)


def _normalised(joint: Array) -> tuple[Array, float]:
    """Probabilities from joint log probabilities, and the log likelihood."""
    most = joint.max(axis=1, keepdims=True)
    relative = np.exp(joint - most)
    totals = relative.sum(axis=1, keepdims=True)
    return relative / totals, float(most.sum() + np.log(totals).sum())
