"""What the catalogue says of drift: every slice of time against the first third of them."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics.drift import MEASURES, Drift, drift, drifted
from metrics.estimate import Estimate, undefined
from metrics.linearisation import Array, Counts
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.windows import Windows, answer_counts, score_counts

ALONE = "nothing to compare with: cut by day, week, month or model_version"


def score_psi(counts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """The population stability index of the scores of each slice."""
    return _of_scores("psi", counts)


def score_js(counts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """The divergence of Jensen and Shannon of the scores of each slice, in bits."""
    return _of_scores("js", counts)


def score_ks(counts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """The distance of Kolmogorov and Smirnov of the scores of each slice."""
    return _of_scores("ks", counts)


def score_wasserstein(
    counts: Sequence[pl.DataFrame],
    taxonomy: Taxonomy,  # noqa: ARG001 - as all are
    options: Options,  # noqa: ARG001
) -> list[Estimate]:
    """The distance of Wasserstein of the scores of each slice, in units of the score."""
    return _of_scores("wasserstein", counts)


def label_psi(counts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """The population stability index of the model's labels in each slice."""
    return _of_labels("psi", counts, taxonomy)


def label_js(counts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> list[Estimate]:  # noqa: ARG001
    """The divergence of Jensen and Shannon of the model's labels in each slice, in bits."""
    return _of_labels("js", counts, taxonomy)


def baseline_slices(slices: int) -> int:
    """How many of the first slices the others are held against: a third, and one at least."""
    return max(1, slices // 3)


def _of_scores(name: str, frames: Sequence[pl.DataFrame]) -> list[Estimate]:
    values, counts, left_out = score_counts(frames)
    notes = [f"{items:,} items without a score are left out" * bool(items) for items in left_out]
    return _compared(name, values, counts, notes)


def _of_labels(name: str, frames: Sequence[pl.DataFrame], taxonomy: Taxonomy) -> list[Estimate]:
    counts = answer_counts(frames, taxonomy)
    return _compared(name, np.arange(counts.shape[1], dtype=float), counts, [""] * len(frames), is_binned=True)


def _compared(
    name: str, values: Array, counts: Counts, notes: Sequence[str], *, is_binned: bool = False
) -> list[Estimate]:
    first = baseline_slices(len(counts))
    found: list[Drift | None] = []
    for place, current in enumerate(counts):
        reference = counts[:first].sum(axis=0) - (current if place < first else 0)
        known = reference.sum() > 0 and current.sum() > 0
        windows = Windows.of(reference, current, values)
        found.append(drift(MEASURES[name], windows, is_binned=is_binned) if known else None)
    calls = iter(drifted([each for each in found if each]))
    against = f"against the first {first} of {len(counts)}" if first > 1 else "against the first"
    return [
        _estimate(each, next(calls), against, note) if each else _unknown(place, counts, note)
        for place, (each, note) in enumerate(zip(found, notes, strict=True))
    ]


def _estimate(found: Drift, is_drift: bool, against: str, note: str) -> Estimate:  # noqa: FBT001 - as drifted says
    said = (
        "drift"
        if is_drift
        else "more than chance, too small to matter"
        if found.p <= 0.05 and not found.is_large  # noqa: PLR2004 - the level of the limit
        else "no drift shown"
    )
    parts = (said, f"{against}, chance alone stays below {found.limit:.4f} in 95 of 100", f"p {found.p:.3f}", note)
    low, high = min(found.low, found.value), max(found.high, found.value)
    return Estimate(found.value, low, high, found.sizes[1], "; ".join(part for part in parts if part))


def _unknown(place: int, counts: Counts, note: str) -> Estimate:
    n = int(counts[place].sum())
    if len(counts) == 1:
        reason = ALONE if n else note or "no items"
    else:
        reason = "nothing to compare with: this is what the others are held against" if n else note or "no items"
    return undefined(n, reason)
