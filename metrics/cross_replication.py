"""How well a model does beside what people allow: agreement of people with each other is the ceiling for any rater.

From the counts of `model_patterns`, on the items that the model answered and two or more reviewers rated independently.
"""

import math
from dataclasses import replace

import numpy as np
import polars as pl

from metrics import formulas
from metrics.estimate import Z_95, Estimate, undefined, without_interval
from metrics.footing import shortage
from metrics.grouping import narrowed
from metrics.intervals import COEFFICIENT, NO_VARIATION, ROUNDING, SAME_REVIEWERS, Meaning, estimate
from metrics.linearisation import Array, Counts, SmoothStatistic, Totals, quotient
from metrics.model_tables import answers
from metrics.options import Options
from metrics.paired import NO_PAIR
from metrics.patterns import Patterns, rating_patterns
from metrics.taxonomy import Taxonomy

NO_RELIABILITY = "people agree with each other no better than by chance, so there is nothing to measure a model by"
MODEL_IS_ONE = "the model is taken to answer the same every time (reliability 1)"

Joint = tuple[Counts, Patterns, Taxonomy]
"""What the model said of each kind of item (zeros and a one, the last for no label), what people said, the labels."""


def human_alpha(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Krippendorff's alpha of the reviewers of items that the model answered."""
    _, people, labels = joint(counts, taxonomy, options)
    n = int(people.items.sum())
    if n == 0:
        return undefined(0, NO_PAIR)
    formula = formulas.alpha("nominal", labels)[0]
    statistic, short = formula.of(people), shortage(people)
    value = statistic.value()
    if value is not None and short:
        return without_interval(value, n, short)
    return estimate(statistic, options, Meaning(formula.bounds, SAME_REVIEWERS, formula.reason), n=n)


def cross_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Cross-replication reliability κ_x of the model with single reviewers: agreement above chance of the two.

    Source: Wong, Paritosh and Aroyo (2021), doi:10.18653/v1/2021.acl-long.548.
    """
    said, people, _ = joint(counts, taxonomy, options)
    statistic = SmoothStatistic(cross_features(said, _padded(people.counts)), people.items, cross_reliability)
    found = estimate(statistic, options, Meaning(COEFFICIENT, SAME_REVIEWERS, NO_PAIR), n=int(people.items.sum()))
    short = shortage(people)
    return without_interval(found.value, found.n, short) if short and found.value is not None else found


def normalised_reliability(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """κ_x over the root of the reviewers' own reliability (alpha): 1 is the most that such reviewers allow.

    The model's own reliability is taken for 1: one version answers an item once. May pass 1 by luck, or where the model
    is more like the reviewers than they are like each other. Interval: linearised, plain scale.
    """
    said, people, labels = joint(counts, taxonomy, options)
    both = _normalised(said, people, labels)
    if both.n == 0:
        return undefined(0, NO_PAIR)
    value, short = both.value(), shortage(people)
    if value is None:
        return undefined(both.n, NO_RELIABILITY)
    if short:
        return without_interval(value, both.n, f"{short}; {MODEL_IS_ONE}")
    if options.interval == "bootstrap":
        found = estimate(both, options, Meaning((-math.inf, math.inf), SAME_REVIEWERS, NO_RELIABILITY), n=both.n)
        return replace(found, note=f"{found.note}; {MODEL_IS_ONE}")
    error = both.standard_error()
    if error is None or error < ROUNDING:
        return without_interval(value, both.n, NO_VARIATION)
    return Estimate(value, value - Z_95 * error, value + Z_95 * error, both.n, f"{SAME_REVIEWERS}; {MODEL_IS_ONE}")


def _normalised(said: Counts, people: Patterns, labels: Taxonomy) -> SmoothStatistic:
    """κ_x over the root of alpha, not a number where alpha is not above 0."""
    alpha = formulas.alpha("nominal", labels)[0]
    crossed = cross_features(said, _padded(people.counts))
    width = crossed.shape[1]

    def statistic(totals: Totals) -> Totals:
        reliability = alpha.statistic(totals[:, width:])
        is_positive = reliability.real > 0
        root = np.sqrt(np.where(is_positive, reliability, 1))
        return np.where(is_positive, cross_reliability(totals[:, :width]) / root, np.nan)

    return SmoothStatistic(np.hstack([crossed, alpha.features(people.counts)]), people.items, statistic)


def joint(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Joint:
    """What the model and people said of the items that two people or more rated, and the labels that are left."""
    narrow, _, groups = narrowed(taxonomy, options)
    labels = len(narrow.labels)
    patterns = rating_patterns(counts, taxonomy)
    merged = (groups[:, None] == np.arange(labels)).astype(np.int64)
    said = np.eye(labels + 1, dtype=np.int64)[answers(counts["model_label"], taxonomy, groups, labels=labels)]
    several = patterns.ratings > 1
    return said[several], Patterns(patterns.counts[several] @ merged, patterns.items[several]), narrow


def cross_features(one: Counts, other: Counts) -> Array:
    """What an item adds to cross-replication reliability: the label counts of both, and their weighed disagreement.

    As the authors weigh items of unequal numbers of ratings: by the number of both together.
    """
    ratings, others = one.sum(axis=1), other.sum(axis=1)
    apart = 1 - (one * other).sum(axis=1) / (ratings * others)
    return np.column_stack([one, other, (ratings + others) * apart]).astype(float)


def cross_reliability(totals: Totals) -> Totals:
    """κ_x of the totals of `cross_features`: one minus observed over expected disagreement of one with the other."""
    one, other = np.split(totals[:, :-1], 2, axis=1)
    mine, theirs = one.sum(axis=1), other.sum(axis=1)
    observed = quotient(totals[:, -1], mine + theirs)
    expected = 1 - quotient((one * other).sum(axis=1), mine * theirs)
    return 1 - quotient(observed, expected)


def _padded(counts: Counts) -> Counts:
    """Label counts with a last label that nobody gives: no label."""
    return np.column_stack([counts, np.zeros(len(counts), dtype=np.int64)])
