"""Two windows of what a model said, as counts of the same cells: of scores in order, or of labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from metrics.linearisation import Array, Counts
from metrics.model_tables import NO_LABEL
from metrics.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Windows:
    """How often each cell occurs in a reference window and in a current one; cells that neither has are left out.

    `values` says where the cells lie: their scores, or of labels their numbers.
    """

    reference: Array
    current: Array
    values: Array

    @classmethod
    def of(cls, reference: Array, current: Array, values: Array) -> Self:
        """The windows without the cells that are empty in both."""
        kept = reference + current > 0
        return cls(reference[kept].astype(float), current[kept].astype(float), values[kept].astype(float))

    @property
    def sizes(self) -> tuple[int, int]:
        """How many observations the reference and the current window have."""
        return int(self.reference.sum()), int(self.current.sum())

    @property
    def pooled(self) -> Array:
        """Both windows together."""
        return self.reference + self.current

    def in_bins(self, bins: int) -> Self:
        """Neighbouring cells merged into so many bins of about equal share in the reference.

        Equal scores stay together, so that ties leave fewer bins.
        """
        return self._merged(self.reference, bins)

    def coarse(self, cells: int) -> Self:
        """The same in at most so many cells of about equal share in both windows together."""
        return self if len(self.values) <= cells else self._merged(self.pooled, cells)

    def _merged(self, by: Array, cells: int) -> Self:
        below = (np.cumsum(by) - by) / by.sum()
        place = np.minimum(np.floor(below * cells + _ROUNDING), cells - 1).astype(np.int64)
        weights = (self.reference, self.current, self.pooled * self.values)
        reference, current, moment = (np.bincount(place, each, cells).astype(float) for each in weights)
        kept = reference + current > 0
        return type(self)(reference[kept], current[kept], moment[kept] / (reference + current)[kept])


_ROUNDING = 1e-9


def score_counts(frames: Sequence[pl.DataFrame]) -> tuple[Array, Counts, Counts]:
    """The scores that occur in frames of `model_scores`; how often in each; and how many items have none.

    Frames have `score, items`. Counts are frames by scores.
    """
    values = pl.concat([frame["score"] for frame in frames]).drop_nulls().unique().sort()
    counts = np.zeros((len(frames), len(values)), dtype=np.int64)
    for row, frame in zip(counts, frames, strict=True):
        known = frame.drop_nulls("score")
        np.add.at(row, values.search_sorted(known["score"]).to_numpy(), known["items"].to_numpy())
    every = np.array([frame["items"].sum() for frame in frames], dtype=np.int64)
    return values.to_numpy(), counts, every - counts.sum(axis=1)


def answer_counts(frames: Sequence[pl.DataFrame], taxonomy: Taxonomy) -> Counts:
    """How often the model gave each label, and last none of them, in frames of `model_label, items`."""
    labels = [*taxonomy.labels, NO_LABEL]
    given = [
        frame.select(
            pl.when(pl.col("model_label").cast(pl.String).is_in(list(taxonomy.labels)))
            .then(pl.col("model_label").cast(pl.String))
            .otherwise(pl.lit(NO_LABEL))
            .alias("label"),
            "items",
        )
        .group_by("label")
        .agg(pl.col("items").sum())
        for frame in frames
    ]
    found = [dict(zip(each["label"], each["items"], strict=True)) for each in given]
    return np.array([[each.get(label, 0) for label in labels] for each in found], dtype=np.int64)
