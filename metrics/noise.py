"""Noise: of what two reviewers of one item disagree on, how much is severity, how much reading, how much the moment.

Level noise is severity that reviewers bring to everything, stable pattern noise what each of them makes of a policy, or
of an item, again and again, and occasion noise what the same reviewer decides otherwise when the item comes back.
Together they are system noise, half the mean squared difference of two reviewers: of violating or not, half the
probability that they differ, so that shares of it are shares of disagreement. Source: Kahneman, Sibony and Sunstein
(2021), Noise, ISBN 978-0-316-45140-6; the components: `metrics/components.py`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.components import Components, Ratio, components, read_pairs
from metrics.estimate import Z_95, Estimate, undefined, without_interval
from metrics.footing import FEWEST
from metrics.grouping import narrowed, violating_or_not
from metrics.intervals import ROUNDING
from metrics.linearisation import Array, Counts, SmoothStatistic, quotient
from metrics.options import Options
from metrics.patterns import label_codes, places, rating_patterns
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, dense_ranks, label_values

NO_ITEMS = "no item was decided by two reviewers"
ALIKE = "no two reviewers of an item differ, so there is no noise to divide"
ONE_POLICY = "of one policy: how each reads it is part of the level"
NEEDS_POLICIES = "needs reviewers who meet on items of several policies, to tell reading from severity"
NOTHING = "nothing beyond chance"
NO_REPEATS = "no item came back to a reviewer"
OTHER_REVIEWERS = "interval: reviewers like these"


@dataclass(frozen=True, slots=True)
class Noise:
    """The components of one slice, `level` from all that it is compared with; None where all are of one policy."""

    n: int
    disagreements: int
    own: Components
    level: Ratio | None

    def share(self, base: Ratio, value: float, moves: Array, note: str = "") -> Estimate:
        """An estimate of a component, its moves and what it is made of, as a share of system noise."""
        system = self.own.system
        if not self.n or not self.disagreements or not math.isfinite(value):
            return undefined(self.n, NO_ITEMS if not self.n else NEEDS_POLICIES if self.disagreements else ALIKE)
        share = value / system.value
        shown, told = min(max(share, 0.0), 1.0), note or (OTHER_REVIEWERS if share > 0 else NOTHING)
        changes = (moves - share * system.moves) / system.value
        if self.disagreements < FEWEST or (changes != 0).sum() < FEWEST:
            return without_interval(shown, self.n, f"no interval: fewer than {FEWEST} disagreements or reviewers")
        low, high = base.interval(share, changes, system.value)
        return Estimate(shown, min(max(low, 0.0), shown), max(min(high, 1.0), shown), self.n, told)


def level_noise(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:
    """The share of disagreement that is severity: variance between reviewers that holds across policies.

    A slice of one policy has the level of all that it is compared with.
    """
    return _judged(parts, taxonomy, options, level)


def pattern_noise(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:
    """The share of disagreement that is reading: variance between reviewers within a policy, less that across."""
    return _judged(parts, taxonomy, options, pattern)


def level(noise: Noise) -> Estimate:
    """Level noise of one slice."""
    if noise.level is None:
        return noise.share(noise.own.stable, noise.own.stable.value, noise.own.stable.moves, ONE_POLICY)
    return noise.share(noise.level, noise.level.value, noise.level.moves)


def pattern(noise: Noise) -> Estimate:
    """Stable pattern noise of one slice, by policy."""
    stable = noise.own.stable
    if noise.level is None:
        return noise.share(stable, math.nan, stable.moves)
    return noise.share(stable, stable.value - noise.level.value, stable.moves - noise.level.moves)


def noises(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Noise]:
    """The components of frames of `noise_pairs`; `UndefinedError` where answers cannot be measured.

    Answers are violating or not, or `options.label` or not, or steps of severity where `options.level` has an order.
    """
    every = pl.concat([part.with_columns(part=pl.lit(place)) for place, part in enumerate(parts)])
    scores = answer_scores(taxonomy, options)
    one, other = (scores[label_codes(every[side], taxonomy).to_numpy()] for side in ("label_a", "label_b"))
    named = every["item_policy"].fill_null("")
    policies = named.unique().sort()
    pairs, people = read_pairs(every, pl.Series(places(named, policies)), one - other)
    size = {"kinds": len(policies), "people": len(people)}
    together, found = components(pairs, **size).level, []
    for place in range(len(parts)):
        own = pairs.where((every["part"] == place).to_numpy())
        split = components(own, **size)
        known = next((each for each in (split.level, together) if each.whole.sum() > ROUNDING), None)
        found.append(Noise(own.n, own.disagreements, split, known))
    return found


def answer_scores(taxonomy: Taxonomy, options: Options) -> Array:
    """What each label measures: 1 if it violates and else 0, or its rank or measure."""
    narrow, chosen, groups = narrowed(taxonomy, options)
    if chosen.level == "nominal":
        return np.asarray(violating_or_not(narrow)[groups] == 0, dtype=float)
    values = label_values(taxonomy, "noise in steps of severity")
    return np.asarray(dense_ranks(values), dtype=float) if chosen.level == "ordinal" else values


def occasion_noise(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How much of what two reviewers differ on, one reviewer alone does when the same item comes back.

    The mean squared difference of a reviewer's decisions on an item over that of any two reviewers of the same items.
    Interval: linearised, items that came back taken for independent.
    """
    n = int(counts["pairs"].sum())
    try:
        scores = answer_scores(taxonomy, options)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    before, after = (label_codes(counts[name], taxonomy).to_numpy() for name in ("label_before", "label_after"))
    read = rating_patterns(counts.rename({"pairs": "items"}), taxonomy)
    r, total = read.ratings, read.counts @ scores
    between = quotient(2 * (r * (read.counts @ scores**2) - total**2), r * (r - 1.0))
    kept = r > 1
    return _ratio((scores[after] - scores[before])[kept] ** 2, between[kept], read.items[kept])


def _ratio(within: Array, between: Array, pairs: Counts) -> Estimate:
    """The share of `between` that `within` is, over decisions on items that came back."""
    features = np.column_stack([within, between])
    statistic = SmoothStatistic(features, pairs, lambda totals: quotient(totals[:, 0], totals[:, 1]))
    n, value = statistic.n, statistic.value() if statistic.n else None
    if value is None:
        return undefined(n, ALIKE if n else f"{NO_REPEATS} and was decided by another too")
    shown, error = min(value, 1.0), statistic.standard_error()
    differing = int(pairs[within > 0].sum())
    if error is None or differing < FEWEST:
        return without_interval(shown, n, f"no interval: {differing} repeated decisions differ, fewer than {FEWEST}")
    low, high = max(value - Z_95 * error, 0.0), min(value + Z_95 * error, 1.0)
    return Estimate(shown, min(low, shown), high, n, "interval: these reviewers, other items that come back")


def _judged(
    parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options, component: Callable[[Noise], Estimate]
) -> Sequence[Estimate]:
    try:
        return [component(each) for each in noises(parts, taxonomy, options)]
    except UndefinedError as reason:
        return [undefined(int(part["items"].sum()), str(reason)) for part in parts]
