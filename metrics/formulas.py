"""The coefficients of agreement, each as the features that an item adds to the totals and a formula of the totals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from metrics.intervals import COEFFICIENT, ONE_LABEL, SHARE
from metrics.linearisation import Array, Counts, SmoothStatistic, Statistic, Totals, quotient
from metrics.options import Level, Weights
from metrics.patterns import Patterns
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, agreement_weights, dense_ranks, label_values

WEIGHED_AGREEMENT, PAIRABLE = 0, 1
"""The first two features of Gwet's family: an item's weighed agreement, and whether it has two ratings."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A coefficient: `features` takes label counts (items by labels) to features, `statistic` their totals to numbers.

    `fewest` is the number of ratings an item needs to be drawn on. `bounds` is the range of the coefficient.
    `rests_on_disagreement` says that too few disagreements leave its interval without a footing. `reason` tells why
    there may be no value.
    """

    features: Callable[[Counts], Array]
    statistic: Statistic
    fewest: int = 2
    bounds: tuple[float, float] = COEFFICIENT
    rests_on_disagreement: bool = True
    reason: str = ONE_LABEL

    def of(self, patterns: Patterns) -> SmoothStatistic:
        """The coefficient of the given items."""
        drawn = patterns.where(patterns.ratings >= self.fewest)
        return SmoothStatistic(self.features(drawn.counts), drawn.items, self.statistic)


def alpha(level: Level, taxonomy: Taxonomy) -> tuple[Formula, Counts]:
    """Krippendorff's alpha: one minus observed over expected squared distance of two ratings of an item.

    Comes with the grouping of labels it wants: labels of equal measure are one label where measure counts.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, repository.upenn.edu/asc_papers/43.
    """
    if level == "nominal":
        labels = len(taxonomy.labels)
        return _alpha_of_fixed_distance(1 - np.eye(labels)), np.arange(labels)
    values = label_values(taxonomy, f"level={level}")
    groups, steps = dense_ranks(values), np.unique(values)
    if level == "ordinal":
        return _alpha_of_ranks(len(steps)), groups
    if level == "interval":
        distance = (steps[:, None] - steps) / max(float(np.ptp(steps)), np.finfo(float).tiny)
    elif steps[0] < 0:
        raise UndefinedError("level=ratio needs labels that measure zero or more")
    else:
        sums = steps[:, None] + steps
        distance = (steps[:, None] - steps) / np.where(sums == 0, 1, sums)
    return _alpha_of_fixed_distance(distance**2), groups


def gwet_family(weights: Array, chance: Callable[[Totals], Totals], *, bounds: tuple[float, float]) -> Formula:
    """Gwet's general form: agreement above chance over what chance leaves, from items of any number of ratings.

    Agreement comes from items with two ratings or more, each counting once; `chance` takes the mean share of every
    label over all items to the agreement by chance. Source: Gwet (2008), doi:10.1348/000711006X126600.
    """

    def features(counts: Counts) -> Array:
        ratings = counts.sum(axis=1)
        rated, pairable = ratings >= 1, ratings > 1
        shares = counts / np.maximum(ratings, 1)[:, None]
        agreeing = (counts * (counts @ weights - 1)).sum(axis=1) / np.where(pairable, ratings * (ratings - 1), 1)
        return np.column_stack([agreeing * pairable, pairable, shares, rated])

    def statistic(totals: Totals) -> Totals:
        agreement = quotient(totals[:, WEIGHED_AGREEMENT], totals[:, PAIRABLE])
        expected = chance(quotient(totals[:, 2:-1], totals[:, -1:]))
        return quotient(agreement - expected, 1 - expected)

    return Formula(features, statistic, fewest=1, bounds=bounds)


def percent_agreement(weights: Weights, taxonomy: Taxonomy) -> Formula:
    """The share of pairs of ratings of an item that agree, averaged over items: no correction for chance."""
    return gwet_family(agreement_weights(weights, taxonomy), lambda shares: 0 * shares[:, 0], bounds=SHARE)


def fleiss(weights: Weights, taxonomy: Taxonomy) -> Formula:
    """Fleiss' kappa (Scott's pi for two ratings): chance draws two labels from the mean shares."""
    matrix = agreement_weights(weights, taxonomy)
    return gwet_family(matrix, lambda shares: ((shares @ matrix) * shares).sum(axis=1), bounds=COEFFICIENT)


def gwet_ac(weights: Weights, taxonomy: Taxonomy) -> Formula:
    """Gwet's AC1 and AC2: chance only strikes where an item is hard to label."""
    matrix, labels = agreement_weights(weights, taxonomy), _labels(taxonomy)
    factor = matrix.sum() / (labels * (labels - 1))
    return gwet_family(matrix, lambda shares: factor * (shares * (1 - shares)).sum(axis=1), bounds=COEFFICIENT)


def brennan_prediger(weights: Weights, taxonomy: Taxonomy) -> Formula:
    """Brennan and Prediger's kappa: chance draws every declared label alike."""
    matrix, labels = agreement_weights(weights, taxonomy), _labels(taxonomy)
    expected = matrix.sum() / labels**2
    return gwet_family(matrix, lambda shares: 0 * shares[:, 0] + expected, bounds=COEFFICIENT)


def specific_agreement(label: int) -> Formula:
    """The share of the ratings beside a rating of this label, on the same item, that give the label too.

    Label 0 is violating, 1 is not.

    Source: Cicchetti and Feinstein (1990), doi:10.1016/0895-4356(90)90159-M; for more than two ratings de Vet et al.
    (2017), doi:10.1016/j.jclinepi.2016.12.007.
    """

    def features(counts: Counts) -> Array:
        given = counts[:, label]
        return np.column_stack([given * (given - 1), given * (counts.sum(axis=1) - 1)]).astype(float)

    which = ("violating", "not violating")[label]
    return Formula(
        features,
        lambda totals: quotient(totals[:, 0], totals[:, 1]),
        bounds=SHARE,
        reason=f"no rating of an item with two ratings is {which}",
    )


def prevalence() -> Formula:
    """The first label's share of the ratings minus the rest's, on items with two ratings or more."""

    def features(counts: Counts) -> Array:
        pairable = counts * (counts.sum(axis=1) > 1)[:, None]
        return np.column_stack([2 * pairable[:, 0] - pairable.sum(axis=1), pairable.sum(axis=1)]).astype(float)

    return Formula(features, lambda totals: quotient(totals[:, 0], totals[:, 1]), rests_on_disagreement=False)


def _labels(taxonomy: Taxonomy) -> int:
    if len(taxonomy.labels) < 2:  # noqa: PLR2004 - one label leaves nothing to disagree on
        raise UndefinedError("fewer than two labels are declared")
    return len(taxonomy.labels)


def _alpha_of_fixed_distance(squared: Array) -> Formula:
    def features(counts: Counts) -> Array:
        pairable, others = _pairable(counts)
        distances = ((pairable @ squared) * pairable).sum(axis=1) / others
        return np.column_stack([pairable, distances])

    def statistic(totals: Totals) -> Totals:
        counts, observed = totals[:, :-1], totals[:, -1]
        return _one_minus_disagreement(counts, observed, ((counts @ squared) * counts).sum(axis=1))

    return Formula(features, statistic)


def _alpha_of_ranks(labels: int) -> Formula:
    """Alpha of ordinal data: the distance of two labels is the number of ratings between their middles."""
    one, other = np.triu_indices(labels, k=1)

    def features(counts: Counts) -> Array:
        pairable, others = _pairable(counts)
        return np.column_stack([pairable, 2 * pairable[:, one] * pairable[:, other] / others[:, None]])

    def statistic(totals: Totals) -> Totals:
        counts, observed = totals[:, :labels], totals[:, labels:]
        middles = quotient(np.cumsum(counts, axis=1) - counts / 2, counts.sum(axis=1, keepdims=True))
        squared = (middles[:, one] - middles[:, other]) ** 2
        expected = (2 * counts[:, one] * counts[:, other] * squared).sum(axis=1)
        return _one_minus_disagreement(counts, (observed * squared).sum(axis=1), expected)

    return Formula(features, statistic)


def _pairable(counts: Counts) -> tuple[Array, Array]:
    """The counts of items with two ratings or more, and how many other ratings each of their ratings meets."""
    ratings = counts.sum(axis=1)
    return (counts * (ratings > 1)[:, None]).astype(float), np.maximum(ratings - 1, 1).astype(float)


def _one_minus_disagreement(counts: Totals, observed: Totals, expected: Totals) -> Totals:
    ratings = counts.sum(axis=1)
    pairs = ratings * (ratings - 1)
    return 1 - quotient(quotient(observed, ratings), quotient(expected, pairs))
