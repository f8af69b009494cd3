"""Which labels items got: the one sufficient statistic of agreement, read from the counts of a query."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.linearisation import Counts
from metrics.taxonomy import Taxonomy

BETWEEN_LABELS, BEFORE_LABEL = "\x1e", "\x1f"
"""How a pattern is written: '2␟keep␞1␟remove'."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Distinct items: `counts` (patterns by labels) says how many reviewers gave each label, `items` how many items."""

    counts: Counts
    items: Counts

    @property
    def ratings(self) -> Counts:
        """How many ratings an item of each pattern has."""
        return np.asarray(self.counts.sum(axis=1))

    @property
    def pairable(self) -> "Patterns":
        """Only the items with two ratings or more."""
        return self.where(self.ratings > 1)

    def where(self, kept: NDArray[np.bool_]) -> "Patterns":
        """Only some of the patterns."""
        return Patterns(self.counts[kept], self.items[kept])

    def grouped(self, groups: Counts) -> "Patterns":
        """The same items with labels merged: label k becomes label `groups[k]`."""
        if np.array_equal(groups, np.arange(self.counts.shape[1])):
            return self
        merged = groups[:, None] == np.arange(groups.max(initial=-1) + 1)
        return Patterns(self.counts @ merged.astype(np.int64), self.items)


@dataclass(frozen=True, slots=True)
class ItemRatings:
    """Who gave which label to which item, in codes; `ratings` says how often.

    The codes of items and reviewers are places in `items` and `reviewers`, which are sorted.
    """

    item: Counts
    reviewer: Counts
    label: Counts
    ratings: Counts
    labels: int
    items: pl.Series
    reviewers: pl.Series

    @property
    def patterns(self) -> Patterns:
        """Every item for itself."""
        counts = np.zeros((int(self.item.max(initial=-1)) + 1, self.labels), dtype=np.int64)
        np.add.at(counts, (self.item, self.label), self.ratings)
        return Patterns(counts, np.ones(len(counts), dtype=np.int64))

    def given(self) -> tuple[Counts, Counts, Counts]:
        """Every reviewer's labels of every item they rated: item, reviewer, and counts (entries by labels)."""
        pairs, place = np.unique(np.stack([self.item, self.reviewer]), axis=1, return_inverse=True)
        counts = np.zeros((pairs.shape[1], self.labels), dtype=np.int64)
        np.add.at(counts, (place, self.label), self.ratings)
        return pairs[0], pairs[1], counts

    def grouped(self, groups: Counts) -> "ItemRatings":
        """The same ratings with labels merged: label k becomes label `groups[k]`."""
        return replace(self, label=groups[self.label], labels=int(groups.max(initial=-1)) + 1)


def rating_patterns(counts: pl.DataFrame, taxonomy: Taxonomy) -> Patterns:
    """The patterns that a frame holds: of `rating_patterns` (`pattern`, `items`) or of `item_ratings`."""
    if "pattern" not in counts.columns:
        return item_ratings(counts, taxonomy).patterns
    given = (
        counts.lazy()
        .select(pl.col("pattern").str.split(BETWEEN_LABELS).alias("given"))
        .with_row_index("row")
        .explode("given", empty_as_null=False)
        .select("row", pl.col("given").str.split_exact(BEFORE_LABEL, 1).struct.rename_fields(["ratings", "label"]))
        .unnest("given")
        .collect()
    )
    table = np.zeros((counts.height, len(taxonomy.labels)), dtype=np.int64)
    places = label_codes(given["label"], taxonomy).to_numpy()
    table[given["row"].to_numpy(), places] = given["ratings"].cast(pl.Int64).to_numpy()
    return Patterns(table, counts["items"].to_numpy().astype(np.int64))


def item_ratings(counts: pl.DataFrame, taxonomy: Taxonomy) -> ItemRatings:
    """The ratings that a frame of `item_ratings` holds (`item_id`, `reviewer_id`, `label`, `ratings`)."""
    items, reviewers = (counts[name].unique().sort() for name in ("item_id", "reviewer_id"))
    item, reviewer = places(counts["item_id"], items), places(counts["reviewer_id"], reviewers)
    label, ratings = label_codes(counts["label"], taxonomy).to_numpy(), counts["ratings"].cast(pl.Int64).to_numpy()
    return ItemRatings(item, reviewer, label, ratings, len(taxonomy.labels), items, reviewers)


def places(values: pl.Series, distinct: pl.Series) -> Counts:
    """The place of each value among distinct ones."""
    named = distinct.rename("value").to_frame().with_row_index("place")
    placed = values.to_frame("value").join(named, on="value", how="left", maintain_order="left")
    return placed["place"].cast(pl.Int64).to_numpy()


def label_codes(labels: pl.Series, taxonomy: Taxonomy) -> pl.Series:
    """The position of every label in the taxonomy; an undeclared label is an error."""
    positions = {label: code for code, label in enumerate(taxonomy.labels)}
    # Without any label Polars forgets the type that was asked for.
    return labels.cast(pl.String).replace_strict(positions, return_dtype=pl.Int64).cast(pl.Int64)
