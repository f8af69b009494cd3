"""Rows at fault, found again in their files: physical line and text."""

import itertools
from collections.abc import Iterator

import polars as pl

from data.parsing import Layout, UnsoundFileError
from data.source import CHUNK

LONGEST_RAW = 2_000
LOCATED_ROWS = 20_000
SCHEMA = {"line": pl.Int64, "column_name": pl.String, "reason": pl.String, "raw": pl.String}

# Line, column, reason and text of one row.
_Found = tuple[int, str | None, str, str]


def located(layout: Layout, faults: pl.DataFrame, *, sound: int, broken: int) -> Iterator[pl.DataFrame]:
    """The rows at fault with their lines and texts, and the broken records, in the file's order.

    `faults` has `row` (counting the sound records from 0), `column_name` and `reason`. `UnsoundFileError` when the
    careful reader counts other sound or broken records than the reader that found the faults.
    """
    if not broken and _has_a_line_each(layout, sound):
        found = _by_line(layout, faults)
    else:
        found = _by_record(layout, faults, sound=sound, broken=broken)
    while some := list(itertools.islice(found, LOCATED_ROWS)):
        yield pl.DataFrame(some, schema=SCHEMA, orient="row")


def _has_a_line_each(layout: Layout, records: int) -> bool:
    """Whether there are as many lines as records: then none spans two, and a row's number gives its line at once."""
    lines, lone_returns, last = 0, 0, b"\n"
    with layout.source.open_bytes() as file:
        while chunk := file.read(CHUNK):
            lines += chunk.count(b"\n")
            lone_returns += chunk.count(b"\r") - (last + chunk).count(b"\r\n")
            last = chunk[-1:]
    return not lone_returns and lines + (last != b"\n") == layout.header_lines + records


def _by_line(layout: Layout, faults: pl.DataFrame) -> Iterator[_Found]:
    behind = 0
    with layout.source.open_text(layout.encoding, errors="replace") as lines:
        for row, column, reason in faults.sort("row").iter_rows():
            line = layout.header_lines + row
            raw = next(itertools.islice(lines, line - behind, None))
            behind = line + 1
            yield behind, column, reason, raw.rstrip("\r\n")[:LONGEST_RAW]


def _by_record(layout: Layout, faults: pl.DataFrame, *, sound: int, broken: int) -> Iterator[_Found]:
    wanted = faults.sort("row").iter_rows()
    row, column, reason = next(wanted, (-1, None, ""))
    good = bad = 0
    for record in layout.records():
        if record.fault:
            bad += 1
            yield record.line, None, record.fault, record.raw[:LONGEST_RAW]
            continue
        if good == row:
            yield record.line, column, reason, record.raw[:LONGEST_RAW]
            row, column, reason = next(wanted, (-1, None, ""))
        good += 1
    if (good, bad) != (sound, broken):
        raise UnsoundFileError(f"{layout.source.name}: {good} and {bad} records against {sound} and {broken}")
