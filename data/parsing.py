"""Files to batches of raw text under our names: by DuckDB's readers, or by the careful one where those do not do."""

# ruff: noqa: S608 - names and paths are quoted

import codecs
import itertools
import re
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import polars as pl
import pyarrow as pa

from data.counting import count_records
from data.errors import LogError
from data.mapping import Mapping as LogMapping
from data.records import LONGEST_FIELD, Record, csv_records, header, json_records
from data.schema import literal, number, quoted
from data.source import Source, wrong_encoding

# Whole row groups of the store and more, so that few are cut in two.
BATCH_ROWS = 400_000
CAREFUL_ROWS = 50_000
# What DuckDB may say of a row without losing its neighbours.
HARMLESS = {"MISSING COLUMNS", "TOO MANY COLUMNS", "LINE SIZE OVER MAXIMUM"}

# Batches of text columns; in the end, how many records had no values to give.
Batches = Generator[pl.DataFrame, None, int]


class UnsoundFileError(Exception):
    """DuckDB's reader cannot be trusted with this file; the careful one must read it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its column names, how many lines it has, and what delimited text needs besides.

    `lines` is None where line feeds alone do not say it.
    """

    source: Source
    encoding: str
    names: tuple[str, ...]
    lines: int | None = None
    delimiter: str = ""
    header_lines: int = 0

    def records(self) -> Iterator[Record]:
        """Every record of a text file, with its line."""
        with self.source.open_text(self.encoding) as text:
            try:
                if self.source.format == "jsonl":
                    yield from json_records(text, names=self.names)
                    return
                lines = itertools.islice(text, self.header_lines, None)
                first, width = self.header_lines + 1, len(self.names)
                yield from csv_records(lines, delimiter=self.delimiter, width=width, first_line=first)
            except UnicodeDecodeError:
                raise wrong_encoding(self.source, self.encoding) from None

    def holds(self, records: int) -> bool:
        """Whether the file holds exactly that many records."""
        if self.lines is not None:
            if self.lines == self.header_lines + records:
                return True
            if count_records(self.source, delimiter=self.delimiter, skip=self.header_lines) == records:
                return True
        return sum(1 for _ in self.records()) == records


def read_layout(
    connection: duckdb.DuckDBPyConnection, source: Source, mapping: LogMapping, *, lines: int | None
) -> Layout:
    """The layout of a file; `LogError` when its beginning cannot be read."""
    if source.format in {"parquet", "jsonl"}:
        # JSON is UTF-8 by its standard.
        return Layout(source, "utf-8", _names(connection, source), lines)
    delimiter = mapping.delimiter or ("\t" if source.format == "tsv" else ",")
    try:
        with source.open_text(mapping.encoding) as text:
            names, header_lines = header(text, delimiter=delimiter)
    except UnicodeError:
        raise wrong_encoding(source, mapping.encoding) from None
    if not names:
        raise LogError(f"{source.name} has no header line with column names.")
    return Layout(source, mapping.encoding, tuple(names), lines, delimiter, header_lines)


def _names(connection: duckdb.DuckDBPyConnection, source: Source) -> tuple[str, ...]:
    sql = f"select distinct unnest(json_keys(json)) as name from {_objects(source)} order by name"
    if source.format == "parquet":
        sql = f"select column_name from (describe from read_parquet({_path(source)}))"
    try:
        names = tuple(name for (name,) in connection.execute(sql).fetchall())
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise LogError(f"{source.name} is damaged or no {source.format} file ({first}). Export it again.") from None
    if not names:
        raise LogError(f"{source.name} holds no JSON object. Write one object a line (JSON Lines), not one array.")
    return names


def fast_batches(connection: duckdb.DuckDBPyConnection, layout: Layout, columns: Mapping[str, str]) -> Batches:
    """The wanted columns (ours → theirs) by DuckDB, in the file's order; `UnsoundFileError` where it may be wrong."""
    if codecs.lookup(layout.encoding).name not in {"utf-8", "utf-8-sig"}:
        raise UnsoundFileError(layout.encoding)
    cursor = connection.cursor()
    cursor.execute("set timezone = 'UTC'; set produce_arrow_string_view = true; set arrow_output_version = '1.4'")
    try:
        reader = cursor.sql(_statement(layout, columns)).to_arrow_reader(BATCH_ROWS)
        held, sound = list[pa.RecordBatch](), 0
        for batch in reader:
            # DuckDB's batches are as long as its read buffer, however many rows are asked for.
            held.append(batch)
            sound += batch.num_rows
            if sum(each.num_rows for each in held) >= BATCH_ROWS:
                yield _frame(held)
                held.clear()
        yield _frame(held, reader.schema)
        return _broken(cursor, layout, sound)
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        # What goes wrong while rows stream comes through Arrow.
        if layout.source.format != "parquet":
            raise UnsoundFileError(str(error)) from None
        first = str(error).splitlines()[0]
        raise LogError(f"{layout.source.name} is damaged ({first}). Export it again; nothing was loaded.") from None
    finally:
        cursor.close()


def _frame(batches: list[pa.RecordBatch], schema: pa.Schema | None = None) -> pl.DataFrame:
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
        return number(cursor, f"select count(*) from {_objects(layout.source)} where {_NO_OBJECT}")
    kinds = cursor.execute("select error_type, count(distinct line) from reject_errors group by all").fetchall()
    if not {kind for kind, _ in kinds} <= HARMLESS:
        raise UnsoundFileError(str(kinds))
    return number(cursor, "select count(distinct line) from reject_errors")


_NO_OBJECT = "json_type(json) is distinct from 'OBJECT'"


def _statement(layout: Layout, columns: Mapping[str, str]) -> str:
    if layout.source.format == "parquet":
        wanted = [f"{quoted(theirs)}::varchar as {quoted(ours)}" for ours, theirs in columns.items()]
        return f"select {', '.join(wanted)} from read_parquet({_path(layout.source)})"
    if layout.source.format == "jsonl":
        wanted = [f"json ->> {literal(_json_path(theirs))} as {quoted(ours)}" for ours, theirs in columns.items()]
        return f"select {', '.join(wanted)} from {_objects(layout.source)} where not {_NO_OBJECT}"
    wanted = [f"c{layout.names.index(theirs)} as {quoted(ours)}" for ours, theirs in columns.items()]
    every = ", ".join(f"'c{place}': 'varchar'" for place in range(len(layout.names)))
    # The lines are at most as long as a field may be, so that both readers refuse the same ones or are found to differ.
    return (
        f"select {', '.join(wanted)} from read_csv({_path(layout.source)}, auto_detect = false, header = false, "
        f"skip = {layout.header_lines}, columns = {{{every}}}, delim = {literal(layout.delimiter)}, quote = '\"', "
        f"escape = '\"', store_rejects = true, strict_mode = true, null_padding = false, "
        f"compression = {literal(layout.source.compression)}, max_line_size = {LONGEST_FIELD})"
    )


def _objects(source: Source) -> str:
    return f"read_ndjson_objects({_path(source)}, ignore_errors = true, compression = {literal(source.compression)})"


def _path(source: Source) -> str:
    # DuckDB takes a path for a pattern, so what would be special in one is put in brackets.
    return literal(re.sub(r"([*?\[])", r"[\1]", str(source.path.resolve())))


def _json_path(key: str) -> str:
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
