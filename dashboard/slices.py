"""Counts cut into slices, and what a metric says of each: by itself, or among its like."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from metrics.catalogue import Metric
from metrics.estimate import Estimate, undefined
from metrics.options import Options
from metrics.taxonomy import Taxonomy

PEOPLE = ("reviewer", "team", "site")
"""The dimensions of who decided: whoever is compared is compared with others of the same."""
TIMES = ("day", "week", "month", "model_version")
"""The dimensions along which what comes is compared with what came before."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What one slice is called, its counts, and the options that hold for it."""

    key: dict[str, Any]
    counts: pl.DataFrame
    options: Options


def cut(counts: pl.DataFrame, by: Sequence[str], options: Options, taxonomy: Taxonomy) -> Iterator[Slice]:
    """Every slice, in the order of the keys; by label, the same counts once per label."""
    dimensions = [dimension for dimension in by if dimension != "label"]
    parts = counts.sort(dimensions).partition_by(dimensions, as_dict=True) if dimensions else {(): counts}
    for values, part in parts.items():
        known = dict(zip(dimensions, values, strict=True))
        rest = part.drop(dimensions)
        for label in taxonomy.labels if "label" in by else (options.label,):
            key = {dimension: label if dimension == "label" else known[dimension] for dimension in by}
            yield Slice(key, rest, replace(options, label=label))


def estimates(
    metric: Metric, slices: Sequence[Slice], by: Sequence[str], taxonomy: Taxonomy, *, least: int
) -> list[Estimate]:
    """An estimate for each slice, withheld where it rests on fewer than `least` observations."""
    found: dict[int, Estimate] = {}
    for places in (
        _compared(slices, by, along=metric.along) if metric.compare else [[place] for place in range(len(slices))]
    ):
        found |= zip(places, _judged(metric, [slices[place] for place in places], taxonomy), strict=True)
    return [_withheld(metric, found[place], least=least) for place in range(len(slices))]


def _compared(slices: Sequence[Slice], by: Sequence[str], *, along: str) -> list[list[int]]:
    """The places of the slices that are compared with each other: people, or weeks, within a policy, say.

    Without people in `by`, all are compared; without a time, none is, and neither is what has no time.
    """
    offered = PEOPLE if along == "people" else TIMES
    line = next((name for name in offered if name in by), None)
    apart = [name for name in by if name == "label" or (name != line and (line or along == "time"))]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, each in enumerate(slices):
        is_timeless = along == "time" and line is not None and each.key[line] is None
        groups.setdefault((is_timeless, *(each.key[name] for name in apart)), []).append(place)
    return list(groups.values())


def _judged(metric: Metric, slices: Sequence[Slice], taxonomy: Taxonomy) -> Sequence[Estimate]:
    """What a metric says of slices that are compared, or of one."""
    if metric.compare:
        return metric.compare([each.counts for each in slices], taxonomy, slices[0].options)
    (only,) = slices
    if metric.compute is None or only.counts.is_empty():
        return [undefined(0, f"no {metric.counted}")]
    return [metric.compute(only.counts, taxonomy, only.options)]


def _withheld(metric: Metric, estimate: Estimate, *, least: int) -> Estimate:
    if (estimate.value is None and estimate.low is None) or estimate.n >= least:
        return estimate
    return undefined(estimate.n, f"withheld: {estimate.n} {metric.counted}, fewer than {least}")
