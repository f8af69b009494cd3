"""What audits say of all decisions, from the counts of `audits`: each weighed by how it was drawn, or naively alike.

The auditor's label is taken for the right one; `metrics.auditors` asks how far it is. With `options.label`, that label
is violating and the others are not.
"""

from collections.abc import Callable

import polars as pl

from metrics.audit_tables import (
    FOUND,
    NO_DESIGN,
    PRECISION,
    RECALL,
    Sample,
    Share,
    counted,
    draws,
    middle,
    rightness,
    violation,
)
from metrics.estimate import Estimate, share, undefined
from metrics.linearisation import Array
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

FEWEST_MISSES = 5

Question = Callable[[pl.DataFrame, Taxonomy, Options], Sample]


def accuracy(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of decisions whose label an auditor gives too."""
    return _weighted(counts, taxonomy, options, of=FOUND, by=rightness)


def precision(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the decisions that say violating (or `options.label`), the share that an auditor calls so too."""
    return _weighted(counts, taxonomy, options, of=PRECISION, by=violation)


def recall(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the decisions that an auditor calls violating (or `options.label`), the share that say so too.

    Fewer than five audited misses give an interval and no point.
    """
    return _weighted(counts, taxonomy, options, of=RECALL, by=violation)


def prevalence(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of decisions that an auditor calls violating (or `options.label`)."""
    return _weighted(counts, taxonomy, options, of=FOUND, by=violation)


def naive_accuracy(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of audits that give the decision's label, however they were drawn."""
    return _naive(counts, taxonomy, options, of=FOUND, by=rightness)


def naive_precision(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the audits of decisions that say violating, the share that say so too, however they were drawn."""
    return _naive(counts, taxonomy, options, of=PRECISION, by=violation)


def naive_recall(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Of the audits that say violating, the share whose decisions say so too, however they were drawn."""
    return _naive(counts, taxonomy, options, of=RECALL, by=violation)


def naive_prevalence(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of audits that say violating, however they were drawn."""
    return _naive(counts, taxonomy, options, of=FOUND, by=violation)


def _weighted(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, *, of: Share, by: Question) -> Estimate:
    try:
        sample = by(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(int(counted(counts)["audits"].sum()), str(reason))
    return weighted_share(sample, of, options)


def weighted_share(sample: Sample, of: Share, options: Options) -> Estimate:
    """A share of the decisions that the audits stand for, with the middle of what it may be."""
    alike = sample.table(1)
    n = int((alike * of.among).sum())
    if n == 0:
        return undefined(0, of.reason)
    value = float(of.of(sample.table(sample.weights)))
    low, high = middle(of.of(draws(sample, options)), value)
    beside = f"worth {sample.effective(of):,.0f} audits of equal weight (Kish); naive {_percent(of.of(sample.naive))}"
    said = [sample.note] if sample.note == NO_DESIGN else [beside, sample.note]
    if of is not RECALL or alike[0, 1] >= FEWEST_MISSES:
        return Estimate(value, low, high, n, "; ".join(filter(None, said)))
    how = "unweighted" if sample.note == NO_DESIGN else "weighted"
    few = f"interval only: {alike[0, 1]:.0f} audited misses, fewer than {FEWEST_MISSES} ({how} {_percent(value)})"
    return Estimate(None, low, high, n, "; ".join(filter(None, (few, *said))))


def _naive(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, *, of: Share, by: Question) -> Estimate:
    """A share of the audits, with Wilson's interval."""
    try:
        table = by(counts, taxonomy, options).naive
    except UndefinedError as reason:
        return undefined(int(counted(counts)["audits"].sum()), str(reason))
    among = int((table * of.among).sum())
    if among == 0:
        return undefined(0, of.reason)
    return share(int((table * of.counted).sum()), among, note="naive: every audit alike, however it was drawn")


def _percent(part: float | Array) -> str:
    return f"{float(part):.1%}".replace("%", " %")
