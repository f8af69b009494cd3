"""Dawid and Skene's model of reviewers who confuse labels each in their own way, fitted by expectation-maximisation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.linearisation import Array
from metrics.patterns import ItemRatings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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
    labels, given = ratings.labels, _given(ratings)
    by_reviewer, probabilities = given.T.tocsr(), _shares_of_votes(ratings)
    before, log_likelihood, iterations = -np.inf, -np.inf, 0
    converged = False
    while not converged and iterations < MOST_ITERATIONS:
        before, iterations = log_likelihood, iterations + 1
        class_shares, rates = _maximised(probabilities, by_reviewer)
        probabilities = given @ np.log(np.maximum(rates, _LEAST))
        probabilities += np.log(np.maximum(class_shares, _LEAST))
        log_likelihood = _normalise(probabilities)
        converged = abs(log_likelihood - before) <= TOLERANCE * abs(log_likelihood)
    error_rates = rates.reshape(-1, labels, labels).transpose(0, 2, 1)
    return DawidSkeneFit(probabilities, class_shares, error_rates, log_likelihood, iterations, converged)


def _given(ratings: ItemRatings) -> "csr_array":
    """How often each item (row) got each label from each reviewer (columns: the labels of one after the other)."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only this fit needs it, and it is slow to load

    # Codes of half the width are half of what every iteration reads.
    item, place = ratings.item.astype(np.int32), (ratings.reviewer * ratings.labels + ratings.label).astype(np.int32)
    shape = (len(ratings.items), len(ratings.reviewers) * ratings.labels)
    return csr_array((ratings.ratings.astype(float), (item, place)), shape=shape)


def _shares_of_votes(ratings: ItemRatings) -> Array:
    votes = ratings.patterns.counts
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))


def _maximised(probabilities: Array, by_reviewer: "csr_array") -> tuple[Array, Array]:
    """The class shares, and for every reviewer and given label its rate by true label (columns)."""
    labels = probabilities.shape[1]
    expected = (by_reviewer @ probabilities).reshape(-1, labels, labels)
    totals = expected.sum(axis=1, keepdims=True)
    rates = np.divide(expected, totals, out=np.zeros_like(expected), where=totals > 0)
    return probabilities.sum(axis=0) / max(len(probabilities), 1), rates.reshape(-1, labels)


def _normalise(joint: Array) -> float:
    """Turn joint log probabilities into probabilities, in place; the log likelihood."""
    most = joint.max(axis=1, keepdims=True)
    joint -= most
    np.exp(joint, out=joint)
    totals = joint.sum(axis=1, keepdims=True)
    joint /= totals
    return float(most.sum() + np.log(totals).sum())
