"""One reviewer beside the others: which labels they give where, with the luck of few answers taken out.

A reviewer with thirty answers on a gold label has a confusion row that is mostly luck. Each row is drawn towards that
of the others, the further the less reviewers differ on that gold label in truth.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics.linearisation import Array
from metrics.shrinkage import fit_beta_binomial
from metrics.taxonomy import Taxonomy


def pooled_confusion(tallies: pl.DataFrame, reviewer: str, taxonomy: Taxonomy, *, min_cell: int) -> pl.DataFrame:
    """A reviewer's answers to each gold label, as counted, as the others give them, and pooled.

    `tallies` has `reviewer, gold_label, label, answers`. Columns: `gold_label, label, answers, of` (the reviewer's
    answers to the gold label), `share` as counted, `others` (the share among all other reviewers' answers), `pooled`
    and `is_hidden`: rows with fewer than `min_cell` answers are too few to show of one person, and their numbers null.

    Pooled is the mean of a Dirichlet posterior around the others' row. Its weight, in answers, is the sum of the
    parameters of the beta-binomial law that the reviewers' shares of right answers to the gold label follow; where no
    difference between reviewers can be detected, the row is that of the others. Source: Gelman et al. (2013),
    Bayesian Data Analysis, 3rd edition, chapters 3 and 5, ISBN 978-1-4398-4095-5.
    """
    own = _table(tallies.filter(pl.col("reviewer") == reviewer), taxonomy.labels)
    others = _table(tallies, taxonomy.labels) - own
    weights = [_weight(tallies.filter(pl.col("gold_label") == label), label) for label in taxonomy.labels]
    rows = []
    for place, gold_label in enumerate(taxonomy.labels):
        theirs, counted = others[place] / max(others[place].sum(), 1), own[place]
        is_hidden = counted.sum() < min_cell
        pooled = _pooled(counted, theirs, weights[place])
        for label, answers, share, other, drawn in zip(
            taxonomy.labels, counted, counted / max(counted.sum(), 1), theirs, pooled, strict=True
        ):
            known = (None, None, None) if is_hidden else (int(answers), float(share), float(drawn))
            rows.append((gold_label, label, int(counted.sum()), *known, float(other), bool(is_hidden)))
    columns = ("gold_label", "label", "of", "answers", "share", "pooled", "others", "is_hidden")
    return pl.DataFrame(rows, schema=list(columns), orient="row", infer_schema_length=None)


def _table(tallies: pl.DataFrame, labels: Sequence[str]) -> Array:
    """Gold labels by given labels."""
    places = {label: place for place, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for gold_label, label, answers in tallies.select("gold_label", "label", "answers").iter_rows():
        table[places[gold_label], places[label]] += answers
    return table


def _weight(tallies: pl.DataFrame, gold_label: str) -> float:
    """How many answers the others' row is worth: infinite where reviewers do not differ."""
    right = pl.col("answers").filter(pl.col("label") == gold_label).sum()
    each = tallies.group_by("reviewer").agg(right=right, n=pl.col("answers").sum())
    if each.height < 2:  # noqa: PLR2004 - one reviewer has nobody to differ from
        return 0.0
    found = fit_beta_binomial(each["right"].to_numpy(), each["n"].to_numpy())
    return float(found.alpha + found.beta)


def _pooled(counted: Array, theirs: Array, weight: float) -> Array:
    """The posterior mean of a row."""
    if np.isinf(weight):
        return theirs
    drawn: Array = (counted + weight * theirs) / max(counted.sum() + weight, 1)
    return drawn
