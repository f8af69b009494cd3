"""The careful reader: every record of a text log with its physical line, its text, and what is wrong with it.

DuckDB reads a sound file many times faster, but its line numbers do not count line breaks inside quotes, it loses the
neighbours of a stray quote, and it gives up on mixed line endings. So this reader is the reference: it finds the lines
of bad rows, its count must agree with DuckDB's, and it takes over a file when they differ.
"""

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

# A longer field is no label, id or reason; it is a fault in the export.
LONGEST_FIELD = 1_000_000
TOO_LONG = "a field is longer than 1 MB"
NO_OBJECT = "not a JSON object"
NOT_CLOSED = "a quote is opened but not closed, or text follows a closing quote"


class Record(NamedTuple):
    """One record: where it starts, its text, its values in the header's order, and its fault if it has one."""

    line: int
    raw: str
    values: Sequence[str | None]
    fault: str


def csv_records(lines: Iterable[str], *, delimiter: str, width: int, first_line: int) -> Iterator[Record]:
    """The records of delimited lines (RFC 4180), blank ones left out.

    A record whose quoting is broken costs its first line only: reading starts again at the next.
    """
    csv.field_size_limit(LONGEST_FIELD)
    line, held = first_line, _HeldLines(lines)
    reader = _reader(held.again(), delimiter)
    while True:
        try:
            values = next(reader, None)
            fault = ""
        except csv.Error as error:
            values, fault = [], TOO_LONG if "limit" in str(error) else NOT_CLOSED
            reader = _reader(held.again(keep=1), delimiter)
        if values is None:
            return
        # Some exports end every line with delimiters.
        while len(values) > width and not values[-1]:
            values.pop()
        if values and len(values) != width:
            fault = f"{len(values)} values where the header has {width}"
        if values or fault:
            yield Record(line, "".join(held.taken).rstrip("\r\n"), values, fault)
        line += len(held.taken)
        held.taken.clear()


class _HeldLines:
    """Lines that remember which of them the record at hand took, and can give them back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.rest = iter(lines)
        self.back = deque[str]()
        self.taken: list[str] = []

    def again(self, *, keep: int = 0) -> Iterator[str]:
        """The lines from here on; of those that were taken, only the first few stay taken."""
        self.back.extendleft(reversed(self.taken[keep:]))
        del self.taken[keep:]
        return self._lines()

    def _lines(self) -> Iterator[str]:
        while (text := self.back.popleft() if self.back else next(self.rest, None)) is not None:
            self.taken.append(text)
            yield text


def _reader(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t")


def header(lines: Iterable[str], *, delimiter: str) -> tuple[list[str], int]:
    """The column names of delimited lines, and how many physical lines they take with blank ones before them."""
    for record in csv_records(lines, delimiter=delimiter, width=0, first_line=1):
        names = [name.strip() for name in record.values if name is not None]
        while names and not names[-1]:
            names.pop()
        return names, record.line + len(record.raw.splitlines()) - 1
    return [], 0


def json_records(lines: Iterable[str], *, names: Sequence[str]) -> Iterator[Record]:
    """The objects of JSON Lines, blank lines left out; `values` are those of `names`, as text."""
    for line, raw, found, fault in json_objects(lines):
        yield Record(line, raw, [] if fault else [as_text(found.get(name)) for name in names], fault)


def json_objects(lines: Iterable[str]) -> Iterator[tuple[int, str, dict[str, Any], str]]:
    """The line, text, object and fault of every line of JSON Lines that is not blank."""
    for line, text in enumerate(lines, start=1):
        raw = text.strip()
        if not raw:
            continue
        try:
            found = json.loads(raw)
        except (ValueError, RecursionError):
            yield line, raw, {}, "not valid JSON"
            continue
        sound = isinstance(found, dict)
        yield line, raw, found if sound else {}, "" if sound else NO_OBJECT


# An encoder is slow to make.
json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def as_text(value: object) -> str | None:
    """A value as text: a text as it is, a time as ISO 8601, everything else as JSON writes it."""
    if value is None:
        return None
    text = json_text(value) if isinstance(value, bool | int | float | list | dict) else str(value)
    # JSON may escape half of a surrogate pair, which is no text.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
