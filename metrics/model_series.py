"""How far a model agrees with its reference in each period of each slice, from counts cut by both at once.

The values are those of `metrics.model`, found for hundreds of days together.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.audit_tables import counted, weighed
from metrics.cohen import kappa, kappa_standard_error
from metrics.linearisation import Array, Counts
from metrics.model_tables import answers, consensus
from metrics.patterns import label_codes
from metrics.taxonomy import Taxonomy

EVERYTHING = "everything"
"""What the series of all slices together is called."""


@dataclass(frozen=True, slots=True)
class ModelSeries:
    """One slice from period to period.

    `points`: `period, n, model_human_agreement, model_human_kappa`; kappa is null where it is undefined. `variance` is,
    by metric, that of one observation, as all periods together tell.
    """

    points: pl.DataFrame
    variance: dict[str, float]


def model_series(counts: pl.DataFrame, taxonomy: Taxonomy, *, by: str | None, period: str) -> dict[str, ModelSeries]:
    """The series of every slice of `by`, or of everything, from counts of a question about models.

    Counts are those of `model_patterns`, `model_gold` or `model_audits`, cut by `by` and `period`; audits count as they
    were drawn. What lacks a slice or a period is left out.
    """
    cut = [by] if by else []
    rows, answer, right, items, weights = _held(counts.drop_nulls([*cut, period]), taxonomy)
    size = len(taxonomy.labels) + 1
    found = {}
    keys = rows.select(
        pl.col(by).cast(pl.String) if by else pl.lit(EVERYTHING).alias("slice"), pl.col(period).alias("period")
    )
    groups = keys.with_row_index("row").group_by(keys.columns[0], maintain_order=True).agg("row", "period")
    for name, places, periods in groups.sort(keys.columns[0]).iter_rows():
        days = pl.Series(periods, dtype=keys["period"].dtype)
        distinct = days.unique().sort()
        place = distinct.search_sorted(days).to_numpy() * size**2 + (answer * size + right)[places]
        tables = np.zeros((len(distinct), size * size))
        np.add.at(tables.ravel(), place, (items * weights)[places])
        n = np.bincount(place // size**2, items[places], len(distinct)).astype(np.int64)
        found[name] = _series(distinct, tables.reshape(-1, size, size), n)
    return found


def _held(counts: pl.DataFrame, taxonomy: Taxonomy) -> tuple[pl.DataFrame, Counts, Counts, Counts, Array]:
    """The rows with a right label: what was said, what is right, how many, and what each stands for."""
    labels = len(taxonomy.labels)
    every = np.arange(labels)
    if "standing" in counts.columns:
        rows, weights, _, _ = weighed(counted(counts))
        given, right, items = rows["label"], label_codes(rows["audit_label"], taxonomy).to_numpy(), rows["audits"]
    else:
        rows, weights = counts, np.ones(counts.height)
        given, items = rows["model_label"], rows["items"]
        if "pattern" in counts.columns:
            right = consensus(counts, taxonomy, every, labels=labels)[0]
        else:
            right = label_codes(rows["gold_label"], taxonomy).to_numpy()
    known = right >= 0
    answer = answers(given, taxonomy, every, labels=labels)
    return rows.filter(pl.Series(known)), answer[known], right[known], items.to_numpy()[known], weights[known]


def _series(periods: pl.Series, tables: Array, n: Counts) -> ModelSeries:
    """The numbers of each period from its table of what was said by what is right."""
    agreement = np.trace(tables, axis1=1, axis2=2) / tables.sum(axis=(1, 2))
    whole = tables.sum(axis=0)
    whole = np.rint(whole * n.sum() / whole.sum()).astype(np.int64)
    pooled = kappa(whole, np.eye(len(whole)))
    kappas = pooled.statistic(tables.reshape(len(tables), -1))
    error = kappa_standard_error(pooled) or 0.0
    mean = float(np.average(agreement, weights=n))
    points = pl.DataFrame(
        {"period": periods, "n": n, "model_human_agreement": agreement, "model_human_kappa": kappas}
    ).with_columns(pl.col("model_human_kappa").fill_nan(None))
    variance = {"model_human_agreement": mean * (1 - mean), "model_human_kappa": error**2 * int(n.sum())}
    return ModelSeries(points, variance)
