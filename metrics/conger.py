"""Conger's kappa: Cohen's for any number of reviewers, each with label habits of their own."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Estimate, undefined, without_interval
from metrics.footing import shortage
from metrics.grouping import narrowed
from metrics.intervals import (
    COEFFICIENT,
    NO_PAIRABLE_ITEM,
    ONE_LABEL,
    SAME_REVIEWERS,
    Meaning,
    estimate,
)
from metrics.leaving_out import over_reviewers
from metrics.linearisation import Array, Counts, SmoothStatistic, Totals, quotient
from metrics.options import Options
from metrics.patterns import ItemRatings, Patterns, item_ratings
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, agreement_weights


def conger_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Conger's kappa from the counts of `item_ratings`: agreement of different reviewers beyond their own habits.

    A reviewer who gave an item several labels counts once, each label for its share. Source: Conger (1980),
    doi:10.1037/0033-2909.88.2.322.
    """
    narrow, chosen, groups = narrowed(taxonomy, options)
    entries = reviewer_entries(item_ratings(counts, taxonomy).grouped(groups))
    n = int((entries.reviewers_of_item > 1).sum())
    if n == 0:
        return undefined(0, NO_PAIRABLE_ITEM)
    try:
        weights = agreement_weights(chosen.weights or "none", narrow)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    statistic = conger(entries, weights)
    value, short = statistic.value(), shortage(entries.patterns.pairable)
    if value is not None and short:
        return without_interval(value, n, short)
    if value is not None and chosen.interval == "reviewers":
        return over_reviewers(value, without_each_reviewer(entries, weights), bounds=COEFFICIENT, n=n)
    return estimate(statistic, chosen, Meaning(COEFFICIENT, SAME_REVIEWERS, ONE_LABEL), n=n)


@dataclass(frozen=True, slots=True)
class Entries:
    """What every reviewer said of every item: `shares` (entries by labels) is one label, or how several divide."""

    item: Counts
    reviewer: Counts
    shares: Array
    patterns: Patterns

    @property
    def reviewers_of_item(self) -> Counts:
        """How many different reviewers each item has."""
        return np.bincount(self.item, minlength=len(self.patterns.items)).astype(np.int64)

    @property
    def reviewers(self) -> int:
        """How many reviewers there are."""
        return int(self.reviewer.max(initial=-1)) + 1

    def summed(self, values: Array, over: Counts) -> Array:
        """Sums of some values of the entries, over items or over reviewers."""
        total = np.zeros((int(over.max()) + 1, *values.shape[1:]))
        np.add.at(total, over, values)
        return total


def reviewer_entries(ratings: ItemRatings) -> Entries:
    """The entries of some ratings."""
    item, reviewer, given = ratings.given()
    return Entries(item, reviewer, given / given.sum(axis=1, keepdims=True), ratings.patterns)


def conger(entries: Entries, weights: Array) -> SmoothStatistic:
    """Conger's kappa as a function of every reviewer's labels, the items' agreement, and how many items have one."""
    from scipy.sparse import csr_array, hstack  # noqa: PLC0415 - only this kappa needs it, and it is slow to load

    reviewers, labels = entries.reviewers, entries.shares.shape[1]
    row, column = np.nonzero(entries.shares)
    place = (entries.item[row], entries.reviewer[row] * labels + column)
    items = len(entries.patterns.items)
    habits = csr_array((entries.shares[row, column], place), shape=(items, reviewers * labels))
    agreeing = _agreement(
        entries.summed(entries.shares, entries.item),
        entries.summed(_inner(entries.shares, weights), entries.item),
        entries.reviewers_of_item,
        weights,
    )
    features = csr_array(hstack([habits, csr_array(np.column_stack([agreeing, entries.reviewers_of_item > 1]))]))

    def statistic(totals: Totals) -> Totals:
        habits = _habits(totals, labels)
        used = habits.sum(axis=2).real.round().sum(axis=1)
        expected = _chance(habits.sum(axis=1), _inner(habits, weights).sum(axis=1), used, weights)
        return _kappa(totals[:, -2], totals[:, -1], expected)

    return SmoothStatistic(features, entries.patterns.items, statistic, lambda totals: _gradient(totals, weights))


def without_each_reviewer(entries: Entries, weights: Array) -> Array:
    """Conger's kappa without each reviewer in turn; only the items that a reviewer touched are recounted."""
    own = _inner(entries.shares, weights)
    labels, selves, reviewers = (
        entries.summed(entries.shares, entries.item),
        entries.summed(own, entries.item),
        entries.reviewers_of_item,
    )
    agreeing, item = _agreement(labels, selves, reviewers, weights), entries.item
    left = _agreement(labels[item] - entries.shares, selves[item] - own, reviewers[item] - 1, weights)
    lost = entries.summed(agreeing[item] - left, entries.reviewer)
    unpaired = entries.summed((reviewers[item] == 2).astype(float), entries.reviewer)  # noqa: PLR2004 - one is left
    given = entries.summed(entries.shares, entries.reviewer)
    habits = given / given.sum(axis=1, keepdims=True)
    selves_all = _inner(habits, weights)
    expected = _chance(habits.sum(axis=0) - habits, selves_all.sum() - selves_all, len(habits) - 1, weights)
    return _kappa(agreeing.sum() - lost, (reviewers > 1).sum() - unpaired, expected)


def _gradient(totals: Array, weights: Array) -> Array:
    """The derivative of Conger's kappa: complex steps would take one evaluation per reviewer and label."""
    habits = _habits(totals[None, :], len(weights))[0]
    reviewers = habits.sum().round()
    everyone, agreement = habits.sum(axis=0), totals[-2] / totals[-1]
    expected = float(_chance(everyone[None, :], _inner(habits, weights).sum(keepdims=True), reviewers, weights)[0])
    toward = 2 * (everyone - habits) @ weights / (reviewers * (reviewers - 1))
    given = totals[:-2].reshape(habits.shape).sum(axis=1, keepdims=True)
    by_habit = (toward - (toward * habits).sum(axis=1, keepdims=True)) / given
    by_chance = -(1 - agreement) / (1 - expected) ** 2
    by_agreement = np.array([1, -agreement]) / (totals[-1] * (1 - expected))
    return np.concatenate([by_chance * by_habit.ravel(), by_agreement])


def _habits(totals: Totals, labels: int) -> Totals:
    """Every reviewer's shares of labels (rows by reviewers by labels); zeros for one who rated nothing."""
    given = totals[:, :-2].reshape(len(totals), -1, labels)
    return np.nan_to_num(quotient(given, given.sum(axis=2, keepdims=True)))


def _inner(shares: Totals, weights: Array) -> Totals:
    """The agreement of shares with themselves."""
    return np.asarray(((shares @ weights) * shares).sum(axis=-1))


def _agreement(labels: Array, selves: Array, reviewers: Counts, weights: Array) -> Array:
    """How far different reviewers of an item agree, from their summed shares; zero for fewer than two."""
    among = np.where(reviewers > 1, _inner(labels, weights) - selves, 0.0)
    return np.asarray(among / np.maximum(reviewers * (reviewers - 1), 1))


def _chance(everyone: Totals, selves: Totals, reviewers: Totals | float, weights: Array) -> Totals:
    """How far two different reviewers would agree by their habits alone."""
    return quotient(_inner(everyone, weights) - selves, np.asarray(reviewers * (reviewers - 1)))


def _kappa(agreeing: Totals, pairable: Totals, expected: Totals) -> Totals:
    return quotient(quotient(agreeing, pairable) - expected, 1 - expected)
