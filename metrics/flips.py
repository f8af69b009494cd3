"""What a new version of a standard will change, from a shadow sample of items decided under the old and the new one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics import flip_matrix
from metrics.before_after import agreeing, change, level
from metrics.estimate import Estimate, undefined
from metrics.grouping import narrowed, violating_or_not
from metrics.options import Options
from metrics.shadow import Shadow, shadow
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

COUNTED = "items that were decided under two versions of a standard"
NO_REPEATED = "no item has two reviews under each version, so ordinary disagreement cannot be told from change"
NO_VOLUME = "needs to know how much comes in"
NO_SPLIT = "item that only the new version removes has two reviews under it"
_VIOLATING = ("violating_before", "violating_after", "violating_change", "removals", "over_removal", "split")
BY_NAME = "`standards` does not know both versions, so the later name is taken for the new one"


@dataclass(frozen=True, slots=True)
class Flips:
    """What changes between two versions, by the label that most reviews of an item gave under each.

    `matrix` is `old_label, new_label, items, share`, the share weighed. `flip_rate` is the share of items whose label
    changes, and `beyond_noise` how much more often two reviews under different versions differ than two under one: what
    is left of it when reviewers' ordinary disagreement is taken out. `violating_before` and `violating_after` are
    shares, `violating_change` their paired difference, `removals` that change in as many items as come in.
    `over_removal` is the share of what the new version removes that the old one keeps, and `split` the share of that on
    which the reviews under the new version do not agree. `agreement_before` and `agreement_after` are a coefficient
    under each version, `agreement_change` the paired difference. The tests are of the items as drawn: `mcnemar` (mid-p)
    of violating or not, `stuart_maxwell` of how often labels are used, `bowker` of whether changes go one way; None
    where nothing changed, or violating is not declared.
    """

    matrix: pl.DataFrame
    flip_rate: Estimate
    beyond_noise: Estimate
    violating_before: Estimate
    violating_after: Estimate
    violating_change: Estimate
    removals: Estimate
    over_removal: Estimate
    split: Estimate
    agreement_before: float | None
    agreement_after: float | None
    agreement_change: Estimate
    mcnemar: float | None
    stuart_maxwell: float | None
    bowker: float | None

    @property
    def sentence(self) -> str:
        """What is to be expected, in words."""
        if self.flip_rate.value is None:
            return f"Nothing can be said on what will change: {self.flip_rate.note}."
        found = f"{_percent(self.flip_rate)} of {self.flip_rate.n:,} items get another label under the new version"
        if self.violating_change.value is None or self.over_removal.value is None:
            return f"{found}."
        more = "more" if self.violating_change.value > 0 else "fewer"
        kept = f"the old version keeps {_percent(self.over_removal)} of what the new one removes"
        points = _percent(self.violating_change, unsigned=True).replace(" %", "")
        return f"{found}; {points} points {more} violate, and {kept}."


def flips(
    pairs: pl.DataFrame,
    taxonomy: Taxonomy,
    *,
    volumes: Mapping[str, float] | None = None,
    agreement: str = "gwet_ac1",
) -> Flips:
    """What changes, from the counts of `shadow_pairs`: `old_pattern, new_pattern, items` and maybe `stratum`.

    `volumes` says how many items each stratum stands for, in a week, say; without strata, that of "". Then shares are
    weighed, and changes are counted in those items. The intervals of shares are about other items like these.
    """
    sample = shadow(pairs, taxonomy, np.arange(len(taxonomy.labels)), volumes=volumes)
    before, after = (np.repeat(each, sample.items * sample.is_paired, axis=0) for each in (sample.before, sample.after))
    marginal, symmetry = flip_matrix.tests(sample)
    rate = _flip_rate(sample)
    violating, mcnemar = _on_violating(pairs, taxonomy, volumes, n=rate.n)
    return Flips(
        matrix=flip_matrix.matrix(sample, taxonomy),
        flip_rate=rate,
        beyond_noise=_beyond_noise(sample),
        agreement_before=level(agreement, before, taxonomy),
        agreement_after=level(agreement, after, taxonomy),
        agreement_change=change(agreement, before, after, taxonomy),
        mcnemar=mcnemar,
        stuart_maxwell=marginal,
        bowker=symmetry,
        **violating,
    )


def flip_rate(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of items whose label, by most of their reviews, is another one under the new version."""
    sample = shadow(counts, taxonomy, narrowed(taxonomy, options)[2], volumes=None)
    found, noise = _flip_rate(sample), _beyond_noise(sample)
    beside = f"{_percent(noise)} beyond ordinary disagreement" if noise.value is not None else NO_REPEATED
    by_name = [] if counts["is_known"].all() else [BY_NAME]
    return replace(found, note="; ".join([found.note, beside, *by_name])) if found.value is not None else found


def _flip_rate(sample: Shadow) -> Estimate:
    known = sample.is_known
    found = sample.share(known & (sample.was != sample.becomes), known, counted=COUNTED)
    return replace(found, note=f"{found.note}; {sample.note}")


def _beyond_noise(sample: Shadow) -> Estimate:
    """How much more often two reviews of an item differ between the versions than within one."""
    shares = [counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) for counts in (sample.before, sample.after)]
    between = 1 - (shares[0] * shares[1]).sum(axis=1)
    within = 1 - np.nan_to_num(agreeing(sample.before) + agreeing(sample.after)) / 2
    return sample.difference(between - within, sample.is_paired, reason=NO_REPEATED)


def _on_violating(
    pairs: pl.DataFrame, taxonomy: Taxonomy, volumes: Mapping[str, float] | None, *, n: int
) -> tuple[dict[str, Estimate], float | None]:
    """What is said of items that violate, by name, and McNemar's p-value."""
    try:
        sides = shadow(pairs, taxonomy, violating_or_not(taxonomy), volumes=volumes)
    except UndefinedError as reason:
        return dict.fromkeys(_VIOLATING, undefined(n, str(reason))), None
    # Of the two groups of labels the first is violating.
    known = sides.is_known
    was, becomes = known & (sides.was == 0), known & (sides.becomes == 0)
    new = becomes & ~was
    reviewed = new & (sides.after.sum(axis=1) > 1)
    changed = sides.difference(becomes.astype(float) - was, known, reason=f"no {COUNTED}")
    found = (
        sides.share(was, known, counted=COUNTED),
        sides.share(becomes, known, counted=COUNTED),
        changed,
        _removals(changed, None if volumes is None else sum(volumes[name] for name in _sampled(pairs))),
        sides.share(new, becomes, counted="item that violates under the new version"),
        sides.share(reviewed & (sides.after.min(axis=1) > 0), reviewed, counted=NO_SPLIT),
    )
    return dict(zip(_VIOLATING, found, strict=True)), flip_matrix.mcnemar(sides)


def _removals(changed: Estimate, volume: float | None) -> Estimate:
    """A change of a share in as many items."""
    if volume is None:
        return undefined(changed.n, NO_VOLUME)
    value, low, high = (None if part is None else part * volume for part in (changed.value, changed.low, changed.high))
    return Estimate(value, low, high, changed.n, changed.note)


def _sampled(pairs: pl.DataFrame) -> list[str]:
    """The strata that have a sample."""
    return sorted(set(pairs["stratum"].fill_null(""))) if "stratum" in pairs.columns else [""]


def _percent(of: Estimate, *, unsigned: bool = False) -> str:
    """A value with its interval in percent."""
    values = [100 * each for each in (of.value, of.low, of.high) if each is not None]
    if unsigned and values[0] < 0:
        values = [-values[0], *(-each for each in reversed(values[1:]))]
    value, *ends = (f"{each:.1f}" for each in values)
    return f"{value} %" + (f" ({ends[0]}\u2013{ends[1]} %)" if ends else "")
