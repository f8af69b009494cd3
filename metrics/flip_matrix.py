"""Which labels a new version of a standard turns into which, and whether that may be chance."""

import numpy as np
import polars as pl

from metrics.linearisation import Counts
from metrics.shadow import Shadow
from metrics.taxonomy import Taxonomy


def mcnemar(sides: Shadow) -> float | None:
    """McNemar's mid-p value that as many items begin to violate as stop, of items grouped into these two."""
    from metrics.matched import mcnemar_mid_p  # noqa: PLC0415 - slow to load

    table = _table(sides)
    return mcnemar_mid_p(table) if table[0, 1] + table[1, 0] else None


def tests(sample: Shadow) -> tuple[float | None, float | None]:
    """The p-values of Stuart and Maxwell's test and of Bowker's, among the labels that take part in a change.

    Labels that do not add nothing to either. Where labels fall into sets that exchange nothing, the first test is
    undefined.
    """
    from metrics.matched import bowker_symmetry, stuart_maxwell  # noqa: PLC0415 - slow to load

    table = _table(sample)
    changes = table + table.T - 2 * np.diag(np.diag(table))
    moving = changes.sum(axis=1) > 0
    if not moving.any():
        return None, None
    among = table[np.ix_(moving, moving)]
    try:
        marginal = stuart_maxwell(among).p
    except np.linalg.LinAlgError:
        marginal = None
    return marginal, bowker_symmetry(among).p


def matrix(sample: Shadow, taxonomy: Taxonomy) -> pl.DataFrame:
    """How many items went from each label to each: `old_label, new_label, items, share`, the share weighed."""
    known = sample.is_known
    labels = np.array(taxonomy.labels, dtype=object)
    cells = pl.DataFrame(
        {
            "old_label": pl.Series(labels[sample.was[known]], dtype=pl.String),
            "new_label": pl.Series(labels[sample.becomes[known]], dtype=pl.String),
            "items": sample.items[known],
            "share": (sample.items * sample.weights)[known],
        }
    )
    summed = cells.group_by("old_label", "new_label").agg(pl.col("items", "share").sum())
    return summed.with_columns(pl.col("share") / pl.col("share").sum()).sort("old_label", "new_label")


def _table(sample: Shadow) -> Counts:
    """The items as drawn by label before (rows) and after."""
    labels = sample.before.shape[1]
    known = sample.is_known
    cells = labels * sample.was[known] + sample.becomes[known]
    table: Counts = np.bincount(cells, sample.items[known], labels**2).astype(np.int64).reshape(labels, labels)
    return table
