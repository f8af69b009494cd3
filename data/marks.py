"""How far each source has been read: kept in the store, and published together with the rows.

For a file the mark is the version of it that was loaded; for a query with a `since` column, the newest value that came.
"""

# ruff: noqa: S608 - a query is what its author may ask with rights of their own; names and values in it are quoted

import datetime as dt
import re
from collections.abc import Mapping

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import LogError
from data.schema import literal, quoted

# Address and query (of a file: nothing) → how far.
Marks = Mapping[tuple[str, str], str]
Moment = int | dt.date
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def known(connection: duckdb.DuckDBPyConnection, table: str) -> Marks:
    """The marks of a table of the contract."""
    rows = connection.execute("select source, query, mark from marks where table_name = $table", {"table": table})
    return {(source, query): mark for source, query, mark in rows.fetchall()}


def keep(connection: duckdb.DuckDBPyConnection, table: str, reached: Marks, *, load_id: int) -> bool:
    """Put marks where they have been reached; whether that moved one."""
    before = known(connection, table) if reached else {}
    moved = [(table, *key, mark, load_id) for key, mark in reached.items() if before.get(key) != mark]
    if not moved:
        return False
    schema = ("table_name", "source", "query", "mark", "load_id")
    rows = pl.DataFrame(moved, schema=schema, orient="row").to_arrow()
    connection.register("moved", rows)
    connection.execute(
        "delete from marks using moved where (marks.table_name, marks.source, marks.query) = "
        "(moved.table_name, moved.source, moved.query)"
    )
    connection.execute("insert into marks by name from moved")
    connection.unregister("moved")
    return True


class HighWater:
    """The newest value of a column in an answer that comes in pieces; what lies in the future counts as a mistake."""

    def __init__(self, column: str, now: dt.datetime) -> None:
        self.column = column
        self.now = now
        self.reached: Moment | None = None

    def watch(self, piece: pa.Table) -> None:
        """Look a piece through; `LogError` when it has no such column, or one that cannot tell new from old."""
        if self.column not in piece.column_names:
            has = ", ".join(piece.column_names)
            raise LogError(f"The query gives no column {self.column!r} for --since. It gives {has}.")
        values = piece.column(self.column)
        if pa.types.is_timestamp(values.type):
            now = self.now if values.type.tz else self.now.replace(tzinfo=None)
            values = values.cast(pa.timestamp("us", values.type.tz), safe=False)
            values = values.filter(pc.less_equal(values, pa.scalar(now, values.type)))
        elif pa.types.is_date(values.type):
            values = values.filter(pc.less_equal(values, pa.scalar(self.now.date(), values.type)))
        elif not pa.types.is_integer(values.type):
            raise LogError(
                f"--since {self.column} is a {values.type}: it must be a time, a date or a whole number. "
                "Cast it in the query."
            )
        newest = pc.max(values).as_py()
        if newest is not None and (self.reached is None or newest > self.reached):
            self.reached = newest


def mark_text(moment: Moment) -> str:
    """A value as it is kept."""
    if isinstance(moment, dt.datetime):
        return moment.isoformat(" ", timespec="microseconds")
    return str(moment)


def _moment(mark: str) -> Moment:
    if re.fullmatch(r"-?\d+", mark):
        return int(mark)
    return dt.datetime.fromisoformat(mark) if ":" in mark else dt.date.fromisoformat(mark)


def less(mark: str, overlap: str | None) -> str:
    """A mark, put back by an overlap: `3d`, `12h` and the like for times and dates, a number for numbers."""
    moment = _moment(mark)
    form, none = (r"(\d+)()", "0") if isinstance(moment, int) else (r"(\d{1,5})([wdhms])", "0d")
    given = re.fullmatch(form, overlap or none)
    if given is None:
        raise LogError(
            f"--overlap {overlap!r} does not fit the mark {mark}: write 3d, 12h or 30m for times, a number for numbers."
        )
    if isinstance(moment, int):
        return mark_text(moment - int(given[1]))
    return mark_text(moment - dt.timedelta(**{UNITS[given[2]]: int(given[1])}))


def newer(query: str, column: str = "", start: str | None = None) -> str:
    """A query whose answer is only what is new: from a mark on, and what has no value there."""
    asked = f"select * from (\n{query.strip().rstrip(';')}\n) as log"
    if start is None:
        return asked
    value = start if re.fullmatch(r"-?\d+", start) else literal(start)
    return f"{asked} where {quoted(column)} >= {value} or {quoted(column)} is null"
