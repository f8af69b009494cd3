"""A load, told to a person or to a script."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from data.report import LoadReport


@contextmanager
def progress() -> Iterator[Callable[[str, int], None]]:
    """How far a load is, on the terminal while it runs; nothing where there is no terminal."""
    with Console(stderr=True).status("Reading …") as status:
        yield lambda file, rows: status.update(f"Reading {Path(file).name}: {rows:,} rows so far")


def as_dict(report: LoadReport) -> dict[str, Any]:
    """The report for scripts: all its fields, and `loaded` = inserted + replaced."""
    return {**asdict(report), "loaded": report.loaded}


def as_text(report: LoadReport) -> str:
    """The report in a few lines: the counts first, then what a reader should know."""
    counts = f"loaded {report.loaded:,} + unchanged {report.unchanged:,} + quarantined {report.quarantined:,}"
    lines = [f"{report.table}: read {report.read:,} = {counts}  ({report.seconds:.1f} s)"]
    if report.replaced:
        lines.append(f"  of the loaded, {report.replaced:,} replaced an earlier delivery")
    lines += [f"  quarantined {count:,}: {reason}" for reason, count in report.reasons.items()]
    # The rows of a query have no place to be found at.
    lines += [
        f"    {row.file}{f' line {row.line}' if row.line else ''}: {row.reason}" for row in report.first_quarantined
    ]
    if report.unmapped:
        lines.append(f"  columns left unused: {', '.join(report.unmapped)}")
    lines += [f"  {note}" for note in report.notes]
    return "\n".join(lines)
