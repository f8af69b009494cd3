"""What happened, for the marks on every time axis."""

from datetime import date

import polars as pl

from dashboard import cache, session
from queries.filters import Filters


def marks(since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """The events between two days, both included: at, kind (policy, model, tooling, staffing), title."""
    found = cache.asked(*session.keyed(), "events", Filters()).rename({"happened_at": "at"}).sort("at", "kind", "title")
    day = pl.col("at").dt.date()
    kept = [day >= since] if since else []
    return found.filter(*kept, *([day <= until] if until else []))


def beside(frame: pl.DataFrame, when: str) -> pl.DataFrame:
    """The events within the span of a frame's days; none beside an empty frame."""
    days = frame[when].drop_nulls()
    return marks(days.min(), days.max()) if len(days) else marks().clear()  # type: ignore[arg-type]
