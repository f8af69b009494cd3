"""What the checks of the log say, in words."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import theme
from dashboard.sentences import counted
from metrics.catalogue import CATALOGUE

Row = Mapping[str, Any]
WORTH_SAYING = 0.01
"""The share of doubted rows above which Today mentions a check that leaves the headline as it is."""


def changed(effects: pl.DataFrame, *, who: str = "without them") -> str:
    """What the headline would be without the doubted rows: the numbers that change, in the digits that are shown."""
    if effects["value"].null_count() == effects.height:
        return "the headline has no number that could change"
    changes = [change for effect in effects.iter_rows(named=True) if (change := _change(effect))]
    if not changes:
        return f"{who}, no number of the headline changes in the digits shown"
    return f"{who}: {', '.join(changes)}"


def _change(effect: Row) -> str:
    metric = CATALOGUE[effect["metric"]]
    before = theme.number(effect["value"], metric.unit, effect["n"])
    # As many digits as the number itself, also where few observations are left.
    after = theme.number(effect["value_without"], metric.unit, effect["n"])
    if before == after:
        return ""
    unknown = f" ({effect['note_without']})" if effect["value_without"] is None else ""
    return f"{metric.title} {before} → {after}{unknown}"


def found(check: Row) -> str:
    """What a check doubts, how much of it there is, and what that does to the headline."""
    return (
        f"**{_capital(check['title'])}: {check['rows']:,} of {check['of']:,}** ({_share(check)}); {check['headline']}."
    )


def found_nothing(clean: pl.DataFrame) -> str:
    """How many checks doubt no row."""
    return f"{counted(clean['checks'][0], 'check')} found nothing"


def faults(health: Mapping[str, pl.DataFrame]) -> list[str]:
    """The checks that a reader of the headline should know of: what moves it beyond its interval, or is frequent."""
    change, half = (pl.col("value_without") - pl.col("value")).abs(), (pl.col("high") - pl.col("low")) / 2
    lost = pl.col("value").is_not_null() & pl.col("value_without").is_null()
    moving = set(health["effects"].filter((change > half) | lost)["check"])
    return [
        f"{found(check)} See Data health."
        for check in health["checks"].iter_rows(named=True)
        if check["check"] in moving or check["share"] > WORTH_SAYING
    ]


def _share(check: Row) -> str:
    least = 0.001
    return theme.number(check["share"], "share", check["of"]) if check["share"] >= least else "less than 0.1 %"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
