"""The workspace on disk: immutable generations of one store behind a pointer that is renamed atomically.

`workspace.toml` holds the settings and is written last, so a folder without it is no workspace. `store-<n>.duckdb` is
never changed once `CURRENT` names it, nor are the parts that it reads (`data/parts.py`). A writer works on a copy of
the store and a new part; a process that dies leaves the old state.
"""

import contextlib
import datetime as dt
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from data import memory, parts, tidying
from data.engine import DuckDBEngine
from data.errors import LogError
from data.locking import HOLDER, LOCK, disk_errors, writer_lock
from data.schema import complete, definitions, literal, outdate
from data.settings import FILE, Settings, read_settings, settings_text
from data.sync import replace_text, sync
from data.tidying import SPILL, damaged, store_name

Connection = duckdb.DuckDBPyConnection
POINTER = "CURRENT"


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
    """The draft of the next generation, a copy of the store and a part for new rows, which nobody sees yet.

    It is published when `changed` is true at the end. A `thorough` writer leaves nothing of what was before: the store
    is written into a new file, and older generations go at once.
    """

    path: Path
    generation: int
    connection: duckdb.DuckDBPyConnection
    changed: bool = False
    thorough: bool = False


def create(path: str | Path, *, settings: Settings | None = None) -> None:
    """Make an empty workspace; `LogError` when the folder already holds something."""
    root = Path(path)
    check_new(root)
    with disk_errors(root):
        root.mkdir(parents=True, exist_ok=True)
        with writer_lock(root):
            check_new(root)
            _make_store(root / store_name(1))
            replace_text(root / POINTER, store_name(1) + "\n")
            now = dt.datetime.now(dt.UTC).isoformat(timespec="microseconds")
            replace_text(root / FILE, settings_text(replace(settings or Settings(), created_at=now)))


def check_new(root: Path) -> None:
    """`LogError` when a folder holds more than what a kill during `create` leaves."""
    if not root.exists():
        return
    if not root.is_dir():
        raise LogError(f"{root} is a file. Name a folder that is new or empty.")
    first = store_name(1)
    own = {POINTER, LOCK, HOLDER, first, f"{first}.tmp.wal", *(f"{name}.tmp" for name in (POINTER, FILE, first))}
    others = sorted(entry.name for entry in root.iterdir() if entry.name not in own)
    if others:
        what = "already a workspace" if FILE in others else f"not empty (it holds {others[0]})"
        raise LogError(f"{root} is {what}. Name a folder that is new or empty.")


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
        raise damaged(root, generation, error) from None
    # The path tells a copy of the folder from its original; with another setting, answers are others.
    fingerprint = f"{root.resolve()} {generation} {settings}"
    return Workspace(root, generation, fingerprint, settings, engine)


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[Writer]:
    """The workspace's one writer. What it did is published at the end, all of it, or nothing after an error."""
    root = Path(path)
    settings = read_settings(root)
    with disk_errors(root), writer_lock(root):
        current = current_generation(root)
        draft = root / f"{store_name(current + 1)}.tmp"
        part = root / f"{parts.part_name(current + 1)}.tmp"
        tidying.clear_stores(root, current, current - 1)
        try:
            writer = Writer(root, current + 1, _connect(draft, root, current))
            keep = yield from _written(writer, draft, part)
            if writer.changed:
                _publish(draft, root, writer.generation, settings)
            if writer.thorough:
                tidying.clear_parts(root, keep)
                tidying.clear_stores(root, current_generation(root))
        finally:
            tidying.discard(part)
            now = current_generation(root)
            tidying.clear_stores(root, now, now - 1)


def _written(writer: Writer, draft: Path, part: Path) -> Generator[Writer, None, tuple[int, ...]]:
    """The writer, to be written with; then, of the store that is closed, the parts that it reads."""
    connection, root, anew = writer.connection, writer.path, draft.with_suffix(".anew")
    try:
        parts.clear(connection, root, writer.generation - 1)
        parts.begin(connection, part)
        outdate(connection)
        yield writer
        parts.finish(connection, part, root, writer.generation, keep=writer.changed)
        keep = parts.listed(connection)
        if writer.thorough:
            tidying.write_anew(connection, anew)
    finally:
        connection.close()
    if writer.thorough:
        anew.replace(draft)
    return keep


def _connect(draft: Path, root: Path, generation: int) -> duckdb.DuckDBPyConnection:
    """A copy of a generation, to be written to, with its parts."""
    try:
        shutil.copyfile(root / store_name(generation), draft)
    except FileNotFoundError as error:
        raise damaged(root, generation, error) from None
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(root / SPILL),
        "memory_limit": memory.limit(),
        "autoinstall_known_extensions": False,
    }
    connection = duckdb.connect(config=config)
    try:
        connection.execute(f"attach {literal(str(draft))} as {parts.STORE}; use {parts.STORE}")
        parts.attach(connection, root)
        parts.adopt(connection, root)
        complete(connection)
    except duckdb.Error as error:
        connection.close()
        raise damaged(root, generation, error) from None
    return connection


def _make_store(path: Path) -> None:
    draft = path.with_name(path.name + ".tmp")
    tidying.discard(draft)
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(draft))} as {parts.STORE}; use {parts.STORE}")
        connection.execute(";".join(definitions()))
        parts.define_views(connection)
    sync(draft)
    draft.replace(path)


def _publish(draft: Path, root: Path, generation: int, settings: Settings) -> None:
    sync(draft)
    draft.replace(root / store_name(generation))
    # A workspace that an older Evenhand made is one of this version's from here on.
    replace_text(root / FILE, settings_text(settings))
    replace_text(root / POINTER, store_name(generation) + "\n")
