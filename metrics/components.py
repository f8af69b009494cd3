"""Variance components of what reviewers say about shared items, from counts of pairs of reviews.

A decision y of reviewer j on item i of kind k (its policy, or clause) is item + level_j + pattern_jk + rest_ij: what
the item itself calls for, the reviewer's own severity, the reviewer's reading of that kind, and the rest. T_jk adds up
how far j was from the mean of all reviewers of each item, so that items are compared only with themselves. Products of
such distances on *different* items have the stable parts for their mean, because the rest is drawn anew with each item:
within a kind level² + pattern², across kinds level² alone, each times a weight that is known. So counts of pairs are
all that is needed, the design may be as unbalanced as it is, and a balanced one gives the estimates of the analysis of
variance. Source: Henderson (1953), doi:10.2307/3001853; Searle, Casella and McCulloch (2006), ISBN 978-0-470-00959-8,
chapter 5; such products are U-statistics: Hoeffding (1948), doi:10.1214/aoms/1177730196.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.estimate import Z_95
from metrics.linearisation import Array, Counts, quotient
from metrics.patterns import places


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of reviews of one item: a row for several alike.

    `kind`, `one` and `other` are numbers from 0 of the item's kind and of two reviewers; `difference` is what the first
    said less what the second said, `reviewers` how many decided on the item, `items` how many such items there are.
    """

    kind: Counts
    one: Counts
    other: Counts
    difference: Array
    reviewers: Counts
    items: Counts

    def where(self, kept: NDArray[np.bool_]) -> "Pairs":
        """Only some of the pairs."""
        return Pairs(
            self.kind[kept],
            self.one[kept],
            self.other[kept],
            self.difference[kept],
            self.reviewers[kept],
            self.items[kept],
        )

    @property
    def n(self) -> int:
        """How many items were decided by several: each has r (r - 1) / 2 pairs."""
        return round(float((2 * self.items / (self.reviewers * (self.reviewers - 1))).sum()))

    @property
    def disagreements(self) -> int:
        """How many pairs of reviews differ."""
        return int(self.items[self.difference != 0].sum())


def read_pairs(counts: pl.DataFrame, kind: pl.Series, difference: Array) -> tuple[Pairs, pl.Series]:
    """The pairs of a frame with `reviewer_a, reviewer_b, reviewers, items`, and the reviewers by their numbers."""
    sides = ("reviewer_a", "reviewer_b")
    people = pl.concat([counts[side] for side in sides]).unique().sort()
    one, other = (places(counts[side], people) for side in sides)
    r, items = (counts[name].to_numpy().astype(np.int64) for name in ("reviewers", "items"))
    return Pairs(kind.to_numpy(), one, other, difference, r, items), people


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient of two sums to which every reviewer adds a part (kinds by reviewers).

    `squares` are what of the part are squares, from which what is known better was taken.
    """

    part: Array
    whole: Array
    squares: Array

    @property
    def value(self) -> float:
        """The quotient; not a number where there is nothing to divide by."""
        return float(quotient(self.part.sum(), self.whole.sum()))

    @property
    def moves(self) -> Array:
        """How far each reviewer moves the quotient, to first order."""
        return np.asarray(quotient((self.part - self.value * self.whole).sum(axis=0), self.whole.sum()))

    def within(self, kind: int) -> "Ratio":
        """The quotient of one kind."""
        return Ratio(self.part[[kind]], self.whole[[kind]], self.squares[[kind]])

    def among(self, people: NDArray[np.bool_]) -> "Ratio":
        """The quotient of some reviewers."""
        return Ratio(self.part * people, self.whole * people, self.squares * people)

    def chance(self, level: float) -> float:
        """How probable squares as large as these are if nothing but a variance of `level` were stable.

        A sum of squares of normal effects, as chi-squared: Satterthwaite (1946), doi:10.2307/3002019.
        """
        from scipy.stats import chi2  # noqa: PLC0415 - slow to load

        expected = self.squares - self.part + max(level, 0.0) * self.whole
        freedom = float(expected.sum()) ** 2 / float((expected**2).sum())
        return float(chi2.sf(freedom * float(self.squares.sum()) / float(expected.sum()), freedom))

    def interval(self, value: float, moves: Array, scale: float) -> tuple[float, float]:
        """The 95 % interval of a value made of this quotient over `scale`, when each reviewer moves it so far.

        A mean square of normal effects is distributed like chi-squared, with as many degrees of freedom as give it the
        variance that the moves show, but at least that of effects that were known without error, and wider as few show
        it: by Student's quantile in parts of the normal one. What was taken from the mean square is held fixed, and
        reviewers are taken for independent. Source: Satterthwaite (1946), doi:10.2307/3002019.
        """
        from scipy.stats import chi2, t  # noqa: PLC0415 - slow to load

        n, square = int((moves != 0).sum()), float(self.squares.sum() / self.whole.sum()) / scale
        variance = max(float(moves @ moves) * n / (n - 1), 2 * value**2 / (n - 1))
        freedom = 2 * square**2 / variance * (Z_95 / float(t.ppf(0.975, n - 1))) ** 2
        low, high = (freedom * square / float(chi2.ppf(point, freedom)) for point in (0.975, 0.025))
        return value - square + low, value - square + high


@dataclass(frozen=True, slots=True)
class Components:
    """Variances among the reviewers of one item.

    `system` is that of all they say: half the mean squared difference of two. Of it, `stable` is what stays within a
    kind, and `level` what stays across kinds.
    """

    system: Ratio
    stable: Ratio
    level: Ratio

    def within(self, kind: int) -> "Components":
        """Those of one kind; the level is of all."""
        return Components(self.system.within(kind), self.stable.within(kind), self.level)


def components(pairs: Pairs, *, kinds: int, people: int) -> Components:
    """The components that pairs of reviews tell. An item weighs as much as it has reviewers but one."""
    met = _Met.of(pairs, kinds, people)
    within = met.products()
    across = _Met.of(replace(pairs, kind=np.zeros_like(pairs.kind)), 1, people).products()
    # An item times itself tells of the rest too. Of that, both of a pair are given half.
    system = Ratio(met.apart / 2, met.weight, met.apart / 2)
    stable = Ratio(within.part - system.part, within.whole - met.weight, within.part)
    inside, weight = within.part.sum(axis=0), within.whole.sum(axis=0)
    return Components(system, stable, Ratio(across.part - inside, across.whole - weight, across.part))


@dataclass(frozen=True, slots=True)
class _Met:
    """What each reviewer's meetings with others add up to (kinds by reviewers).

    `above` is how far above the others, `apart` how far apart squared, `weight` how much they weigh, and `peers` the
    square of that for each peer, added up: whoever meets the same peer again does not meet everybody.
    """

    above: Array
    apart: Array
    weight: Array
    peers: Array

    @classmethod
    def of(cls, pairs: Pairs, kinds: int, people: int) -> "_Met":
        size, weights = kinds * people, pairs.items / pairs.reviewers
        ones, others = pairs.kind * people + pairs.one, pairs.kind * people + pairs.other
        signed, apart = weights * pairs.difference, weights * pairs.difference**2

        def added(one: Counts, of_one: Array, other: Counts, of_other: Array) -> Array:
            both = np.bincount(one, of_one, size) + np.bincount(other, of_other, size)
            return np.asarray(both, dtype=float).reshape(kinds, people)

        met, number = np.unique(ones * people + pairs.other, return_inverse=True)
        squares = np.bincount(number, weights, len(met)).astype(float) ** 2
        one = met // people
        other = one // people * people + met % people
        return cls(
            added(ones, signed, others, -signed),
            added(ones, apart, others, apart),
            added(ones, weights, others, weights),
            added(one, squares, other, squares),
        )

    def products(self) -> Ratio:
        """The products of all distances of a reviewer, and how often they count a stable variance."""
        return Ratio(self.above**2, self.weight**2 + self.peers, self.above**2)
