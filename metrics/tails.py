"""What lies beyond a threshold: the labelled items that a model would decide alone, and how many of them wrongly.

Outcomes are `score, is_violating, items`, and of audits drawn with unequal chances also `weight`, how many items one of
them stands for. Thresholds are hundredths of the score. Removal takes what scores so much or more, and errs where an
item does not violate; keeping takes what scores less, and errs where an item violates.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from metrics.linearisation import Array, Counts

Error = Literal["removal", "keep"]
STEPS = 100
"""How many steps of a threshold there are from 0 to 1."""
_FINEST = 10_000
"""Scores are known to four decimals."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of labelled items: the last step that each reaches from its own end, whether deciding is an error there.

    `weight` is how many items of the content one of them stands for: None where all stand for as many.
    """

    step: Counts
    is_error: Counts
    items: Counts
    weight: Array | None

    @property
    def labels(self) -> Counts:
        """How many labelled items lie at or beyond each step."""
        return beyond(self.step, self.items).round().astype(np.int64)

    @property
    def errors(self) -> Counts:
        """How many of them would be decided wrongly."""
        return beyond(self.step, self.items * self.is_error).round().astype(np.int64)


def kinds(outcomes: pl.DataFrame, error: Error) -> Kinds:
    """The labelled items as they lie towards the end of the score at which this error may be made."""
    known = outcomes.drop_nulls(["score", "is_violating"])
    weight = pl.col("weight") if "weight" in known.columns else pl.lit(1.0)
    frame = (
        known.select(
            pl.Series("step", steps(known["score"], error), dtype=pl.Int64),
            (pl.col("is_violating") == (error == "keep")).cast(pl.Int64).alias("is_error"),
            weight.cast(pl.Float64).alias("weight"),
            pl.col("items").cast(pl.Int64),
        )
        .group_by("step", "is_error", "weight")
        .agg(pl.col("items").sum())
        .sort("step", "is_error", "weight")
    )
    step, is_error, items = (frame[name].to_numpy() for name in ("step", "is_error", "items"))
    return Kinds(step, is_error, items, frame["weight"].to_numpy() if frame["weight"].n_unique() > 1 else None)


def steps(scores: pl.Series, error: Error) -> Counts:
    """The last step whose threshold takes each score: 0.29 is taken from 0.29 (step 29), and below 0.30 (step 70).

    A score of 1 is below no threshold, which is step -1.
    """
    hundredths: Counts = np.rint(scores.to_numpy().astype(np.float64) * _FINEST).astype(np.int64) // (_FINEST // STEPS)
    return hundredths if error == "removal" else STEPS - 1 - hundredths


def threshold(step: int, error: Error) -> float:
    """The score from which items are removed, or below which they are kept, at a step."""
    return (step if error == "removal" else STEPS - step) / STEPS


def beyond(step: Counts, items: Array | Counts) -> Array:
    """How much lies at or beyond each step from 0 to the last."""
    each = np.bincount(step + 1, items, STEPS + 2)
    reached: Array = each[:0:-1].cumsum()[::-1]
    return reached
