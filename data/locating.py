"""Rows at fault, found again in their files: physical line and text."""

import itertools
from collections.abc import Iterator

import polars as pl

from data.layout import Layout
from data.parsing import UnsoundFileError

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
    # As many lines as records: none spans two, so a row's number gives its line at once.
    if not broken and layout.lines == layout.header_lines + sound:
        found = _by_line(layout, faults)
    else:
        found = _by_record(layout, faults, sound=sound, broken=broken)
    while some := list(itertools.islice(found, LOCATED_ROWS)):
        yield pl.DataFrame(some, schema=SCHEMA, orient="row")


def _by_line(layout: Layout, faults: pl.DataFrame) -> Iterator[_Found]:
    behind = 0
    with layout.source.open_bytes() as lines:
        for row, column, reason in faults.sort("row").iter_rows():
            line = layout.header_lines + row
            raw = next(itertools.islice(lines, line - behind, None)).decode(layout.encoding, "replace")
            behind = line + 1
            yield behind, column, reason, raw.removeprefix("\ufeff").rstrip("\r\n")[:LONGEST_RAW]


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
