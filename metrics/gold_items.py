"""Answers on gold item by item: what all answers to one item have in common is one observation, not many."""

import numpy as np
import polars as pl

from metrics.linearisation import Array, Counts, SmoothStatistic, quotient


def by_item(counts: pl.DataFrame, features: Array) -> tuple[Array, Counts]:
    """The features of the answers to an item, for each kind of item, and how many items are of the kind.

    `features` has a row for each row of `counts`, a frame of `gold_answers`: items are of one kind that have the same
    gold label and were given each label equally often.
    """
    kinds = counts.select(pl.struct("gold_label", "kind").rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()
    items = counts["items"].to_numpy()
    found = np.zeros((int(kinds.max(initial=-1)) + 1, features.shape[1]))
    np.add.at(found, kinds, features * (counts["answers"].to_numpy() / items)[:, None])
    units = np.zeros(len(found), dtype=np.int64)
    units[kinds] = items
    return found, units


def effective_answers(counts: pl.DataFrame, counted: Array) -> float:
    """How many answers to as many items would tell a share as precisely as these answers do.

    `counted` says of each row of `counts` whether its answers are counted. Answers to different items are taken for
    independent, those to one item are not. Where all or none are counted, an item tells no more than one answer would.
    Source: Kish (1965), Survey Sampling; Dean and Pagano (2015), doi:10.1093/jssam/smv024.
    """
    features, units = by_item(counts, np.column_stack([counted, np.ones(len(counts))]))
    part, whole = units @ features
    items = int(units.sum())
    if items == whole:
        return float(whole)
    share = part / whole
    error = SmoothStatistic(features, units, lambda totals: quotient(totals[:, 0], totals[:, 1])).standard_error()
    if error is None or not 0 < share < 1:
        return float(items)
    independent = share * (1 - share) / whole
    return float(whole / max(1.0, error**2 * (items - 1) / items / independent))
