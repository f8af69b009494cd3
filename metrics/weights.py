"""How far two labels count as agreeing, and what undefines a coefficient."""

from typing import assert_never

import numpy as np

from metrics.linearisation import Array, Counts
from metrics.options import Weights
from metrics.taxonomy import Taxonomy

NO_ORDER = "needs ordered labels: numeric ones, or a severity for every label in `labels`"


class UndefinedError(Exception):
    """A statistic that the labels or the counts do not define; the message is the note for the reader."""


def label_values(taxonomy: Taxonomy, wanted_by: str) -> Array:
    """The measure of every label."""
    if taxonomy.values is None:
        raise UndefinedError(f"{wanted_by} {NO_ORDER}")
    return np.array(taxonomy.values, dtype=float)


def agreement_weights(weights: Weights, taxonomy: Taxonomy) -> Array:
    """One where two labels agree fully, zero where they disagree fully (labels by labels).

    Linear and quadratic weights fall with the distance of the labels' measures, ordinal ones with the pairs of ranks
    between them. Source: Gwet (2014), Handbook of Inter-Rater Reliability, ch. 3; Cohen (1968), doi:10.1037/h0026256.
    """
    if weights == "none":
        return np.eye(len(taxonomy.labels))
    values = label_values(taxonomy, f"{weights} weights")
    if weights == "ordinal":
        values = dense_ranks(values).astype(float)
    distance = np.abs(values[:, None] - values)
    if weights == "quadratic":
        distance = distance**2
    elif weights == "ordinal":
        distance = distance * (distance + 1)
    elif weights != "linear":
        assert_never(weights)
    return 1 - distance / max(float(distance.max()), np.finfo(float).tiny)


def dense_ranks(values: Array) -> Counts:
    """The rank of every value, from 0; equal values share one."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
