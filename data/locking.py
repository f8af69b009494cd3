"""One writer at a time, and what to say when a workspace cannot be written."""

import contextlib
import datetime as dt
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from data.errors import LogError

LOCK = "writer.lock"
HOLDER = "writer.txt"
# How long a writer waits for another one.
SECONDS = 5.0
DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def writer_lock(root: Path) -> Iterator[None]:
    """The right to write to the workspace; `LogError` when another process keeps it."""
    # The kernel releases this lock when its process dies, however it dies.
    lock, holder = FileLock(root / LOCK, timeout=SECONDS), root / HOLDER
    try:
        lock.acquire()
    except Timeout:
        who = holder.read_text(encoding="utf-8").strip() if holder.exists() else "another process"
        raise LogError(f"{root} is being written by {who}. Wait until it is done, then try again.") from None
    try:
        now = dt.datetime.now(dt.UTC)
        holder.write_text(f"process {os.getpid()} since {now:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


@contextlib.contextmanager
def disk_errors(root: Path) -> Iterator[None]:
    """Turn what the disk refuses into a `LogError`."""
    try:
        yield
    except PermissionError:
        raise LogError(f"{root} is read-only for you: ask for write permission, or copy the folder.") from None
    except OSError as error:
        if error.errno == errno.EROFS:
            raise LogError(f"{root} is on a read-only disk: copy the folder to one that can be written.") from None
        if error.errno in DISK_FULL:
            raise LogError(f"The disk of {root} is full. Make room and try again; nothing was changed.") from None
        raise LogError(f"{root} could not be written ({error.strerror}): name another folder.") from None
    except duckdb.IOException as error:
        first = str(error).splitlines()[0]
        raise LogError(
            f"{root} could not be written ({first}). Make room and try again; nothing was changed."
        ) from None
