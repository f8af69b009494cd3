"""One reviewer over time: since when errors are more, or fewer, and whether quick answers are the wrong ones."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import cache, figures, reach, results, session
from dashboard.profiles import HIDDEN, only
from dashboard.render import Chart
from data.errors import LargeQuestionError, NoRowsError
from metrics.cusum import FALSE_ALARM, ErrorWatch, error_watch
from metrics.handle_times import accuracy_by_handle_time


def watch(tallies: pl.DataFrame, name: str, who: str) -> Chart | None:
    """Whether errors became more or fewer from some answer on; None without times or answers."""
    sequence = cache.asked(*session.keyed(), "gold_sequence", only(who)).drop_nulls("decided_at")
    if sequence.is_empty():
        return None
    found = error_watch(sequence, tallies, session.source().taxonomy, name)
    is_error = pl.when("is_error").then(pl.lit("an error")).otherwise(pl.lit("right"))
    limits = {"limit_worse": [found.worse.limit], "limit_fewer": [-found.better.limit]}
    said = _watched(found)
    return Chart(
        template="error_watch",
        frames={
            "data": found.answers.with_columns(is_error=is_error, fewer=-pl.col("better")).drop("better"),
            "reference": pl.DataFrame(limits),
        },
        title="Since when more errors, or fewer",
        caption=f"{said} A series in which nothing changes passes a limit in {FALSE_ALARM:.0%} of cases",
        alt=said,
        sql=results.sql("gold_sequence"),
        table=found.answers,
    )


def handle_times(who: str, overall: Mapping[str, Any]) -> Chart | None:
    """Whether quick answers are the wrong ones; None without handle times, or where only all of a large log tells."""
    try:
        reach.check("handle_times", ("reviewer",))
        counts = cache.asked(*session.keyed(), "handle_times", only(who))
    except (LargeQuestionError, NoRowsError):
        return None
    found = accuracy_by_handle_time(counts)
    if found.is_empty():
        return None
    few = pl.col("n") < session.source().settings.min_cell
    seconds = pl.when(pl.col("to_second").is_null()).then(pl.format("{} s and more", "from_second"))
    shown = found.select(
        seconds.otherwise(pl.format("{} to {} s", "from_second", "to_second")).alias("handle_time"),
        *(pl.when(~few).then(name).alias(name) for name in ("value", "low", "high")),
        "n",
        note=pl.when(few).then(pl.lit(f"{HIDDEN}: too few answers of one person")).otherwise(pl.lit("")),
    )
    sql = results.sql("handle_times")
    return figures.slices("accuracy", shown, overall, dimension="handle_time", sql=sql)


def _watched(found: ErrorWatch) -> str:
    """When a sum passed its limit, in words."""
    passed = {"more errors": found.worse.signal, "fewer errors": found.better.signal}
    said = [
        f"evidence for {what} passed its limit at answer {at:,}, on {found.answers['decided_at'][at - 1]:%d %b %Y}"
        for what, at in passed.items()
        if at is not None
    ]
    told = " and ".join(said) or "no change beyond chance"
    return f"{told[:1].upper()}{told[1:]}."
