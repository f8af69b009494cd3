"""How a file is laid out: which columns it has, how its lines become records, and how records become rows."""

# ruff: noqa: S608 - names and paths are quoted

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from data.counting import count_records
from data.entries import entries, is_array
from data.errors import LogError
from data.mapping import Mapping as LogMapping
from data.matching import check_unique, chosen_name
from data.records import Record, csv_records, header, json_records
from data.schema import literal
from data.shaping import Shape, rows, shape_of
from data.source import Source, wrong_encoding


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its column names, how many lines it has, and what delimited text needs besides.

    `lines` is None where line feeds alone do not say it. `shape` is there when records are no rows yet. `folders`: the
    columns that the file does not have, but the folders above it.
    """

    source: Source
    encoding: str
    names: tuple[str, ...]
    lines: int | None = None
    delimiter: str = ""
    header_lines: int = 0
    shape: Shape | None = None
    folders: Mapping[str, str | None] = field(default_factory=dict)

    def records(self) -> Iterator[Record]:
        """Every record of a text file, with its line; of a shaped file, every row, with the line of its record."""
        if self.shape:
            found = entries(self.source, self.encoding, delimiter=self.delimiter)
            yield from itertools.chain.from_iterable(rows(entry, self.names, self.shape) for entry in found)
            return
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
    plain = None if is_array(source) else _plain_layout(connection, source, mapping, lines)
    if plain and not (mapping.reshapes or any(chosen_name(each, plain.names) is None for each in mapping.theirs)):
        return plain
    if plain:
        check_unique(plain.names, source.name)
    encoding, delimiter = (plain.encoding, plain.delimiter) if plain else ("utf-8", "")
    shape, names = shape_of(entries(source, encoding, delimiter=delimiter), mapping, file=source.name)
    return Layout(source, encoding, names, delimiter=delimiter, shape=shape)


def _plain_layout(
    connection: duckdb.DuckDBPyConnection, source: Source, mapping: LogMapping, lines: int | None
) -> Layout:
    if source.format in {"parquet", "jsonl"}:
        # JSON is UTF-8 by its standard.
        names = _names(connection, source)
        folders = {name: value for name, value in source.partitions.items() if name not in names}
        return Layout(source, "utf-8", (*names, *folders), lines, folders=folders)
    delimiter = mapping.delimiter or ("\t" if source.format == "tsv" else ",")
    try:
        with source.open_text(mapping.encoding) as text:
            titles, header_lines = header(text, delimiter=delimiter)
    except UnicodeError:
        raise wrong_encoding(source, mapping.encoding) from None
    if not titles:
        raise LogError(f"{source.name} has no header line with column names.")
    return Layout(source, mapping.encoding, tuple(titles), lines, delimiter, header_lines)


def _names(connection: duckdb.DuckDBPyConnection, source: Source) -> tuple[str, ...]:
    sql = f"select distinct unnest(json_keys(json)) as name from {objects_of(source)} order by name"
    if source.format == "parquet":
        sql = f"select column_name from (describe from {parquet_of(source)})"
    try:
        names = tuple(name for (name,) in connection.execute(sql).fetchall())
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise LogError(f"{source.name} is damaged or no {source.format} file ({first}). Export it again.") from None
    if not names:
        raise LogError(f"{source.name} holds no JSON object. Write one object a line, or one array of objects.")
    return names


def objects_of(source: Source) -> str:
    """The SQL that reads a file's JSON Lines."""
    return f"read_ndjson_objects({path_of(source)}, ignore_errors = true, compression = {literal(source.compression)})"


def parquet_of(source: Source) -> str:
    """The SQL that reads a Parquet file's own columns."""
    return f"read_parquet({path_of(source)}, hive_partitioning = false)"


def path_of(source: Source) -> str:
    """A file's path as an SQL literal."""
    # DuckDB takes a path for a pattern, so what would be special in one is put in brackets.
    return literal(re.sub(r"([*?\[])", r"[\1]", str(source.path.resolve())))
