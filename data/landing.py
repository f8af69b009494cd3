"""Cleaned rows into the store, as they come; `settling` then makes every key unique again."""

# ruff: noqa: S608 - tables and columns are the contract's, and quoted

from collections.abc import Collection, Iterable, Iterator, Sequence

import duckdb
import polars as pl
import pyarrow as pa

from data import in_force, parts
from data.contract import Kind, Table
from data.revising import TRIPLE
from data.schema import BESIDE, number, quoted

TYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "timestamp": pl.Datetime("us"),
    "date": pl.Date(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "flag": pl.Boolean(),
}


def last_sequence(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """The place of the newest row of a table; 0 when it is empty."""
    if table.name in BESIDE:
        return parts.last_sequence(connection, table.name)
    return number(connection, f"select coalesce(max(sequence), 0) from {table.name}")


def narrow(connection: duckdb.DuckDBPyConnection, table: Table, *, present: Collection[str]) -> None:
    """Take from a new big table the columns that its first rows lack: empty ones cost as much to write as full ones.

    Later rows may have to take over what earlier ones said, and so have every column.
    """
    if table.name not in BESIDE or last_sequence(connection, table):
        return
    for name in set(table.names) - {*present, *table.required, *table.key, *TRIPLE}:
        connection.execute(f"alter table {table.name} drop column {quoted(name)}")


def remove(connection: duckdb.DuckDBPyConnection, table: Table, *, after: int) -> None:
    """Take back the rows that were appended after a place."""
    connection.execute(f"delete from {table.name} where sequence > {after}")


def append(
    connection: duckdb.DuckDBPyConnection, table: Table, *, present: Sequence[str], frames: Iterable[pl.DataFrame]
) -> int:
    """Append rows with the present columns and their `sequence`, as they are; how many reviews had no id among them."""
    incoming = _Incoming(table, present, frames)
    connection.register("incoming", incoming.reader())
    try:
        connection.execute(_insert(connection, table, present, "incoming"))
    except duckdb.Error:
        if incoming.raised:
            raise incoming.raised from None
        raise
    connection.unregister("incoming")
    return incoming.unnamed


def insert(connection: duckdb.DuckDBPyConnection, table: Table, *, present: Sequence[str], rows: str) -> int:
    """Append the rows of an SQL query with the present columns and their `sequence`, as they are; how many they are."""
    return number(connection, _insert(connection, table, present, f"({rows})"))


class _Incoming:
    """Frames as a stream that DuckDB reads; what they raised, because DuckDB would wrap it into an error of its own."""

    def __init__(self, table: Table, present: Sequence[str], frames: Iterable[pl.DataFrame]) -> None:
        self.types = {name: TYPES[table.column(name).kind] for name in present} | {"sequence": pl.Int64()}
        self.frames = frames
        self.needs_id = table.name == "reviews"
        self.unnamed = 0
        self.raised: Exception | None = None

    def reader(self) -> pa.RecordBatchReader:
        """The stream, of known columns even when no frame comes."""
        empty = pl.DataFrame(schema=self.types).to_arrow(compat_level=pl.CompatLevel.newest())
        return pa.RecordBatchReader.from_batches(empty.schema, self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            for frame in self.frames:
                if self.needs_id:
                    self.unnamed += frame["review_id"].null_count() if "review_id" in self.types else frame.height
                yield from frame.select(list(self.types)).to_arrow(compat_level=pl.CompatLevel.newest()).to_batches()
        except Exception as error:
            self.raised = error
            raise


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, present: Sequence[str], rows: str) -> str:
    values = {name: quoted(name) for name in (*present, "sequence")}
    if table.name == "reviews":
        content = content_id(table, present)
        if {*in_force.NEEDED} <= {*present} and in_force.knows_standards(connection):
            # What a row says itself is what it is known by, whatever standards there are when it comes.
            content = content.replace(quoted("standard_version"), "own_version")
            rows, values["standard_version"] = in_force.with_standards(rows, present), "standard_version"
        values["review_id"] = f"coalesce(review_id, {content})" if "review_id" in present else content
        if "decided_at" in present:
            values["day"] = "decided_at::date"
    for name, text in parts.HASHES.get(table.name, {}).items():
        values[name] = f"hash({values[text]})"
    return (
        f"insert into {table.name} ({', '.join(quoted(name) for name in values)}) "
        f"select {', '.join(values.values())} from {rows}"
    )


def content_id(table: Table, present: Sequence[str]) -> str:
    """The id of a review without one: the MD5 of its filled columns as `name=value`, in the contract's order."""
    names = [name for name in table.names if name in present and name != "review_id"]
    parts = [f"'{name}=' || {quoted(name)} || chr(31)" for name in names]
    return f"md5(concat({', '.join(parts)}))"
