"""What people note in a workspace, beside the log: what they did about a signal, and what came of it.

It stands in a small file of its own, `journal.sqlite`: notes are few and written by hand, often by several people at
once, and must not cost a new generation of the store. SQLite comes with Python and keeps each transaction whole,
whatever happens to the process.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from data.errors import LogError
from data.locking import disk_errors
from data.settings import read_settings

FILE = "journal.sqlite"
TABLES: Mapping[str, str] = {
    # A number is never given twice, so that what is said of "action 3" stays about that one.
    "actions": (
        "id integer primary key autoincrement, made_at text, made_by text, team text, on_day text, days int, "
        "signal text, cause text, action text"
    ),
    "action_people": "action int, reviewer text, primary key (action, reviewer)",
    "sessions": "name text primary key, made_at text, labels text, scope text, stamp text, harm text",
    "session_cases": (
        "session text, case_id text primary key, item_id text, standard_version text, policy text, clause text, "
        "pattern text, pair int, is_control int, ambiguity real, volume real, harm real, priority real, decided text"
    ),
    "session_votes": (
        "session text, voter text, case_id text, label text, reason text, primary key (session, voter, case_id)"
    ),
    "session_set_aside": (
        "session text, why text, file text, line int, voter text, case_id text, label text, raw text, "
        "unique (session, file, line, raw)"
    ),
}
"""The columns of each table, as SQLite takes them; a table is made where it is not there yet."""
_SECONDS = 5.0
"""How long a writer waits for another one."""


@contextlib.contextmanager
def writing(workspace: str | Path) -> Iterator[sqlite3.Connection]:
    """The journal of a workspace in one transaction, which is kept at the end, or nothing of it after an error."""
    root = Path(workspace)
    read_settings(root)
    with disk_errors(root), _errors(root), contextlib.closing(_connect(root / FILE)) as connection:
        connection.execute("begin immediate")
        _complete(connection)
        yield connection
        connection.execute("commit")


@contextlib.contextmanager
def reading(workspace: str | Path) -> Iterator[sqlite3.Connection]:
    """The journal of a workspace, to be read; without one, an empty one. A writer does not disturb it."""
    root = Path(workspace)
    path = root / FILE
    with _errors(root), contextlib.closing(_connect(path if path.exists() else ":memory:")) as connection:
        _complete(connection, kind="temp")
        connection.execute("pragma query_only = true")
        connection.execute("begin")
        yield connection


def rewrite(workspace: str | Path) -> None:
    """Write the journal anew, so that of what was removed no byte is left in its file."""
    root = Path(workspace)
    with disk_errors(root), _errors(root), contextlib.closing(_connect(root / FILE)) as connection:
        connection.execute("vacuum")


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _complete(connection: sqlite3.Connection, *, kind: Literal["", "temp"] = "") -> None:
    """Make the tables that are not there; for a reader of an older journal, only for as long as it reads."""
    known = {name for (name,) in connection.execute("select name from sqlite_master")}
    for name in TABLES.keys() - known:
        connection.execute(f"create {kind} table {name} ({TABLES[name]})")


@contextlib.contextmanager
def _errors(root: Path) -> Iterator[None]:
    """Turn what the journal's file refuses into a `LogError`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise LogError(f"{root / FILE} is being written by somebody else. Try again in a moment.") from None
        if error.sqlite_errorcode in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            raise LogError(f"{root / FILE} is read-only for you: ask for write permission.") from None
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise LogError(f"The disk of {root} is full. Make room and try again; nothing was changed.") from None
        raise
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise LogError(f"{root / FILE} is damaged. Restore it from a copy, or remove it to begin anew.") from None
        raise
