"""Calibration sessions in a workspace's journal: their cases, the votes on them, and what was set aside of these."""

import datetime as dt
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data import journal
from data.errors import LogError

_NAME = re.compile(r"[\w][\w .-]{0,79}")
_CASE_KINDS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("case_id", "item_id", "standard_version", "policy", "clause", "pattern", "decided"), pl.String),
    **dict.fromkeys(("pair", "is_control"), pl.Int64),
    **dict.fromkeys(("ambiguity", "volume", "harm", "priority"), pl.Float64),
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """One session: its name, when it was made, the labels to choose from, and what its cases were chosen from.

    `scope` are the filters in words, `stamp` until when the data reached, and `harm` what harm was measured by.
    """

    name: str
    made_at: str
    labels: tuple[str, ...]
    scope: str
    stamp: str
    harm: str


def now() -> str:
    """The moment in UTC."""
    return dt.datetime.now(dt.UTC).isoformat(" ", "seconds").removesuffix("+00:00") + " UTC"


def make(workspace: str | Path, calibration: Calibration, cases: pl.DataFrame) -> None:
    """Keep a new session with its cases, each under a name by lot, which says nothing about it."""
    if not _NAME.fullmatch(calibration.name):
        raise LogError(
            f"{calibration.name!r} cannot name a session: take letters, digits, spaces, dots, dashes, at most 80."
        )
    named = cases.with_columns(
        case_id=pl.Series([f"case-{secrets.token_hex(4)}" for _ in range(cases.height)], dtype=pl.String)
    )
    row = (*_fields(calibration)[:2], json.dumps(calibration.labels), *_fields(calibration)[3:])
    with journal.writing(workspace) as connection:
        if connection.execute("select 1 from sessions where name = ?", row[:1]).fetchone():
            raise LogError(f"There is a session {calibration.name!r} already: take another name.")
        connection.execute("insert into sessions values (?, ?, ?, ?, ?, ?)", row)
        columns = [name for name in _CASE_KINDS if name != "decided"]
        connection.executemany(
            f"insert into session_cases (session, {', '.join(columns)}) "  # noqa: S608 - columns of ours
            f"values (?{', ?' * len(columns)})",
            [(calibration.name, *values) for values in named.select(columns).iter_rows()],
        )


def _fields(calibration: Calibration) -> tuple[object, ...]:
    return tuple(getattr(calibration, name) for name in calibration.__slots__)


def listed(workspace: str | Path) -> pl.DataFrame:
    """All sessions, the newest first, with how many cases and controls, voters, votes and rows set aside they have."""
    counts = {
        "cases": "select count(*) from session_cases where session = name and not is_control",
        "controls": "select count(*) from session_cases where session = name and is_control",
        "voters": "select count(distinct voter) from session_votes where session = name",
        "votes": "select count(*) from session_votes where session = name",
        "set_aside": "select count(*) from session_set_aside where session = name",
    }
    columns = ", ".join(f"({sql}) as {name}" for name, sql in counts.items())
    kinds = {"name": pl.String, "made_at": pl.String, "scope": pl.String} | dict.fromkeys(counts, pl.Int64)
    return _frame(workspace, f"select name, made_at, scope, {columns} from sessions order by made_at desc, name", kinds)  # noqa: S608 - columns of ours


def opened(workspace: str | Path, name: str) -> Calibration:
    """The session of that name."""
    with journal.reading(workspace) as connection:
        row = connection.execute("select * from sessions where name = ?", (name,)).fetchone()
        known = [each for (each,) in connection.execute("select name from sessions order by name")]
    if row is None:
        there = f"there are {', '.join(known)}" if known else "make one with `evenhand calibration new`"
        raise LogError(f"There is no session {name!r} in {workspace}: {there}.")
    return Calibration(**{**dict(row), "labels": tuple(json.loads(row["labels"]))})


def cases(workspace: str | Path, name: str) -> pl.DataFrame:
    """The cases of a session in the order of their names, which is by lot."""
    sql = f"select {', '.join(_CASE_KINDS)} from session_cases where session = ? order by case_id"  # noqa: S608 - ours
    return _frame(workspace, sql, _CASE_KINDS, name).with_columns(pl.col("is_control").cast(pl.Boolean))


def votes(workspace: str | Path, name: str) -> pl.DataFrame:
    """The votes of a session that count: `voter, case_id, label, reason`."""
    columns = ("voter", "case_id", "label", "reason")
    sql = "select voter, case_id, label, reason from session_votes where session = ? order by case_id, voter"
    return _frame(workspace, sql, dict.fromkeys(columns, pl.String), name)


def set_aside(workspace: str | Path, name: str) -> pl.DataFrame:
    """The rows of a session that do not count: `why, file, line, voter, case_id, label, raw`."""
    kinds = dict.fromkeys(("why", "file", "line", "voter", "case_id", "label", "raw"), pl.String) | {"line": pl.Int64}
    sql = "select why, file, line, voter, case_id, label, raw from session_set_aside where session = ? order by rowid"
    return _frame(workspace, sql, kinds, name)


def items_talked_about(workspace: str | Path) -> pl.Series:
    """The items that some session had already."""
    sql = "select distinct item_id from session_cases order by item_id"
    return _frame(workspace, sql, {"item_id": pl.String})["item_id"]


def _frame(workspace: str | Path, sql: str, kinds: Mapping[str, type[pl.DataType]], *values: str) -> pl.DataFrame:
    with journal.reading(workspace) as connection:
        rows = [tuple(row) for row in connection.execute(sql, values)]
    return pl.DataFrame(rows, schema=kinds, orient="row")
