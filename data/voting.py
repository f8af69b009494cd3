"""Votes counted: which rows of returned ballots are votes of a session, and why others are none."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from data import journal
from data.ballots import Row
from data.calibrations import opened

FOREIGN, NO_VOTER, NO_VOTE = "the case is none of this session", "nobody is named as the voter", "there is no vote"
NO_LABEL, TWICE = "the label is none of this session", "the voter voted on this case before"
DECIDED_TWICE, NO_DECISION = "the case was decided otherwise before", "the decision is no label of this session"
COUNTABLE = (NO_LABEL, TWICE)
"""Rows set aside for these reasons are votes on a known case, and could have been counted."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some rows: votes and decisions that are new, those that were there, and rows set aside."""

    counted: int
    unchanged: int
    set_aside: tuple[Row, ...]


def take(workspace: str | Path, name: str, rows: Iterable[Row]) -> Taken:
    """Count votes, and set aside with the reason what is none; rows that were read before change nothing."""
    labels = opened(workspace, name).labels
    with journal.writing(workspace) as connection:
        return _Count(connection, name, labels).of(rows)


class _Count:
    """The votes of a session while rows are taken in."""

    def __init__(self, connection: sqlite3.Connection, name: str, labels: tuple[str, ...]) -> None:
        self._connection, self._name, self._labels = connection, name, labels
        cases = connection.execute("select case_id, decided from session_cases where session = ?", (name,))
        self._decided: dict[str, str | None] = dict(cases.fetchall())
        voted = connection.execute("select voter, case_id, label from session_votes where session = ?", (name,))
        self._before = {(voter, case): label for voter, case, label in voted}
        self._now: set[tuple[str, str]] = set()

    def of(self, rows: Iterable[Row]) -> Taken:
        counted, unchanged, aside = 0, 0, []
        for row in rows:
            why = row.why or self._refused(row)
            if why:
                aside.append(replace(row, why=why))
            elif self._keep(row):
                counted += 1
            else:
                unchanged += 1
        self._connection.executemany(
            "insert or ignore into session_set_aside values (?, ?, ?, ?, ?, ?, ?, ?)",
            [(self._name, r.why, r.file, r.line, r.voter, r.case_id, r.label, r.raw) for r in aside],
        )
        return Taken(counted, unchanged, tuple(aside))

    def _refused(self, row: Row) -> str:
        """Why a row does not count; empty when it does."""
        vote = (row.voter, row.case_id)
        faults = {
            FOREIGN: row.case_id not in self._decided,
            NO_VOTE: not row.label and not row.decided,
            NO_VOTER: bool(row.label) and not row.voter,
            NO_LABEL: bool(row.label) and row.label not in self._labels,
            NO_DECISION: bool(row.decided) and row.decided not in self._labels,
            TWICE: bool(row.label) and (vote in self._now or self._before.get(vote, row.label) != row.label),
            DECIDED_TWICE: bool(row.decided) and (self._decided.get(row.case_id) or row.decided) != row.decided,
        }
        return next((why for why, is_so in faults.items() if is_so), "")

    def _keep(self, row: Row) -> bool:
        """Whether a vote or a decision is new; then it is kept."""
        vote, is_new = (row.voter, row.case_id), False
        if row.label:
            self._now.add(vote)
            is_new = vote not in self._before
            values = (self._name, *vote, row.label, row.reason)
            self._connection.execute("insert or ignore into session_votes values (?, ?, ?, ?, ?)", values)
        if row.decided and not self._decided[row.case_id]:
            self._decided[row.case_id], is_new = row.decided, True
            update = "update session_cases set decided = ? where session = ? and case_id = ?"
            self._connection.execute(update, (row.decided, self._name, row.case_id))
        return is_new
