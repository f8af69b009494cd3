"""What every two reviewers said about the items that both rated, and Cohen's kappa of all pairs at once."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.linearisation import Array, Counts, quotient
from metrics.patterns import label_codes, places
from metrics.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Cells of one table per pair: pair number, label of one, label of the other, and items.

    `names` has a row per pair: `reviewer_a`, `reviewer_b`.
    """

    names: pl.DataFrame
    pair: Counts
    one: Counts
    other: Counts
    items: Counts
    labels: int

    @property
    def n(self) -> Counts:
        """How many items each pair rated together."""
        return self.summed(self.items).astype(np.int64)

    def summed(self, cells: NDArray[np.generic]) -> Array:
        """A sum over the cells of every pair."""
        return np.bincount(self.pair, weights=cells, minlength=self.names.height).astype(float)

    def margins(self, label: Counts) -> Array:
        """How often each label occurs on one side of every pair (pairs by labels)."""
        places, size = self.pair * self.labels + label, self.names.height * self.labels
        return (
            np.bincount(places, weights=self.items, minlength=size)
            .astype(float)
            .reshape(self.names.height, self.labels)
        )


def pair_counts(counts: pl.DataFrame, taxonomy: Taxonomy, groups: Counts) -> PairCounts:
    """The cells that a frame of `reviewer_pairs` holds, labels merged into `groups`."""
    sides = ("reviewer_a", "reviewer_b")
    reviewers = pl.concat([counts[side].unique() for side in sides]).unique().sort()
    first, second = (places(counts[side], reviewers) for side in sides)
    several, pair = np.unique(first * len(reviewers) + second, return_inverse=True)
    both = np.divmod(several, max(len(reviewers), 1))
    names = pl.DataFrame({side: reviewers.gather(place) for side, place in zip(sides, both, strict=True)})
    one, other = (groups[label_codes(counts[side], taxonomy).to_numpy()] for side in ("label_a", "label_b"))
    items = counts["items"].to_numpy()
    return PairCounts(names, pair, one, other, items, int(groups.max(initial=-1)) + 1)


def all_kappas(pairs: PairCounts, weights: Array) -> tuple[Array, Array]:
    """Cohen's kappa of every pair and its large-sample standard error; not a number where it is undefined.

    Source: Fleiss, Cohen and Everitt (1969), doi:10.1037/h0028106.
    """
    n, rows, columns = pairs.n, pairs.margins(pairs.one), pairs.margins(pairs.other)
    by_row, by_column = columns @ weights / n[:, None], rows @ weights / n[:, None]
    credit = weights[pairs.one, pairs.other]
    observed, expected = pairs.summed(pairs.items * credit) / n, (rows * by_row).sum(axis=1) / n
    kappa = quotient(observed - expected, 1 - expected)
    chance = by_row[pairs.pair, pairs.one] + by_column[pairs.pair, pairs.other] - 2 * expected[pairs.pair]
    moves = credit - observed[pairs.pair] - (1 - kappa[pairs.pair]) * chance
    variance = pairs.summed(pairs.items * moves**2) / n**2
    return kappa, quotient(np.sqrt(variance), 1 - expected)
