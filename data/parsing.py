"""Files to batches of raw text under our names: by DuckDB's readers, or by the careful one where those do not do."""

# ruff: noqa: S608 - names and paths are quoted

import codecs
import itertools
from collections.abc import Generator, Iterator, Mapping

import duckdb
import polars as pl
import pyarrow as pa

from data.errors import LogError
from data.layout import Layout, objects_of, parquet_of, path_of
from data.records import LONGEST_FIELD
from data.schema import literal, number, quoted

# Whole row groups of the store and more, so that few are cut in two.
BATCH_ROWS = 400_000
CAREFUL_ROWS = 50_000
# Where DuckDB counts the rows of a Parquet file, from 0 on.
ROW = "file_row_number"
# What DuckDB may say of a row without losing its neighbours.
HARMLESS = {"MISSING COLUMNS", "TOO MANY COLUMNS", "LINE SIZE OVER MAXIMUM"}

# Batches of text columns; in the end, how many records had no values to give.
Batches = Generator[pl.DataFrame, None, int]


class UnsoundFileError(Exception):
    """DuckDB's reader cannot be trusted with this file; the careful one must read it."""


def fast_batches(
    connection: duckdb.DuckDBPyConnection, layout: Layout, columns: Mapping[str, str], *, where: str = ""
) -> Batches:
    """The wanted columns (ours → theirs) by DuckDB, in the file's order; `UnsoundFileError` where it may be wrong.

    Of Parquet only the rows `where` an SQL condition holds, if there is one, with their `row`.
    """
    if codecs.lookup(layout.encoding).name not in {"utf-8", "utf-8-sig"}:
        raise UnsoundFileError(layout.encoding)
    cursor = connection.cursor()
    cursor.execute("set timezone = 'UTC'; set produce_arrow_string_view = true; set arrow_output_version = '1.4'")
    try:
        reader = cursor.sql(_statement(layout, columns, where)).to_arrow_reader(BATCH_ROWS)
        sound = 0
        for frame in _frames(reader):
            sound += frame.height
            yield frame
        return _broken(cursor, layout, sound)
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        # What goes wrong while rows stream comes through Arrow.
        if layout.source.format != "parquet":
            raise UnsoundFileError(str(error)) from None
        first = str(error).splitlines()[0]
        raise LogError(f"{layout.source.name} is damaged ({first}). Export it again; nothing was loaded.") from None
    finally:
        cursor.close()


def _frames(reader: pa.RecordBatchReader) -> Iterator[pl.DataFrame]:
    """What a reader gives in frames of a fair length, and at least one: DuckDB's batches are as long as it likes."""
    held = list[pa.RecordBatch]()
    for batch in reader:
        held.append(batch)
        if sum(each.num_rows for each in held) >= BATCH_ROWS:
            yield _frame(held, reader.schema)
            held.clear()
    yield _frame(held, reader.schema)


def _frame(batches: list[pa.RecordBatch], schema: pa.Schema) -> pl.DataFrame:
    return pl.DataFrame(pa.Table.from_batches(batches, schema)).rechunk()


def careful_batches(layout: Layout, columns: Mapping[str, str]) -> Batches:
    """The wanted columns (ours → theirs) by the careful reader, in the file's order."""
    places = [layout.names.index(theirs) for theirs in columns.values()]
    schema = dict.fromkeys(columns, pl.String)
    rejected = 0
    records = layout.records()
    while batch := list(itertools.islice(records, CAREFUL_ROWS)):
        sound = [record.values for record in batch if not record.fault]
        rejected += len(batch) - len(sound)
        yield pl.DataFrame([[values[place] for place in places] for values in sound], schema=schema, orient="row")
    return rejected


def _broken(cursor: duckdb.DuckDBPyConnection, layout: Layout, sound: int) -> int:
    """How many records had no values to give; `UnsoundFileError` when those and the sound ones are not all."""
    if layout.source.format == "parquet":
        return 0
    broken = _rejected(cursor, layout)
    if not layout.holds(sound + broken):
        raise UnsoundFileError(f"{sound} and {broken} are not all records")
    return broken


def _rejected(cursor: duckdb.DuckDBPyConnection, layout: Layout) -> int:
    if layout.source.format == "jsonl":
        return number(cursor, f"select count(*) from {objects_of(layout.source)} where {_NO_OBJECT}")
    kinds = cursor.execute("select error_type, count(distinct line) from reject_errors group by all").fetchall()
    if not {kind for kind, _ in kinds} <= HARMLESS:
        raise UnsoundFileError(str(kinds))
    return number(cursor, "select count(distinct line) from reject_errors")


_NO_OBJECT = "json_type(json) is distinct from 'OBJECT'"


def _statement(layout: Layout, columns: Mapping[str, str], where: str) -> str:
    if layout.source.format == "parquet":
        wanted = [f"{parquet_value(layout, theirs)}::varchar as {quoted(ours)}" for ours, theirs in columns.items()]
        sql = f"select {', '.join(wanted)} from {parquet_of(layout.source)}"
        return f"select {ROW} as row, {sql.removeprefix('select ')} where {where}" if where else sql
    if layout.source.format == "jsonl":
        wanted = [f"json ->> {literal(_json_path(theirs))} as {quoted(ours)}" for ours, theirs in columns.items()]
        return f"select {', '.join(wanted)} from {objects_of(layout.source)} where not {_NO_OBJECT}"
    wanted = [f"c{layout.names.index(theirs)} as {quoted(ours)}" for ours, theirs in columns.items()]
    every = ", ".join(f"'c{place}': 'varchar'" for place in range(len(layout.names)))
    # The lines are at most as long as a field may be, so that both readers refuse the same ones or are found to differ.
    return (
        f"select {', '.join(wanted)} from read_csv({path_of(layout.source)}, auto_detect = false, header = false, "
        f"skip = {layout.header_lines}, columns = {{{every}}}, delim = {literal(layout.delimiter)}, quote = '\"', "
        f"escape = '\"', store_rejects = true, strict_mode = true, null_padding = false, "
        f"compression = {literal(layout.source.compression)}, max_line_size = {LONGEST_FIELD})"
    )


def parquet_value(layout: Layout, theirs: str) -> str:
    """A column of a Parquet file, or of the folders above it, as SQL."""
    if theirs not in layout.folders:
        return quoted(theirs)
    value = layout.folders[theirs]
    return "(null::varchar)" if value is None else literal(value)


def _json_path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
