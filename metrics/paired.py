"""Differences of two raters on the same items: what both have in common cancels, so the two are never independent."""

import numpy as np
import polars as pl

from metrics.estimate import Estimate, undefined
from metrics.grouping import narrowed
from metrics.intervals import COEFFICIENT, SAME_REVIEWERS, SHARE, Meaning, estimate
from metrics.linearisation import Array, Counts, SmoothStatistic, Totals, quotient
from metrics.model_tables import answers, consensus
from metrics.options import Options
from metrics.patterns import label_codes, rating_patterns
from metrics.taxonomy import Taxonomy

SAME_ITEMS = "interval: both on the same items, other items like these"
NO_GOLD = "no item that the model and people answered has gold"
NO_PAIR = "no item that the model answered has two independent reviews"
NO_AUDITED_PEOPLE = "audits compare the model with nobody on the same items: take reference consensus or gold"

Compared = tuple[Array, Array, Counts]
"""Of each kind of item the share that the model has right, the share that people have, and how many items there are."""


def model_minus_human(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How much more often the model is right than a reviewer of the same item.

    From the counts of `joint_answers`, by consensus of `model_patterns`. Right by gold or, held against the consensus,
    in agreement with another reviewer of the item. Of several reviewers of an item the mean is taken.
    """
    if options.reference == "audits":
        return undefined(0, NO_AUDITED_PEOPLE)
    if options.reference == "gold":
        return difference(*by_gold(counts, taxonomy, options), reason=NO_GOLD)
    return difference(*by_others(counts, taxonomy, options), reason=NO_PAIR)


def human_ceiling(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often a reviewer is right on the items that the model answered, as `model_minus_human` has it."""
    if options.reference == "audits":
        return undefined(0, NO_AUDITED_PEOPLE)
    _, people, items = (by_gold if options.reference == "gold" else by_others)(counts, taxonomy, options)
    if items.sum() == 0:
        return undefined(0, NO_GOLD if options.reference == "gold" else NO_PAIR)
    units = SmoothStatistic(np.column_stack([people, np.ones(len(items))]), items, _mean)
    return estimate(units, options, Meaning(SHARE, SAME_REVIEWERS, NO_PAIR), n=units.n)


def by_gold(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Compared:
    """Whether the model has the gold label of each kind of item, the share of reviewers who have it, and the items."""
    counts = counts.drop_nulls("gold_label")
    groups, labels = _narrowed(taxonomy, options)
    given, said = _given(counts, taxonomy, groups, labels), _said(counts, taxonomy, groups, labels)
    right = groups[label_codes(counts["gold_label"], taxonomy).to_numpy()]
    people = _placed(given, right) / np.maximum(given.sum(axis=1), 1)
    return (said == right).astype(float), people, counts["items"].to_numpy().astype(np.int64)


def by_others(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Compared:
    """How many of an item's reviewers the model agrees with, how many of the others each of them does; shares."""
    groups, labels = _narrowed(taxonomy, options)
    given, said = _given(counts, taxonomy, groups, labels), _said(counts, taxonomy, groups, labels)
    several = given.sum(axis=1) > 1
    given, said, items = given[several], said[several], counts["items"].to_numpy().astype(np.int64)[several]
    ratings = given.sum(axis=1)
    people = (given * (given - 1)).sum(axis=1) / (ratings * (ratings - 1))
    return _placed(given, said) / ratings, people, items


def version_change(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How much more often the next version is right than the one before, on the same items: see `version_pairs`."""
    groups, labels = _narrowed(taxonomy, options)
    if options.reference == "gold":
        counts = counts.drop_nulls("gold_label")
        right = groups[label_codes(counts["gold_label"], taxonomy).to_numpy()]
    else:
        right, _ = consensus(counts, taxonomy, groups, labels=labels)
    before, after = (answers(counts[name], taxonomy, groups, labels=labels) for name in ("model_label", "next_label"))
    known = right >= 0
    items = counts["items"].to_numpy().astype(np.int64)[known]
    return difference((after == right)[known], (before == right)[known], items, reason="no item has both versions")


def difference(one: Array, other: Array, items: Counts, *, reason: str) -> Estimate:
    """The mean of one share an item minus that of another, of the same items; linearised on Fisher's z scale."""
    n = int(items.sum())
    if n == 0:
        return undefined(0, reason)
    units = SmoothStatistic(np.column_stack([one - other.astype(float), np.ones(len(items))]), items, _mean)
    return estimate(units, Options(), Meaning(COEFFICIENT, SAME_ITEMS, reason), n=n)


def _mean(totals: Totals) -> Totals:
    return quotient(totals[:, 0], totals[:, 1])


def _narrowed(taxonomy: Taxonomy, options: Options) -> tuple[Counts, int]:
    narrow, _, groups = narrowed(taxonomy, options)
    return groups, len(narrow.labels)


def _said(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, labels: int) -> Counts:
    return answers(counts["model_label"], taxonomy, groups, labels=labels)


def _given(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, labels: int) -> Counts:
    merged = (groups[:, None] == np.arange(labels)).astype(np.int64)
    return np.asarray(rating_patterns(counts, taxonomy).counts @ merged)


def _placed(given: Counts, labels: Counts) -> Counts:
    """How often each item got a label; a label after the last nobody gave."""
    padded = np.column_stack([given, np.zeros(len(given), dtype=np.int64)])
    return np.asarray(padded[np.arange(len(given)), labels])
