"""What stays on the disk of a workspace, and what to say when something there is damaged."""

import re
import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from data import parts
from data.errors import LogError
from data.schema import literal
from data.sync import sync

SPILL = "spill"


def store_name(generation: int) -> str:
    """The file that holds a generation."""
    return f"store-{generation}.duckdb"


def discard(draft: Path) -> None:
    """Remove a file that was being written, and what DuckDB had written ahead for it."""
    for file in (draft, draft.with_name(f"{draft.name}.wal")):
        file.unlink(missing_ok=True)


def clear_stores(root: Path, *generations: int) -> None:
    """Remove every store but these, and what writers left that died."""
    _clear(root, "store-*", {store_name(generation) for generation in generations})
    shutil.rmtree(root / SPILL, ignore_errors=True)


def clear_parts(root: Path, keep: Collection[int]) -> None:
    """Remove every part but these."""
    _clear(root, "rows-*", {parts.part_name(part) for part in keep})


def _clear(root: Path, pattern: str, keep: Collection[str]) -> None:
    for entry in root.glob(pattern):
        if entry.name not in keep:
            entry.unlink(missing_ok=True)


def write_anew(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Copy the store into a new file: a table that shrank keeps its space, and in it what it held."""
    path.unlink(missing_ok=True)
    connection.execute(f"attach {literal(str(path))} as anew")
    connection.execute(f"copy from database {parts.STORE} to anew")
    connection.execute("detach anew")
    sync(path)


def damaged(root: Path, generation: int, error: Exception) -> LogError:
    """What to say of a generation that cannot be opened: which of its files is to blame."""
    part = re.search(r"rows-\d+\.duckdb", str(error))
    name, kind = part[0] if part else store_name(generation), type(error).__name__
    return LogError(f"{root / name} is missing or damaged ({kind}). Restore it, or load the logs into a new workspace.")
