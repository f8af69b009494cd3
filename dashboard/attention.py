"""What needs attention: the slices of the log that lie on the wrong side of the whole, the furthest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import theme
from dashboard.sentences import plain, plural, value_with_interval
from metrics.catalogue import Metric

_ONE_TAIL = 0.025
"""How many of many equal slices have a 95 % interval wholly on one side of the overall value, by chance alone."""
_MOST_NAMED, _MOST_SAID = 3, 5


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric cut by a dimension, with its overall value."""

    metric: Metric
    dimension: str
    overall: Mapping[str, Any]
    slices: pl.DataFrame

    @property
    def known(self) -> int:
        """How many slices have an interval."""
        return self.slices.drop_nulls("high").height

    @property
    def worse(self) -> pl.DataFrame:
        """The slices whose whole interval is worse than the overall value, the furthest first.

        `beyond` is how many half-widths of the slice's interval the overall value is away.
        """
        overall = self.overall["value"]
        if overall is None:
            return self.slices.clear().with_columns(beyond=pl.lit(0.0))
        sign = 1 if self.metric.better == "higher" else -1
        gap = sign * (overall - pl.col("value"))
        half = pl.col("high") - pl.col("value") if sign > 0 else pl.col("value") - pl.col("low")
        return (
            self.slices.drop_nulls("high")
            .with_columns(beyond=gap / half)
            .filter(gap > half)
            .sort("beyond", descending=True)
        )

    def sentence(self) -> str:
        """Which slices are worse than the whole beyond noise."""
        worse, unit = self.worse, self.metric.unit
        side, end = ("below", "Lowest") if self.metric.better == "higher" else ("above", "Highest")
        named = ", ".join(
            f"**{plain(row[self.dimension])}** {value_with_interval(row, unit)}"
            for row in worse.head(_MOST_NAMED).iter_rows(named=True)
        )
        return (
            f"{worse.height} of {self.known} {plural(self.dimension)} lie wholly {side} the overall "
            f"{self.metric.title.lower()} of {theme.number(self.overall['value'], unit, self.overall['n'])}; "
            f"chance alone would put about {self.known * _ONE_TAIL:.1f} there. {end}: {named}."
        )


def findings(watched: Sequence[Watched]) -> list[str]:
    """The sentences of what is worse beyond noise, the furthest first, and how much of all this chance would show."""
    found = sorted((each for each in watched if each.worse.height), key=lambda each: -each.worse["beyond"][0])
    if not found:
        return []
    known, worse = sum(each.known for each in watched), sum(each.worse.height for each in found)
    more = f" {len(found) - _MOST_SAID} more comparisons are not listed." if len(found) > _MOST_SAID else ""
    total = (
        f"In all, {worse} of {known} slices are worse than the whole; chance alone would put about "
        f"{known * _ONE_TAIL:.0f} there.{more}"
    )
    return [*(each.sentence() for each in found[:_MOST_SAID]), total]
