"""What has drifted: every slice's agreement from day to day, and its scores and labels of late beside earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl

from dashboard.measure import OF_MODELS, Source
from metrics.drift import MEASURES, Drift, drift, drifted, expected_calls
from metrics.drift_series import Watch, watch
from metrics.model_series import EVERYTHING, ModelSeries, model_series
from metrics.options import Options
from metrics.windows import Windows, answer_counts, score_counts
from queries.ask import ask
from queries.filters import Filters

Period = Literal["day", "week"]
RECENT_DAYS = 14
"""What came of late is what came on so many last days, or in the last third of a shorter log."""
UNITS = {"model_human_agreement": "share", "model_human_kappa": "coefficient"}
SCORE_BINS = 20
_DISTRIBUTIONS: dict[str, tuple[str, ...]] = {"scores": ("psi", "js", "ks", "wasserstein"), "labels": ("psi", "js")}
Key = tuple[str, str]
"""A slice and a metric, or a slice and what of its distributions is compared."""


@dataclass(frozen=True, slots=True)
class Drifts:
    """All that is watched: series by slice and metric, tests by slice and distribution, and which of them call drift.

    `baseline` and `recent` are the first and the last day of the windows whose scores and labels are compared; None
    without days. `histogram` has `slice, window, score_from, score_to, items, share`.
    """

    watches: dict[Key, Watch]
    tests: dict[Key, list[Drift]]
    calls: dict[Key, list[bool]]
    baseline: tuple[date, date] | None
    recent: tuple[date, date] | None
    histogram: pl.DataFrame
    signals: int
    by_chance: float


def drifts(source: Source, filters: Filters, options: Options, *, by: str | None, period: Period) -> Drifts:
    """Everything that the Drift tab tells, of all reviews and of each slice of a dimension."""
    daily = _series(source, filters, options, by=by, period="day")
    shown = daily if period == "day" else _series(source, filters, options, by=by, period=period)
    watches = {(part, name): _watched(part, name, shown, daily) for part in shown for name in UNITS}
    windows = _windows(daily[EVERYTHING].points["period"].to_list()) if daily else None
    tests, histogram = _distributions(source, filters, by, windows) if windows else ({}, _histogram([]))
    every = [each for found in tests.values() for each in found]
    calls = iter(drifted(every))
    called = {key: [next(calls) for _ in found] for key, found in tests.items()}
    return Drifts(
        watches=watches,
        tests=tests,
        calls=called,
        baseline=windows[0] if windows else None,
        recent=windows[1] if windows else None,
        histogram=histogram,
        signals=sum(each.signals for each in watches.values()) + sum(map(sum, called.values())),
        by_chance=sum(each.by_chance for each in watches.values()) + expected_calls(every),
    )


def _series(
    source: Source, filters: Filters, options: Options, *, by: str | None, period: Period
) -> dict[str, ModelSeries]:
    """How far the model agrees with the reference in each period, of everything and of each slice."""
    found: dict[str, ModelSeries] = {}
    for cut in (None, by) if by else (None,):
        dimensions = [cut, period] if cut else [period]
        question = OF_MODELS[options.reference]
        counts = ask(source.engine, question, filters, by=dimensions, parameters={"with_scores": False})
        found |= model_series(counts, source.taxonomy, by=cut, period=period)
    return found


def _watched(part: str, name: str, shown: dict[str, ModelSeries], daily: dict[str, ModelSeries]) -> Watch:
    """A series with its limits; lasting changes are looked for from day to day, and in the agreement alone."""
    is_dated = name == "model_human_agreement"

    def of(series: ModelSeries, *, is_dated: bool) -> Watch:
        points = series.points.rename({name: "value"})
        return watch(points, unit=UNITS[name], variance=series.variance[name], is_dated=is_dated)

    if shown is daily or not is_dated:
        return of(shown[part], is_dated=is_dated)
    return replace(of(shown[part], is_dated=False), changes=of(daily[part], is_dated=True).changes)


def _windows(days: list[date]) -> tuple[tuple[date, date], tuple[date, date]] | None:
    """The first third of the days, and the last days."""
    if len(days) < 3:  # noqa: PLR2004 - a third of them must be a day
        return None
    first, last = min(days), max(days)
    third = ((last - first).days + 1) // 3
    late = min(RECENT_DAYS, third)
    return (first, first + timedelta(days=third - 1)), (last - timedelta(days=late - 1), last)


def _distributions(
    source: Source, filters: Filters, by: str | None, windows: tuple[tuple[date, date], tuple[date, date]]
) -> tuple[dict[Key, list[Drift]], pl.DataFrame]:
    """The tests of each slice, and its scores in both windows."""
    tests: dict[Key, list[Drift]] = {}
    drawn = []
    for cut in ((), (by,)) if by else ((),):
        parts = [_of_window(source, filters, cut, window) for window in windows]
        for part in parts[0]:
            if part not in parts[1]:
                continue
            pair = [each[part] for each in parts]
            tests |= {(part, what): found for what, found in _compared(source, pair).items()}
            drawn.append((part, pair))
    return tests, _histogram(drawn)


def _of_window(
    source: Source, filters: Filters, cut: Sequence[str], window: tuple[date, date]
) -> dict[str, pl.DataFrame]:
    chosen = replace(filters, since=window[0], until=window[1])
    frame = ask(source.engine, "model_scores", chosen, by=cut, parameters={"with_scores": True})
    if not cut:
        return {EVERYTHING: frame} if frame.height else {}
    parts = frame.drop_nulls(cut[0]).partition_by(cut[0], as_dict=True)
    return {str(key[0]): part for key, part in sorted(parts.items())}


def _compared(source: Source, pair: list[pl.DataFrame]) -> dict[str, list[Drift]]:
    values, scores, _ = score_counts(pair)
    labels = answer_counts(pair, source.taxonomy)
    given = {"scores": (values, scores), "labels": (np.arange(labels.shape[1], dtype=float), labels)}
    return {
        what: [
            drift(MEASURES[name], Windows.of(counts[0], counts[1], places), is_binned=what == "labels")
            for name in _DISTRIBUTIONS[what]
        ]
        for what, (places, counts) in given.items()
        if counts.sum(axis=1).all()
    }


def _histogram(drawn: Sequence[tuple[str, list[pl.DataFrame]]]) -> pl.DataFrame:
    """The scores of each slice in both windows, in twentieths; shares of the window's items."""
    schema = {"slice": pl.String, "window": pl.String, "score_from": pl.Float64, "score_to": pl.Float64}
    frames = [pl.DataFrame(schema=schema | {"items": pl.Int64, "share": pl.Float64})]
    place = (pl.col("score") * SCORE_BINS).floor().clip(0, SCORE_BINS - 1)
    for part, pair in drawn:
        for window, frame in zip(("before", "of late"), pair, strict=True):
            binned = frame.drop_nulls("score").group_by(place=place).agg(pl.col("items").sum().cast(pl.Int64))
            frames.append(
                binned.sort("place").select(
                    slice=pl.lit(part),
                    window=pl.lit(window),
                    score_from=pl.col("place") / SCORE_BINS,
                    score_to=(pl.col("place") + 1) / SCORE_BINS,
                    items="items",
                    share=pl.col("items") / pl.col("items").sum(),
                )
            )
    return pl.concat(frames)
