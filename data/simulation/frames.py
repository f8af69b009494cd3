"""Arrays of positions and numbers as columns of a table."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from data.simulation.arrays import Floats, Positions


def item_ids(numbers: Positions) -> pl.Series:
    """The ids of items by their numbers."""
    return _numbered("clip", numbers)


def review_ids(numbers: Positions) -> pl.Series:
    """The ids of reviews by their numbers."""
    return _numbered("review", numbers)


def names(positions: Positions, known: Sequence[str]) -> pl.Series:
    """The names at some positions; those below 0 are unknown."""
    found = pl.Series(positions).cast(pl.Int32)
    return found.set(found < 0, None).cast(pl.UInt32).cat.to(pl.Enum(known))


def moments(seconds: Floats, start: np.datetime64) -> pl.Series:
    """Times so many seconds after a start, in UTC, to the second."""
    return pl.Series(start + np.floor(seconds).astype("timedelta64[s]").astype("timedelta64[us]")).dt.replace_time_zone(
        "UTC"
    )


def _numbered(prefix: str, numbers: Positions) -> pl.Series:
    return pl.select(pl.lit(f"{prefix}-") + pl.Series(numbers).cast(pl.String).str.zfill(9)).to_series()
