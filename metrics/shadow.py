"""A shadow sample: items that reviewers decided under two versions of a standard, and shares of what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.design import effective_size
from metrics.estimate import Estimate, share, undefined
from metrics.intervals import COEFFICIENT, Meaning, around
from metrics.linearisation import Array, Counts, quotient
from metrics.model_tables import consensus
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy

ALL_ALIKE = "items weigh alike"
OTHER_ITEMS = "interval: these reviewers, other items like these"


@dataclass(frozen=True, slots=True)
class Shadow:
    """Kinds of items: how often each label was given under the old and the new version, and how many there are.

    `before` and `after` (kinds by labels) are counts of reviews, `was` and `becomes` the positions of the labels that
    most of them gave, -1 where none did. An item of a kind stands for `weights` items and was drawn in one of `strata`.
    """

    before: Counts
    after: Counts
    was: Counts
    becomes: Counts
    items: Counts
    weights: Array
    strata: Counts
    note: str

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which kinds have a label under both versions."""
        return (self.was >= 0) & (self.becomes >= 0)

    @property
    def is_paired(self) -> NDArray[np.bool_]:
        """Which kinds have two reviews or more under both versions."""
        return np.asarray((self.before.sum(axis=1) > 1) & (self.after.sum(axis=1) > 1))

    def measured(self, part: Array, whole: Array) -> tuple[float, float] | None:
        """The total of one variable in parts of that of another, and its standard error; None where that is 0.

        Linearised, within strata: Cochran (1977), ISBN 0-471-16240-X, 6.11. A stratum of one item varies as all do.
        """
        weighted = self.items * self.weights
        total = float(weighted @ whole)
        if total == 0:
            return None
        value = float(weighted @ part) / total
        influence = self.weights * (part - value * whole) / total
        n = np.bincount(self.strata, self.items)
        means = np.where(n > 1, quotient(np.bincount(self.strata, self.items * influence), n), 0)[self.strata]
        factor = np.where(n > 1, n / np.maximum(n - 1, 1), 1)[self.strata]
        return value, float(np.sqrt(self.items * factor @ (influence - means) ** 2))

    def share(self, part: NDArray[np.bool_], whole: NDArray[np.bool_], *, counted: str) -> Estimate:
        """The share of some items among others, with Wilson's interval of as many items as the sample is worth."""
        n, found = int(self.items @ whole), self.measured(part.astype(float), whole.astype(float))
        if found is None:
            return undefined(0, f"no {counted}")
        value, error = found
        worth = value * (1 - value) / error**2 if error else effective_size(np.repeat(self.weights, self.items * whole))
        is_weighed = np.ptp(self.weights) > 0
        return share(value * n, n, effective=worth if is_weighed else None, note=OTHER_ITEMS)

    def difference(self, part: Array, whole: NDArray[np.bool_], *, reason: str) -> Estimate:
        """The mean of a difference within items, between -1 and 1."""
        n, found = int(self.items @ whole), self.measured(part * whole, whole.astype(float))
        if found is None:
            return undefined(0, reason)
        return around(*found, Meaning(COEFFICIENT, OTHER_ITEMS, reason), n=n)


def shadow(pairs: pl.DataFrame, taxonomy: Taxonomy, groups: Counts, *, volumes: Mapping[str, float] | None) -> Shadow:
    """The sample in a frame of `old_pattern, new_pattern, items` (`shadow_pairs`), labels merged into `groups`.

    With `volumes`, the items that each stratum stands for, and a column `stratum`, items are weighed; else all count
    alike. Without a column of that name everything is one stratum, called "".
    """
    labels = int(groups.max(initial=-1)) + 1
    merged = (groups[:, None] == np.arange(labels)).astype(np.int64)
    sides = [pairs.select(pl.col(name).alias("pattern"), "items") for name in ("old_pattern", "new_pattern")]
    (was, _), (becomes, _) = (consensus(side, taxonomy, groups, labels=labels) for side in sides)
    before, after = (rating_patterns(side, taxonomy).counts @ merged for side in sides)
    items = pairs["items"].to_numpy().astype(np.int64)
    names = pairs["stratum"] if "stratum" in pairs.columns else pl.repeat("", pairs.height, dtype=pl.String, eager=True)
    strata = names.fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1
    weights, note = np.ones(len(items)), ALL_ALIKE
    if volumes is not None:
        sizes = np.bincount(strata, items)
        weights = np.array([volumes[name] for name in names.fill_null("").to_list()]) / sizes[strata]
        missing = sum(size for name, size in volumes.items() if name not in set(names.fill_null("")))
        lacking = f"; {missing:,.0f} items lie in strata without a sample and are left out" if missing else ""
        note = f"weighed by what comes in{lacking}"
    tied = int(items @ ((was < 0) | (becomes < 0)))
    note += f"; {tied:,} items without a majority under both versions left out" if tied else ""
    return Shadow(before, after, was, becomes, items, weights, strata, note)
