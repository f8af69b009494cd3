"""The workspace on disk: immutable generations of one store behind a pointer that is renamed atomically.

`workspace.toml` holds the settings and is written last, so a folder without it is no workspace. `store-<n>.duckdb` is
never changed once `CURRENT` names it. A writer works on a copy; a process that dies leaves the old state.
"""

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from data.engine import DuckDBEngine
from data.errors import LogError
from data.locking import HOLDER, LOCK, disk_errors, writer_lock
from data.schema import complete, definitions
from data.settings import FILE, Settings, read_settings, settings_text

POINTER = "CURRENT"
SPILL = "spill"


@dataclass(frozen=True, slots=True)
class Workspace:
    """One whole generation of a workspace, open for reading."""

    path: Path
    generation: int
    fingerprint: str
    settings: Settings
    engine: DuckDBEngine

    def close(self) -> None:
        """Release the store."""
        self.engine.close()


@dataclass(slots=True)
class Writer:
    """The draft of the next generation, in a transaction; nobody sees it before it is published.

    It is published when `changed` is true at the end.
    """

    path: Path
    generation: int
    connection: duckdb.DuckDBPyConnection
    changed: bool = False


def create(path: str | Path, *, settings: Settings | None = None) -> None:
    """Make an empty workspace; `LogError` when the folder already holds something."""
    root = Path(path)
    check_new(root)
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        with writer_lock(root):
            check_new(root)
            _make_store(root / store_name(1))
            _replace_text(root / POINTER, store_name(1) + "\n")
            now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
            _replace_text(root / FILE, settings_text(replace(settings or Settings(), created_at=now)))


def check_new(root: Path) -> None:
    """`LogError` when a folder holds more than what a kill during `create` leaves."""
    if not root.exists():
        return
    if not root.is_dir():
        raise LogError(f"{root} is a file. Name a folder that is new or empty.")
    own = {POINTER, LOCK, HOLDER, store_name(1), *(f"{name}.tmp" for name in (POINTER, FILE, store_name(1)))}
    others = sorted(entry.name for entry in root.iterdir() if entry.name not in own)
    if others:
        what = "already a workspace" if FILE in others else f"not empty (it holds {others[0]})"
        raise LogError(f"{root} is {what}. Name a folder that is new or empty.")


def store_name(generation: int) -> str:
    """The file that holds a generation."""
    return f"store-{generation}.duckdb"


def current_generation(path: str | Path) -> int:
    """The number of the newest generation: one small read, cheap enough for every page."""
    pointer = Path(path) / POINTER
    try:
        named = pointer.read_text(encoding="ascii").strip()
        return int(named.removeprefix("store-").removesuffix(".duckdb"))
    except (FileNotFoundError, NotADirectoryError):
        read_settings(Path(path))
        raise LogError(f"{pointer} is missing: the workspace is damaged. Restore it, or load into a new one.") from None
    except ValueError:
        raise LogError(f"{pointer} is damaged. It should name the newest store-<n>.duckdb in that folder.") from None


def open_workspace(path: str | Path) -> Workspace:
    """The newest generation, for reading. A load that is running does not disturb it."""
    root = Path(path)
    settings = read_settings(root)
    generation = current_generation(root)
    try:
        engine = DuckDBEngine(root / store_name(generation))
    except duckdb.Error as error:
        # Two generations may have been published between reading the pointer and opening the file.
        if current_generation(root) != generation:
            return open_workspace(root)
        raise _damaged(root / store_name(generation), error) from None
    # The path tells a copy of the folder from its original.
    fingerprint = f"{root.resolve()} {settings.created_at} {generation}"
    return Workspace(root, generation, fingerprint, settings, engine)


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[Writer]:
    """The workspace's one writer. What it did is published at the end, all of it, or nothing after an error."""
    root = Path(path)
    read_settings(root)
    with disk_errors(root), writer_lock(root):
        generation = current_generation(root) + 1
        _clear_leftovers(root, generation - 1)
        draft = root / f"{store_name(generation)}.tmp"
        try:
            shutil.copyfile(root / store_name(generation - 1), draft)
        except FileNotFoundError as error:
            raise _damaged(root / store_name(generation - 1), error) from None
        try:
            writer = Writer(root, generation, _connect(draft, root))
            try:
                complete(writer.connection)
                writer.connection.begin()
                yield writer
                writer.connection.execute("commit" if writer.changed else "rollback")
            finally:
                writer.connection.close()
            if writer.changed:
                _publish(draft, root, generation)
        finally:
            draft.unlink(missing_ok=True)
            _clear_leftovers(root, current_generation(root))


def _connect(draft: Path, root: Path) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(root / SPILL),
        "memory_limit": "50%",
        "autoinstall_known_extensions": False,
    }
    try:
        return duckdb.connect(str(draft), config=config)
    except duckdb.Error as error:
        raise _damaged(root / store_name(current_generation(root)), error) from None


def _make_store(path: Path) -> None:
    draft = path.with_name(path.name + ".tmp")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as connection:
        connection.execute(";".join(definitions()))
    sync(draft)
    draft.replace(path)


def _publish(draft: Path, root: Path, generation: int) -> None:
    sync(draft)
    draft.replace(root / store_name(generation))
    _replace_text(root / POINTER, store_name(generation) + "\n")


def _clear_leftovers(root: Path, generation: int) -> None:
    keep = {store_name(generation), store_name(generation - 1)}
    for entry in root.glob("store-*"):
        if entry.name not in keep:
            entry.unlink(missing_ok=True)
    shutil.rmtree(root / SPILL, ignore_errors=True)


def _replace_text(path: Path, text: str) -> None:
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(text, encoding="utf-8")
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file or folder on the disk before anything that relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _damaged(store: Path, error: Exception) -> LogError:
    kind = type(error).__name__
    return LogError(f"{store} is missing or damaged ({kind}). Restore it, or load the logs into a new workspace.")
