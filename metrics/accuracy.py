"""Answers against gold, from the counts of `gold_answers` (`gold_label`, `kind`, `label`, `answers`, `items`).

Shares take Wilson's interval, everything else a linearised one; both take items for independent, but not the answers to
one item. With `options.label`, that label is violating and the others are not.
"""

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.cohen import kappa_estimate, square_table
from metrics.estimate import Estimate, share, undefined
from metrics.gold_items import by_item, effective_answers
from metrics.grouping import narrowed, violating_or_not
from metrics.intervals import SAME_REVIEWERS, SHARE, Meaning, estimate
from metrics.linearisation import Array, Counts, SmoothStatistic, Statistic, Totals, quotient
from metrics.options import Options
from metrics.patterns import label_codes
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

NO_ANSWERS = "no answers to items that have gold"
NO_VIOLATING_GOLD = "no answer is to an item that gold calls violating"
NO_OTHER_GOLD = "no answer is to an item that gold does not call violating"

Mask = NDArray[np.bool_]


def accuracy(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of answers that give the gold label; with `options.label`, of items with that gold label."""
    if options.label is not None:
        counts = counts.filter(pl.col("gold_label") == options.label)
    gold, given = _codes(counts, taxonomy)
    return _share(counts, gold == given, options, reason=NO_ANSWERS)


def balanced_accuracy(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of right answers averaged over gold labels, so that a common label does not drown a rare one.

    Source: Brodersen et al. (2010), doi:10.1109/ICPR.2010.764.
    """
    groups = narrowed(taxonomy, options)[2]
    gold, given = (groups[codes] for codes in _codes(counts, taxonomy))
    of_gold = gold[:, None] == np.unique(gold)
    labels = of_gold.shape[1]

    def statistic(totals: Totals) -> Totals:
        recalls = quotient(totals[:, labels:], totals[:, :labels])
        return quotient(recalls.sum(axis=1), np.array(labels))

    features = np.hstack([of_gold, of_gold & (gold == given)[:, None]]).astype(float)
    return _smooth(counts, features, statistic, options)


def precision(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the answers that say violating (or `options.label`), the share that gold calls so too."""
    reason = "no answer says violating"
    return _among(counts, taxonomy, options, part=lambda gold, given: (gold, given), reason=reason)


def recall(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the answers to items that gold calls violating (or `options.label`), the share that say so too."""
    return _among(counts, taxonomy, options, part=lambda gold, given: (given, gold), reason=NO_VIOLATING_GOLD)


def over_enforcement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the answers to items that gold does not call violating, the share that say violating."""
    return _among(counts, taxonomy, options, part=lambda gold, given: (given, ~gold), reason=NO_OTHER_GOLD)


def under_enforcement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the answers to items that gold calls violating, the share that do not say violating."""
    return _among(counts, taxonomy, options, part=lambda gold, given: (~given, gold), reason=NO_VIOLATING_GOLD)


def wrong_label(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the answers that rightly say violating, the share that say it with another label than gold's."""
    right, answered = _codes(counts, taxonomy)
    reason = "no answer rightly says violating"
    return _among(counts, taxonomy, options, part=lambda gold, given: (right != answered, gold & given), reason=reason)


def f1(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The harmonic mean of precision and recall; n counts the answers that either rests on.

    Interval: Takahashi et al. (2022), doi:10.1007/s10489-021-02635-5.
    """
    try:
        gold, given = sides(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(_answers(counts), str(reason))
    features = np.column_stack([2 * (gold & given), gold.astype(int) + given])[gold | given].astype(float)
    either = counts.filter(pl.Series(gold | given, dtype=pl.Boolean))
    return _smooth(either, features, lambda totals: quotient(totals[:, 0], totals[:, 1]), options)


def mean_cost(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The mean cost of an answer, from the declared costs of (right label, given label); a right answer costs nothing.

    Undefined where a pair of labels that occurs has no cost. The interval stays between the least and greatest cost.
    """
    pairs = list(zip(counts["gold_label"], counts["label"], strict=True))
    declared = {(label, label): 0.0 for label in taxonomy.labels} | dict(taxonomy.costs)
    uncovered = [f"{right} given as {given}" for right, given in pairs if (right, given) not in declared]
    if uncovered:
        return undefined(_answers(counts), f"{len(uncovered)} pairs of labels have no cost, such as {uncovered[0]}")
    features = np.array([(declared[pair], 1.0) for pair in pairs]).reshape(-1, 2)
    bounds = (min(declared.values()), max(declared.values()))
    return _smooth(counts, features, lambda totals: quotient(totals[:, 0], totals[:, 1]), options, bounds=bounds)


def gold_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Cohen's kappa of the answers with gold, weighted where `options.weights` says so."""
    narrow, chosen, groups = narrowed(taxonomy, options)
    table = square_table(counts.select("gold_label", "label", "answers"), taxonomy, groups)
    right, given = (groups[codes] for codes in _codes(counts, taxonomy))
    units = by_item(counts, np.eye(table.size)[right * len(table) + given])
    return kappa_estimate(table, narrow, chosen, counted="answers", question=SAME_REVIEWERS, units=units)


def confusion(counts: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """How the answers to each gold label fall on the labels, zeros included.

    Columns: `gold_label, label, answers`, and the share of the gold label's answers with Wilson's interval (`share,
    low, high`), null for a gold label without answers.
    """
    table = square_table(counts.select("gold_label", "label", "answers"), taxonomy, np.arange(len(taxonomy.labels)))
    rows = []
    for gold_label, row in zip(taxonomy.labels, table.tolist(), strict=True):
        theirs = counts.filter(pl.col("gold_label") == gold_label)
        for label, answers in zip(taxonomy.labels, row, strict=True):
            effective = effective_answers(theirs, (theirs["label"] == label).to_numpy().astype(float))
            found = share(answers, sum(row), effective=effective)
            rows.append((gold_label, label, answers, found.value, found.low, found.high))
    schema = {"gold_label": pl.String, "label": pl.String, "answers": pl.Int64}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(("share", "low", "high"), pl.Float64), orient="row")


def sides(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> tuple[Mask, Mask]:
    """Where gold calls the item violating, and where the answer does; an error where no label is declared violating."""
    narrow, _, groups = narrowed(taxonomy, options)
    violating = violating_or_not(narrow)[groups] == 0
    gold, given = _codes(counts, taxonomy)
    return violating[gold], violating[given]


def _codes(counts: pl.DataFrame, taxonomy: Taxonomy) -> tuple[Counts, Counts]:
    """The positions of the gold labels and of the given ones."""
    return label_codes(counts["gold_label"], taxonomy).to_numpy(), label_codes(counts["label"], taxonomy).to_numpy()


def _among(
    counts: pl.DataFrame,
    taxonomy: Taxonomy,
    options: Options,
    *,
    part: Callable[[Mask, Mask], tuple[Mask, Mask]],
    reason: str,
) -> Estimate:
    """A share of some answers: `part` takes where gold and answer violate to what is counted, and among what."""
    try:
        gold, given = sides(counts, taxonomy, options)
    except UndefinedError as missing:
        return undefined(_answers(counts), str(missing))
    counted, among = part(gold, given)
    return _share(counts.filter(pl.Series(among, dtype=pl.Boolean)), counted[among], options, reason=reason)


def _share(counts: pl.DataFrame, counted: Mask, options: Options, *, reason: str) -> Estimate:
    answers = counts["answers"].to_numpy()
    if answers.sum() == 0:
        return undefined(0, reason)
    if options.interval == "default":
        effective = effective_answers(counts, counted.astype(float))
        return share(int(answers @ counted), int(answers.sum()), effective=effective)
    features = np.column_stack([counted, np.ones(len(counted))]).astype(float)
    return _smooth(counts, features, lambda totals: quotient(totals[:, 0], totals[:, 1]), options)


def _smooth(
    counts: pl.DataFrame,
    features: Array,
    statistic: Statistic,
    options: Options,
    *,
    bounds: tuple[float, float] = SHARE,
) -> Estimate:
    units = SmoothStatistic(*by_item(counts, features), statistic)
    return estimate(units, options, Meaning(bounds, SAME_REVIEWERS, NO_ANSWERS), n=_answers(counts))


def _answers(counts: pl.DataFrame) -> int:
    return int(counts["answers"].sum())
