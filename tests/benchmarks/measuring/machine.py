"""What a figure was measured on, and how it is shown."""

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

SHOWN = ("duckdb", "polars", "numpy")
_MEMORY = Path("/proc/meminfo")
_PROCESSOR = Path("/proc/cpuinfo")


def machine() -> str:
    """The machine and the versions in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in SHOWN)
    parts = [f"{os.cpu_count()} cores", _processor(), _gigabytes(), f"Python {platform.python_version()}", versions]
    return ", ".join(part for part in parts if part)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    sides = [
        "---:" if column and rows and rows[0][column][:1].strip("> ").isdigit() else "---"
        for column in range(len(header))
    ]
    lines = [header, sides, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _processor() -> str:
    if not _PROCESSOR.exists():
        return platform.processor()
    named = [
        line.partition(":")[2].strip() for line in _PROCESSOR.read_text().splitlines() if line.startswith("model name")
    ]
    return named[0] if named else platform.machine()


def _gigabytes() -> str:
    if not _MEMORY.exists():
        return ""
    return f"{int(_MEMORY.read_text().split()[1]) / 1024**2:.0f} GB"
