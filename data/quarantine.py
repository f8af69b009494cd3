"""The rows that do not land: found again in their files, kept with line, reason and text, each of them once."""

from collections.abc import Iterable

import duckdb
import polars as pl

from data.cleaning import FORGOTTEN
from data.locating import LONGEST_RAW
from data.report import FIRST_ROWS, QuarantinedRow
from data.schema import number
from data.source import Source

_LANDED = """
delete from quarantine as held
where
    load_id in (select load_id from loads where table_name = $table and digest = $digest)
    and not exists (
        from arrivals
        where arrivals.file = held.file and arrivals.line = held.line and arrivals.raw = held.raw
    )
"""

_NEW = """
insert into quarantine
select $load_id, $table, file, line, column_name, reason, raw from arrivals
where not exists (
    from quarantine as held
    where
        held.table_name = $table and held.file = arrivals.file
        and held.line = arrivals.line and held.raw = arrivals.raw
)
order by file, line
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make room for what this load will quarantine."""
    connection.execute(
        "create or replace temp table arrivals "
        "(file varchar, line bigint, column_name varchar, reason varchar, raw varchar)"
    )


def add(connection: duckdb.DuckDBPyConnection, frames: Iterable[pl.DataFrame], *, source: Source) -> None:
    """Take in rows of one file: `line, column_name, reason, raw`. Rows that have no fixed place are in line 0."""
    for frame in frames:
        # What was forgotten is not kept here instead.
        kept = pl.when(pl.col("reason").str.ends_with(FORGOTTEN)).then(pl.lit("")).otherwise(pl.col("raw"))
        placed = frame.with_columns(kept.str.slice(0, LONGEST_RAW).alias("raw"), pl.col("line") * int(source.ordered))
        rows = placed.to_arrow()
        connection.register("rows", rows)
        connection.execute(
            "insert into arrivals select $file, line, column_name, reason, raw from rows", {"file": source.name}
        )
        connection.unregister("rows")


def forget(connection: duckdb.DuckDBPyConnection, *, file: str) -> None:
    """Drop what was taken in from a file, because it is read again."""
    connection.execute("delete from arrivals where file = $file", {"file": file})


def keep(connection: duckdb.DuckDBPyConnection, table: str, *, load_id: int, digest: str) -> bool:
    """Put the new rows into the quarantine; whether that changed it.

    Where the very same files were loaded before, rows that failed then and not now leave it: they have landed.
    """
    before = number(connection, "select count(*) from quarantine")
    connection.execute(_LANDED, {"table": table, "digest": digest})
    kept = number(connection, "select count(*) from quarantine")
    connection.execute(_NEW, {"table": table, "load_id": load_id})
    return kept < before or number(connection, "select count(*) from quarantine") > kept


def reasons(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Why rows of this load were quarantined, and how many, most first."""
    sql = "select reason, count(*) as rows from arrivals group by reason order by rows desc, reason"
    return dict(connection.execute(sql).fetchall())


def first_rows(connection: duckdb.DuckDBPyConnection) -> tuple[QuarantinedRow, ...]:
    """The first rows of this load that were quarantined."""
    sql = "select file, line, column_name, reason, raw from arrivals order by rowid limit $rows"
    return tuple(QuarantinedRow(*row) for row in connection.execute(sql, {"rows": FIRST_ROWS}).fetchall())
