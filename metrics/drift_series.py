"""A model's agreement with its reference from day to day: the limits it should keep, and since when it changed."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.change_points import ChangePoints, change_points
from metrics.laney import LaneyChart, laney_chart
from metrics.weights import UndefinedError

SMALLEST = {"share": 0.02, "coefficient": 0.05}
"""The smallest difference that matters: two points of agreement, or 0.05 of kappa."""
_BOUNDS = {"share": (0.0, 1.0), "coefficient": (-1.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Watch:
    """A series with its limits and changes.

    `points`: `period, value, n`, then `limit_low, limit_high, is_signal`, null and false without limits. `chart` is
    None where the series allows no limits, and `reason` says why.
    """

    points: pl.DataFrame
    chart: LaneyChart | None
    changes: ChangePoints
    reason: str

    @property
    def signals(self) -> int:
        """How many points lie outside of their limits, and how many changes there are."""
        return (int(self.chart.is_out.sum()) if self.chart else 0) + len(self.changes.changes)

    @property
    def by_chance(self) -> float:
        """How many signals such a series would give on average if nothing changed."""
        return (self.chart.by_chance if self.chart else 0.0) + self.changes.by_chance


def watch(series: pl.DataFrame, *, unit: str, variance: float, is_dated: bool = False) -> Watch:
    """Limits for a series, `period, value, n`; for a dated one, whose periods are days, also since when it changed.

    `unit` is "share" or "coefficient", `variance` that of one observation. Periods without a value have no point.
    """
    known = series.select("period", "value", "n").drop_nulls("value").sort("period")
    values, counts = known["value"].to_numpy(), known["n"].to_numpy().astype(np.int64)
    changes = ChangePoints((), 0.0)
    try:
        if not variance > 0:
            raise UndefinedError("all points are alike, so that nothing tells how far they may lie apart")  # noqa: TRY301 - as laney_chart's
        if is_dated:
            days = known["period"].to_list()
            changes = change_points(days, values, counts, variance=variance, smallest=SMALLEST[unit])
        chart = laney_chart(
            values,
            counts,
            bounds=_BOUNDS[unit],
            variance=None if unit == "share" else variance,
            smallest=SMALLEST[unit],
        )
    except UndefinedError as reason:
        return Watch(_drawn(known, None), None, changes, str(reason))
    return Watch(_drawn(known, chart), chart, changes, "")


def _drawn(known: pl.DataFrame, chart: LaneyChart | None) -> pl.DataFrame:
    if chart is None:
        none = pl.lit(None, dtype=pl.Float64)
        return known.with_columns(limit_low=none, limit_high=none, is_signal=pl.lit(value=False))
    return known.with_columns(
        limit_low=pl.Series(chart.low), limit_high=pl.Series(chart.high), is_signal=pl.Series(chart.is_out)
    )
