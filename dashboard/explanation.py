"""Why a number changed between two windows: other cases, or other answers to them; and what happened meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from dashboard import sentences, theme
from dashboard.measure import Fetch, Source, find_metric, measure
from data.errors import LogError
from metrics.catalogue import Metric
from metrics.options import Options
from metrics.waterfall import Waterfall, waterfall
from queries.ask import ask
from queries.filters import Filters

LEVELS = ("policy", "language", "market", "site")
"""Across what a change is looked for, unless the reader says otherwise: the first three that the log has."""
MOST_LEVELS = 3
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Windows:
    """Two windows of days, all included; the later one is to be explained."""

    before: tuple[date, date]
    after: tuple[date, date]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A change and why: `before` and `after` are rows of `measure`, `events` those from the first day to the last."""

    metric: Metric
    windows: Windows
    levels: tuple[str, ...]
    before: dict[str, Any]
    after: dict[str, Any]
    found: Waterfall
    events: pl.DataFrame

    @property
    def terms(self) -> pl.DataFrame:
        """What each segment adds, the largest first, named with what is above it: see `metrics.waterfall`."""
        columns = ["kind", "level", "segment", "change", "low", "high"]
        named = self.found.terms.with_columns(segment=pl.col("path").list.join(" · "))
        named = named.drop("path").rename({"term": "change"}).sort(pl.col("change").abs(), descending=True)
        return named.select(*columns, pl.exclude(columns))


def windows(source: Source, since: date | None, until: date | None, against: tuple[date, date] | None) -> Windows:
    """The windows that are asked for: by default the last 28 days of the log, and as many before the later one."""
    last = ask(source.engine, "span", Filters())["last_day"].max() if until is None else until
    if not isinstance(last, date):
        raise LogError("This log has no times, so nothing can have changed: load reviews with `decided_at`.")
    first = since or last - timedelta(days=27)
    if first > last:
        raise LogError(f"--since comes after --until: nothing lies between {first} and {last}")
    earlier = against or (first - (last - first) - timedelta(days=1), first - timedelta(days=1))
    if earlier[0] > earlier[1]:
        raise LogError(f"--against ends before it begins: nothing lies between {earlier[0]} and {earlier[1]}")
    if earlier[1] >= first and earlier[0] <= last:
        raise LogError(f"The windows overlap: {earlier[0]} to {earlier[1]} and {first} to {last}.")
    return Windows(earlier, (first, last))


def last_days(last: date, days: int) -> Windows:
    """The last days of a log against as many before."""
    first = last - timedelta(days=days - 1)
    return Windows((first - timedelta(days=days), first - timedelta(days=1)), (first, last))


def when(chosen: Windows) -> str:
    """The two windows in words."""
    before, after = (f"{since:%d %b} to {until:%d %b %Y}" for since, until in (chosen.before, chosen.after))
    return f"{after}, against {before}; days in UTC, both included."


def read_window(text: str | None) -> tuple[date, date] | None:
    """A window as it is written on the command line: 2025-02-01..2025-02-28."""
    if text is None:
        return None
    try:
        first, last = (date.fromisoformat(day.strip()) for day in text.split(".."))
    except ValueError:
        raise LogError(f"--against takes a window such as 2025-02-01..2025-02-28, not {text!r}") from None
    return first, last


def explain(
    source: Source,
    name: str,
    chosen: Windows,
    *,
    filters: Filters,
    levels: Sequence[str] = (),
    options: Options | None = None,
    fetch: Fetch = ask,
) -> Explanation:
    """The change of a metric that is a mean of its segments'; `LogError` for one that is not, such as a kappa."""
    metric, options = find_metric(name), options or Options()
    levels = tuple(levels) or _levels(source, filters, metric)
    whole, cut = [], []
    for since, until in (chosen.before, chosen.after):
        window = replace(filters, since=since, until=until)
        whole.append(measure(source, name, filters=window, options=options, fetch=fetch).row(0, named=True))
        cut.append(measure(source, name, filters=window, by=levels, options=options, min_n=0, fetch=fetch))
    _check(metric, whole, cut, chosen)
    happened = ask(source.engine, "events", Filters()).sort("happened_at")
    day = pl.col("happened_at").dt.date()
    happened = happened.filter(day > chosen.before[0], day <= chosen.after[1])
    return Explanation(metric, chosen, levels, whole[0], whole[1], waterfall(cut[0], cut[1], levels), happened)


def _levels(source: Source, filters: Filters, metric: Metric) -> tuple[str, ...]:
    """The dimensions that take several values in this log."""
    offered = [dimension for dimension in LEVELS if dimension in metric.dimensions]
    several = [each for each in offered if ask(source.engine, "volume", filters, by=(each,)).height > 1]
    if not several:
        raise LogError("This log has no policies, languages, markets or sites to look for a change in.")
    return tuple(several[:MOST_LEVELS])


def _check(metric: Metric, whole: Sequence[dict[str, Any]], cut: Sequence[pl.DataFrame], chosen: Windows) -> None:
    for row, parts, (since, until) in zip(whole, cut, (chosen.before, chosen.after), strict=True):
        if row["value"] is None:
            raise LogError(f"{metric.title} is unknown from {since} to {until}: {row['note']}.")
        known = parts.drop_nulls("value")
        total, n = float((known["value"] * known["n"]).sum()), int(known["n"].sum())
        if metric.unit not in ("share", "cost") or n != row["n"] or abs(total / n - row["value"]) > _SAME:
            raise LogError(
                f"{metric.title} is no mean of its parts, so its change cannot be split over them. Explain a share "
                "such as accuracy, over_enforcement, under_enforcement or percent_agreement instead."
            )


def sentence(told: Explanation) -> str:
    """What changed, by how much, and whether other cases or other answers did it."""
    unit, found = told.metric.unit, told.found
    ends = [sentences.value_with_interval(row, unit) for row in (told.before, told.after)]
    change = found.after - found.before
    moved = "rose" if change > 0 else "fell"
    said = f"{told.metric.title} {moved} by **{points(abs(change), unit)}**, from {ends[0]} to {ends[1]}. "
    parts = f"Other cases account for {_with_interval(found.mix, unit)}, other answers to the same kinds of cases for "
    said += f"{parts}{_with_interval(found.within, unit)}; with the earlier mix of cases it would be "
    said += f"{theme.number(found.at_former_mix[0], unit, told.after['n'])}."
    if found.is_reversed:
        said += " **The mix hides the rest:** the cases changed so much that the whole moved against its parts."
    return said


def points(change: float, unit: str) -> str:
    """A change in its unit: shares in percentage points."""
    written = theme.FORMATS[unit].text(change)
    return written.removesuffix(" %") + " points" if unit == "share" else written


def signed(change: float, unit: str) -> str:
    """The same with its sign, and without its unit."""
    written = points(change, unit).removesuffix(" points")
    return written if written.startswith("−") else f"+{written}"


def _with_interval(term: tuple[float, float, float], unit: str) -> str:
    value, low, high = (signed(each, unit) for each in term)
    return f"{value}{' points' * (unit == 'share')} ({low} to {high})"
