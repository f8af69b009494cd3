"""The noise audit: all parts of disagreement side by side, and in one sentence what they call for."""

from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from metrics.estimate import Estimate, share, undefined, without_interval
from metrics.noise import NO_ITEMS, Noise, level, noises, occasion_noise, pattern
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

Verdict = Literal["train people", "rewrite the clause", "fix fatigue", "not known"]
CALLED_FOR: dict[str, tuple[Verdict, str]] = {
    "level": ("train people", "some are harsher than others whatever they see"),
    "pattern": ("rewrite the clause", "people read the same rules each in their own way"),
    "occasion": ("fix fatigue", "the same people decide otherwise when an item comes back"),
}
"""What the largest part calls for, and why."""
SMALL = 0.05
"""The share of disagreement from which a part is worth a measure."""
UNTOLD = "single items and the moment together: no item came back to tell them apart"


@dataclass(frozen=True, slots=True)
class NoiseAudit:
    """What two reviewers of one item disagree on, and its parts as shares of it.

    `disagreement` is how often two differ or, of ordered answers, their mean squared difference in steps. `level` is
    severity and `pattern` the reading of policies, `occasion` what one reviewer alone does, where items came back, and
    `item` what is left: views of single items. Where none came back, what is left holds the occasion too, and its note
    says so. The four add up to 1, but for a part that is below 0 by chance and shown as 0.
    """

    disagreement: Estimate
    level: Estimate
    pattern: Estimate
    item: Estimate
    occasion: Estimate
    verdict: Verdict
    sentence: str

    @property
    def frame(self) -> pl.DataFrame:
        """A row for each part: `part, value, low, high, n, note`."""
        parts = {"level": self.level, "pattern": self.pattern, "item": self.item, "occasion": self.occasion}
        rows = [(name, each.value, each.low, each.high, each.n, each.note) for name, each in parts.items()]
        kinds = dict.fromkeys(("value", "low", "high"), pl.Float64)
        return pl.DataFrame(rows, {"part": pl.String, **kinds, "n": pl.Int64, "note": pl.String}, orient="row")


def noise_audit(pairs: pl.DataFrame, repeats: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> NoiseAudit:
    """The audit of frames of `noise_pairs` and `repeat_patterns`."""
    try:
        (found,) = noises([pairs], taxonomy, options)
    except UndefinedError as reason:
        none = undefined(int(pairs["items"].sum()), str(reason))
        return NoiseAudit(none, none, none, none, none, "not known", f"Noise is not known: it {reason}.")
    parts = {"level": level(found), "pattern": pattern(found), "occasion": occasion_noise(repeats, taxonomy, options)}
    differing, verdict = _disagreement(found, options), _verdict(parts)
    left = _left(found, parts)
    sentence = _sentence(differing, parts, verdict, left)
    return NoiseAudit(differing, parts["level"], parts["pattern"], left, parts["occasion"], verdict, sentence)


def _disagreement(found: Noise, options: Options) -> Estimate:
    if not found.n:
        return undefined(0, NO_ITEMS)
    value = 2 * found.own.system.value
    if options.level != "nominal":
        return without_interval(value, found.n, "mean squared difference of two reviewers, in steps")
    return replace(share(value * found.n, found.n), note="interval: these reviewers, other items")


def _left(found: Noise, parts: dict[str, Estimate]) -> Estimate:
    """What the other parts leave; without an interval of its own, as it is their counterpart."""
    known = [each.value for each in parts.values() if each.value is not None]
    if parts["level"].value is None:
        return undefined(found.n, parts["level"].note)
    note = "what the other parts leave" if parts["occasion"].value is not None else UNTOLD
    return without_interval(max(1 - sum(known), 0.0), found.n, note)


def _verdict(parts: dict[str, Estimate]) -> Verdict:
    """What the largest part calls for, if it is worth it."""
    sizes = {name: each.value for name, each in parts.items() if each.value is not None}
    largest = max(sizes, key=sizes.__getitem__, default="")
    return CALLED_FOR[largest][0] if largest and sizes[largest] >= SMALL else "not known"


def _sentence(differing: Estimate, parts: dict[str, Estimate], verdict: Verdict, left: Estimate) -> str:
    if parts["level"].value is None:
        return f"Noise is not known: {parts['level'].note}."
    named = {"level": "severity", "pattern": "how policies are read", "occasion": "the moment"}
    told = [f"{_range(each)} {named[name]}" for name, each in parts.items() if each.value is not None]
    rest = "single items" if parts["occasion"].value is not None else "single items or the moment"
    shares = f"{', '.join(told)}, {left.value:.0%} {rest}"
    is_share = differing.low is not None
    apart = (
        f"differ on {differing.value:.0%} of items" if is_share else f"are {differing.value:.2g} squared steps apart"
    )
    why = next((reason for called, reason in CALLED_FOR.values() if called == verdict), "")
    advice = f"{verdict[0].upper()}{verdict[1:]}, because {why}" if why else "No stable part is large enough to act on"
    sure = "" if not why or _stands_out(parts) else "; the next part may be as large"
    again = "" if parts["occasion"].value is not None else "; show some items again to learn about fatigue"
    return f"{advice}{sure}: two reviewers {apart}, of that {shares}{again}."


def _stands_out(parts: dict[str, Estimate]) -> bool:
    """Whether the largest part is surely larger than the next one is likely to be."""
    sizes = sorted(((each.value, each.low) for each in parts.values() if each.value is not None), reverse=True)
    low = sizes[0][1]
    return len(sizes) == 1 or (low is not None and low > sizes[1][0])


def _range(part: Estimate) -> str:
    """A share with its limits."""
    limits = f" ({part.low:.0%} to {part.high:.0%})" if part.low is not None else ""
    return f"{part.value:.0%}{limits}"
