"""A new workspace that is filled before anyone sees it."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from data.errors import LogError
from data.locking import disk_errors, writer_lock
from data.settings import Settings
from data.store import check_new, create
from data.sync import sync


@contextlib.contextmanager
def making(path: str | Path, *, settings: Settings) -> Iterator[Path]:
    """A draft of a new workspace, to be filled; it takes its place at the end, whole, or not at all after an error."""
    root = Path(path).resolve()
    check_new(root)
    if root.is_mount():
        raise LogError(f"{root} is a disk of its own, onto which nothing can be moved. Name a folder inside it.")
    # Beside its place, because a rename cannot leave a disk; a kill leaves this folder, and the next attempt clears it.
    beside = root.with_name(f".{root.name}.making")
    with disk_errors(root):
        beside.mkdir(parents=True, exist_ok=True)
        with writer_lock(beside):
            try:
                yield from _made(root, beside / root.name, settings)
            finally:
                shutil.rmtree(beside)


def _made(root: Path, draft: Path, settings: Settings) -> Iterator[Path]:
    shutil.rmtree(draft, ignore_errors=True)
    create(draft, settings=settings)
    yield draft
    check_new(root)
    if root.exists():
        for leftover in root.iterdir():
            leftover.unlink()
    draft.rename(root)
    sync(root.parent)
