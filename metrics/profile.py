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
    own = _table(tallies.filter(pl.col("reviewer") == reviewer), taxonomy.labels, _ON_GOLD)
    others = _table(tallies, taxonomy.labels, _ON_GOLD) - own
    return _confusion(own, others, _weights(tallies, taxonomy), taxonomy.labels, row="gold_label", min_cell=min_cell)


def peer_confusion(
    pairs: pl.DataFrame, everybody: pl.DataFrame, tallies: pl.DataFrame, taxonomy: Taxonomy, *, min_cell: int
) -> pl.DataFrame:
    """What a reviewer says where a peer says this, as counted, as anybody does, and pooled as on gold.

    `pairs` has `label_a` of the reviewer, `label_b` of a peer and `items`; `everybody` is a frame of
    `label_coincidences`. The columns are those of `pooled_confusion`, with `peer_label` for the gold label. Rows are
    drawn towards everybody's with the weights that `tallies` tell, and not at all without gold.
    """
    own = _table(pairs, taxonomy.labels, ("label_b", "label_a", "items"))
    others = _table(everybody, taxonomy.labels, ("label_a", "label_b", "pairs"))
    return _confusion(own, others, _weights(tallies, taxonomy), taxonomy.labels, row="peer_label", min_cell=min_cell)


_ON_GOLD = ("gold_label", "label", "answers")


def _confusion(
    own: Array, others: Array, weights: Sequence[float], labels: Sequence[str], *, row: str, min_cell: int
) -> pl.DataFrame:
    """Two tables of labels row by row, with the first drawn towards the second."""
    rows = []
    for place, row_label in enumerate(labels):
        theirs, counted = others[place] / max(others[place].sum(), 1), own[place]
        is_hidden = counted.sum() < min_cell
        pooled = _pooled(counted, theirs, weights[place])
        for label, answers, share, other, drawn in zip(
            labels, counted, counted / max(counted.sum(), 1), theirs, pooled, strict=True
        ):
            known = (None, None, None) if is_hidden else (int(answers), float(share), float(drawn))
            rows.append((row_label, label, int(counted.sum()), *known, float(other), bool(is_hidden)))
    columns = [row, "label", "of", "answers", "share", "pooled", "others", "is_hidden"]
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


def _table(counts: pl.DataFrame, labels: Sequence[str], columns: tuple[str, str, str]) -> Array:
    """Labels by labels, from the columns of rows, columns and counts."""
    places = {label: place for place, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)))
    for row, column, count in counts.select(columns).iter_rows():
        table[places[row], places[column]] += count
    return table


def _weights(tallies: pl.DataFrame, taxonomy: Taxonomy) -> list[float]:
    """Of each label's row, how many answers the others' is worth."""
    return [_weight(tallies.filter(pl.col("gold_label") == label), label) for label in taxonomy.labels]


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
