"""Audits as tables of what was said and what was found, weighed by how they were drawn, and what such a table may be.

A table is 2 × 2: rows for decisions that do not say violating and that do, columns for what was not found and found.
Counts come from `audits` with `standing, stratum, inclusion_probability, label, audit_label, second_label, audits`;
those that stand as drawn count.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.design import effective_size
from metrics.linearisation import Array, Counts, quotient
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

COUNTED = ("drawn", "early")
NO_AUDITS = "no audited decision that counts"
NO_DESIGN = "design unknown: no audit tells its inclusion probability, so all count alike"


@dataclass(frozen=True, slots=True)
class Share:
    """Which cells of a table are counted, and among which; the reason why there may be none to count among."""

    counted: Array
    among: Array
    reason: str

    def of(self, tables: Array) -> Array:
        """The share in each of some tables; not a number where there is nothing to count among."""
        return quotient((tables * self.counted).sum(axis=(-2, -1)), (tables * self.among).sum(axis=(-2, -1)))


_HITS = np.array([[0, 0], [0, 1]])
FOUND = Share(np.array([[0, 1], [0, 1]]), np.ones((2, 2)), NO_AUDITS)
PRECISION = Share(_HITS, np.array([[0, 0], [1, 1]]), "no audited decision says violating")
RECALL = Share(_HITS, np.array([[0, 1], [0, 1]]), "no audited decision was found violating")


@dataclass(frozen=True, slots=True)
class Sample:
    """Kinds of audits: how many of each, how many decisions one stands for, and the chance that it was drawn.

    `groups` number the strata, each on either side of the decision. Of an unknown design every weight is 1 and the
    chances are 0, as if there were endlessly many to draw from; `note` tells a reader. `naive` is the table of all
    audits, also of those without a probability, one each.
    """

    audits: Counts
    weights: Array
    chances: Array
    groups: Counts
    said: Counts
    found: Counts
    note: str
    naive: Array

    def table(self, each: Array | int) -> Array:
        """The table of the audits, of which each stands for so many."""
        return _table(self.said, self.found, np.asarray(self.audits * each, dtype=np.float64))

    def effective(self, share: Share) -> float:
        """How many audits of equal weight would tell as much as those that a share is among."""
        among = share.among[self.said, self.found] > 0
        return effective_size(np.repeat(self.weights[among], self.audits[among]))


def rightness(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Sample:  # noqa: ARG001 - as `violation`
    """The audits by whether they found the decision right; all of one side where no label is declared violating."""
    return _sample(counts, pl.col("label") == pl.col("audit_label"), taxonomy.violating or frozenset())


def violation(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Sample:
    """The audits by whether they found a violation, or `options.label`; an error where nobody said what violates."""
    labels = violating_labels(taxonomy, options)
    return _sample(counts, pl.col("audit_label").is_in(labels), labels)


def violating_labels(taxonomy: Taxonomy, options: Options) -> frozenset[str]:
    """The labels that violate, or `options.label`; an error where nobody said which do."""
    labels = taxonomy.violating if options.label is None else frozenset({options.label})
    if labels is None:
        raise UndefinedError("needs to know which labels violate: give `is_violating` in labels")
    return labels


def counted(counts: pl.DataFrame) -> pl.DataFrame:
    """The counts of the audits that count."""
    return counts.filter(pl.col("standing").is_in(COUNTED))


def _sample(counts: pl.DataFrame, found: pl.Expr, labels: frozenset[str]) -> Sample:
    is_said = pl.col("label").is_in(labels)
    rows = counted(counts).select(
        "audits",
        "inclusion_probability",
        said=is_said.cast(pl.Int64),
        found=found.cast(pl.Int64),
        group=pl.struct(pl.col("stratum").fill_null(""), is_said.alias("said")),
    )
    known, weights, chances, note = weighed(rows)
    groups = known["group"].rank("dense").cast(pl.Int64).to_numpy() - 1
    sides, findings, audits = (known[name].to_numpy() for name in ("said", "found", "audits"))
    naive = _table(rows["said"].to_numpy(), rows["found"].to_numpy(), rows["audits"].cast(pl.Float64).to_numpy())
    return Sample(audits, weights, chances, groups, sides, findings, note, naive)


def weighed(rows: pl.DataFrame) -> tuple[pl.DataFrame, Array, Array, str]:
    """The rows whose `inclusion_probability` is known, their weights and chances, and what a reader must know.

    Where none is known all rows count alike: weights of 1, and chances of 0.
    """
    known = rows.drop_nulls("inclusion_probability")
    if known.is_empty():
        return rows, np.ones(rows.height), np.zeros(rows.height), NO_DESIGN
    left = int(rows["audits"].sum()) - int(known["audits"].sum())
    note = f"{left:,} audits without an inclusion probability left out" if left else ""
    chances = known["inclusion_probability"].to_numpy()
    return known, 1 / chances, chances, note


def _table(said: Counts, found: Counts, numbers: Array) -> Array:
    cells: Array = np.bincount(2 * said + found, numbers, 4).astype(np.float64).reshape(2, 2)
    return cells


def draws(sample: Sample, options: Options) -> Array:
    """What the weighted table may be, given the audits: tables drawn from its posterior, (draws, 2, 2).

    In each group the decisions of a finding are Gamma distributed with the mean and the variance of their weighted
    count, Σ w and Σ (1 − π) w². So shares are Beta distributed, how many of a stratum were drawn is up to chance, and
    what was drawn with certainty is known. Jeffreys' half an audit a finding is spread over the strata of a side by
    their size. Sources: Begg and Greenes (1983), doi:10.2307/2530820; the Gamma distribution of a weighted count: Fay
    and Feuer (1997), Statistics in Medicine 16:791-801.
    """
    side = np.zeros((int(sample.groups.max()) + 1, 2))
    side[sample.groups, sample.said] = 1
    cells = [
        np.bincount(2 * sample.groups + sample.found, sample.audits * each, 2 * len(side)).reshape(-1, 2)
        for each in (sample.weights, (1 - sample.chances) * sample.weights**2, np.ones_like(sample.weights))
    ]
    size, spread, audits = (cell.sum(axis=1) for cell in cells)
    half = 0.5 * size / (side @ (size @ side))
    mean, variance = cells[0] + (half * spread / size)[:, None], cells[1] + (half * spread / audits)[:, None]
    is_known = variance == 0
    shape = mean**2 / np.where(is_known, 1, variance)
    variates = np.random.default_rng(options.seed).standard_gamma(shape, (options.replicates, *shape.shape))
    decisions = np.where(is_known, mean, variates * quotient(variance, mean))
    tables: Array = np.einsum("bgf,gs->bsf", decisions, side)
    return tables


def middle(values: Array, value: float) -> tuple[float, float]:
    """The middle 95 % of draws, as wide as it takes to hold the value itself."""
    low, high = np.quantile(values[np.isfinite(values)], (0.025, 0.975))
    return min(float(low), value), max(float(high), value)
