"""Frames written out for people and for scripts."""

import json
import sys
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from data.errors import LogError


class Format(StrEnum):
    """How a command prints a frame."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def print_frame(frame: pl.DataFrame, form: Format) -> None:
    """Print a frame to standard output."""
    if form is Format.JSON:
        print_json(frame.to_dicts())
    elif form is Format.CSV:
        sys.stdout.write(csv_text(frame))
    elif form is Format.PARQUET:
        if sys.stdout.isatty():
            raise LogError("Parquet is not for a terminal: send it to a file with > FILE.parquet")
        frame.write_parquet(sys.stdout.buffer)
    else:
        print_table(frame)


def print_json(content: Any) -> None:
    """Print JSON, one value; days and times as ISO 8601, undefined as null."""
    print(json.dumps(content, ensure_ascii=False, indent=2, default=_iso))  # noqa: T201 - this is the output


def print_table(frame: pl.DataFrame) -> None:
    """Print a frame as columns for reading."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_cell(value) for value in row))
    # Without a terminal, lines are never folded: a script or a file gets one line a row.
    Console(width=None if sys.stdout.isatty() else 10_000, markup=False, highlight=False).print(table)


def csv_text(frame: pl.DataFrame) -> str:
    """A frame as CSV in which a spreadsheet takes no text cell for a formula; plain numbers stay as they are."""
    return frame.with_columns(_escaped(name) for name, kind in frame.schema.items() if kind == pl.String).write_csv()


def _escaped(name: str) -> pl.Expr:
    text = pl.col(name)
    is_formula = text.str.contains(r"^[=+\-@\t\r]") & ~text.str.contains(r"^[+\-]?\d+(\.\d+)?$")
    return pl.when(is_formula).then(pl.concat_str(pl.lit("'"), text)).otherwise(text).alias(name)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _iso(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")
