"""The records of a file as objects, whatever its format: for files whose records are no rows yet."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from typing import Any, NamedTuple

import ijson
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import LogError
from data.records import NO_OBJECT, csv_records, header, json_objects, json_text
from data.source import CHUNK, Source, wrong_encoding

PARQUET_ROWS = 5_000


class Entry(NamedTuple):
    """One record: its line, or place in an array or Parquet; its text; what it holds; its fault if it has one."""

    line: int
    raw: str
    content: dict[str, Any]
    fault: str


def entries(source: Source, encoding: str, *, delimiter: str) -> Iterator[Entry]:
    """Every record of a file; `LogError` when it cannot be read to its end."""
    if source.format == "parquet":
        yield from _parquet_entries(source)
        return
    with source.open_text(encoding) as text:
        try:
            if source.format != "jsonl":
                with source.open_text(encoding) as start:
                    names, lines = header(start, delimiter=delimiter)
                rest = itertools.islice(text, lines, None)
                yield from _csv_entries(rest, names, delimiter=delimiter, first_line=lines + 1)
            elif is_array(source):
                yield from _array_entries(text, source.name)
            else:
                yield from (Entry(*each) for each in json_objects(text))
        except UnicodeDecodeError:
            raise wrong_encoding(source, encoding) from None


def is_array(source: Source) -> bool:
    """Whether a file is one JSON array, not one object a line."""
    if source.format != "jsonl":
        return False
    with source.open_bytes() as file:
        while start := file.read(CHUNK):
            if text := start.removeprefix(b"\xef\xbb\xbf").lstrip():
                return text.startswith(b"[")
    return False


def _csv_entries(lines: Iterable[str], names: Sequence[str], *, delimiter: str, first_line: int) -> Iterator[Entry]:
    for record in csv_records(lines, delimiter=delimiter, width=len(names), first_line=first_line):
        content = {} if record.fault else dict(zip(names, record.values, strict=True))
        yield Entry(record.line, record.raw, content, record.fault)


def _parquet_entries(source: Source) -> Iterator[Entry]:
    line = 0
    try:
        with pq.ParquetFile(source.path) as file:
            for batch in file.iter_batches(PARQUET_ROWS):
                for content in batch.to_pylist():
                    line += 1
                    yield Entry(line, json_text(content), source.partitions | content, "")
    except (pa.ArrowException, OSError) as error:
        first = str(error).splitlines()[0]
        raise LogError(f"{source.name} is damaged ({first}). Export it again; nothing was loaded.") from None


def _array_entries(text: TextIOWrapper, file: str) -> Iterator[Entry]:
    """The elements of one JSON array, read piece by piece; their text is written anew."""
    place = 0
    pieces = (piece.encode() for piece in iter(lambda: text.read(CHUNK), ""))
    try:
        for place, content in enumerate(ijson.items(ijson.from_iter(pieces), "item"), start=1):
            known = isinstance(content, dict)
            yield Entry(place, json_text(content), content if known else {}, "" if known else NO_OBJECT)
    except (ijson.JSONError, RecursionError):
        raise LogError(
            f"{file} is no whole JSON array: it breaks after element {place:,}. Write one array, or one object a line, "
            "and export it again; nothing was loaded."
        ) from None
