"""Scores beside what turned out: the items that a model scored, and whether they violate by a reference.

The counts are those of a question about models with scores. What scores promise, and what follows from them, is
computed from this frame alone.
"""

import polars as pl

from metrics.audit_tables import counted, weighed
from metrics.grouping import narrowed, violating_or_not
from metrics.model_tables import consensus
from metrics.options import Options
from metrics.patterns import label_codes
from metrics.taxonomy import Taxonomy


def outcomes(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> tuple[pl.DataFrame, str]:
    """Items by score and whether they violate (or have `options.label`), and what a reader must know.

    Columns: `score, is_violating, items`, and of audits that tell how they were drawn `weight`, how many decisions one
    stands for. Items without a score or without a majority are left out, and the note says how many. Where nobody
    declared which labels violate it is an `UndefinedError`.
    """
    narrow, _, groups = narrowed(taxonomy, options)
    merged = violating_or_not(narrow)[groups]
    if "standing" in counts.columns:
        rows, weights, _, note = weighed(counted(counts))
        right = merged[label_codes(rows["audit_label"], taxonomy).to_numpy()]
        found = rows.select("score", items="audits", weight=weights)
    elif "pattern" in counts.columns:
        found = counts.select("score", "items")
        right, note = consensus(counts, taxonomy, merged, labels=2)
    else:
        found, note = counts.select("score", "items"), ""
        right = merged[label_codes(counts["gold_label"], taxonomy).to_numpy()]
    known = found.with_columns(is_violating=pl.Series(right == 0, dtype=pl.Boolean)).filter(right >= 0)
    scored = known.drop_nulls("score")
    left = int(known["items"].sum()) - int(scored["items"].sum())
    told = (f"{left:,} items without a score are left out" * (left > 0), note)
    keys = [name for name in ("score", "is_violating", "weight") if name in scored.columns]
    return scored.group_by(keys).agg(pl.col("items").sum()).sort(keys), "; ".join(filter(None, told))
