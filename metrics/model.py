"""A model as one more rater, held against a reference: see `metrics.model_tables` for what counts and how.

Shares take Wilson's interval, kappa and F1 a linearised one; of audits all weigh as they were drawn. With
`options.label`, that label is violating and the others are not.
"""

import math
from dataclasses import replace

import numpy as np
import polars as pl

from metrics.audit_tables import FOUND, PRECISION, RECALL, Share
from metrics.audits import weighted_share
from metrics.cohen import ONE_LABEL, kappa
from metrics.design import effective_size
from metrics.estimate import Estimate, share, undefined, without_interval
from metrics.footing import shortage_in_table
from metrics.grouping import narrowed, violating_or_not
from metrics.intervals import COEFFICIENT, SHARE, Meaning, around
from metrics.linearisation import Array, SmoothStatistic, quotient
from metrics.model_tables import NO_ITEMS, NO_LABEL, Held, answers, held
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, agreement_weights

OTHER_ITEMS = "interval: this model, other items"
VIOLATING, FINE = 0, 1
"""The places of labels that violate, or are asked for, and of the others."""


def agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of items to which the model gives the label that is right by the reference."""
    narrow, _, groups = narrowed(taxonomy, options)
    found = held(counts, taxonomy, groups, labels=len(narrow.labels))
    return _share(found, found.answer == VIOLATING, found.answer == found.right, FOUND, options, reason=NO_ITEMS)


def model_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Cohen's kappa of the model with the reference, weighted where `options.weights` says so.

    No label is a label of its own that only the model uses, as far from any other as can be.
    """
    narrow, chosen, groups = narrowed(taxonomy, options)
    found = held(counts, taxonomy, groups, labels=len(narrow.labels))
    if found.n == 0:
        return undefined(0, NO_ITEMS)
    try:
        weights = agreement_weights(chosen.weights or "none", narrow)
    except UndefinedError as reason:
        return undefined(found.n, str(reason))
    size = found.labels + 1
    padded = np.zeros((size, size))
    padded[:-1, :-1], padded[-1, -1] = weights, 1
    cells = np.eye(size * size)[found.answer * size + found.right]
    formula = kappa(found.table, padded).statistic
    short = shortage_in_table(found.table, "items")
    return _smooth(found, SmoothStatistic(cells, found.items, formula), (COEFFICIENT, ONE_LABEL), short, n=found.n)


def precision(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the items that the model calls violating (or `options.label`), the share that are by the reference."""
    return _sided(counts, taxonomy, options, VIOLATING, PRECISION, reason="the model calls no item violating")


def recall(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the items that violate (or have `options.label`) by the reference, the share that the model calls so."""
    return _sided(counts, taxonomy, options, VIOLATING, RECALL, reason="no item is violating by the reference")


def specificity(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the items that do not violate by the reference, the share that the model says do not: no label is a miss."""
    return _sided(counts, taxonomy, options, FINE, RECALL, reason="every item is violating by the reference")


def f1(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The harmonic mean of precision and recall; n counts the items that either rests on.

    Interval: Takahashi et al. (2022), doi:10.1007/s10489-021-02635-5.
    """
    try:
        found = _violation(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(_counted(counts), str(reason))
    said, right = found.answer == VIOLATING, found.right == VIOLATING
    n = int(found.items @ (said | right))
    if n == 0:
        return undefined(0, "no item is violating by the model or by the reference")
    features = np.column_stack([2 * (said & right), said.astype(int) + right]).astype(float)
    statistic = SmoothStatistic(features, found.items, lambda totals: quotient(totals[:, 0], totals[:, 1]))
    return _smooth(found, statistic, (SHARE, NO_ITEMS), "", n=n)


def no_answer(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - as all are
    """The share of items to which the model gave no label, or none of the taxonomy's."""
    labels = len(taxonomy.labels)
    given, items = answers(counts["model_label"], taxonomy, np.arange(labels), labels=labels), counts["items"]
    return share(int(items.filter(pl.Series(given == labels)).sum()), int(items.sum()), counted="items with an answer")


def model_confusion(counts: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """How the model's answers to the items of each right label fall on the labels, zeros included.

    Columns: `right_label, model_label` (of which the last is no label), `items`, and their share of the right label's
    items with Wilson's interval (`share, low, high`), null where there are none. Shares of audits are weighted.
    """
    labels = len(taxonomy.labels)
    found = held(counts, taxonomy, np.arange(labels), labels=labels)
    rows = []
    for place, right_label in enumerate(taxonomy.labels):
        theirs = found.right == place
        items, weights = found.items[theirs], found.weights[theirs]
        whole = int(items.sum())
        effective = effective_size(np.repeat(weights, items)) if whole else 0.0
        for answer, model_label in enumerate((*taxonomy.labels, NO_LABEL)):
            given = found.answer[theirs] == answer
            part = whole * float(items @ (weights * given)) / float(items @ weights) if whole else 0.0
            told = share(part, whole, effective=effective)
            rows.append((right_label, model_label, int(items @ given), told.value, told.low, told.high))
    schema = {"right_label": pl.String, "model_label": pl.String, "items": pl.Int64}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(("share", "low", "high"), pl.Float64), orient="row")


def _violation(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Held:
    """What was said and is right about violating or not; an error where nobody declared which labels violate."""
    narrow, _, groups = narrowed(taxonomy, options)
    return held(counts, taxonomy, violating_or_not(narrow)[groups], labels=2)


def _sided(
    counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, side: int, of: Share, *, reason: str
) -> Estimate:
    try:
        found = _violation(counts, taxonomy, options)
    except UndefinedError as missing:
        return undefined(_counted(counts), str(missing))
    return _share(found, found.answer == side, found.right == side, of, options, reason=reason)


def _share(found: Held, said: Array, right: Array, of: Share, options: Options, *, reason: str) -> Estimate:
    """A share of the items by what was said and found: plainly counted, or of audits as they were drawn."""
    sample = found.sample(said, right)
    part, whole = (int((sample.naive * cells).sum()) for cells in (of.counted, of.among))
    if whole == 0:
        return undefined(0, reason)
    return weighted_share(sample, of, options) if found.is_sample else share(part, whole, note=found.note)


def _smooth(
    found: Held, statistic: SmoothStatistic, of: tuple[tuple[float, float], str], short: str, *, n: int
) -> Estimate:
    """A smooth function of the items' features, each kind weighed, with its large-sample interval."""
    bounds, reason = of
    weighed = replace(statistic, features=np.asarray(statistic.features) * found.weights[:, None])
    value = weighed.value()
    if value is None:
        return undefined(n, reason)
    if short:
        return without_interval(value, n, "; ".join(filter(None, (short, found.note))))
    error = math.sqrt(float(found.items @ ((1 - found.chances) * weighed.influence() ** 2)))
    note = "; ".join(filter(None, (OTHER_ITEMS, found.note)))
    return around(value, error, Meaning(bounds, note, reason), n=n)


def _counted(counts: pl.DataFrame) -> int:
    return int(counts["audits" if "audits" in counts.columns else "items"].sum())
