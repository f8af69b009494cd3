"""The ledger of actions in a workspace's journal: from which signal, for which cause, what was done, about whom."""

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from data import journal
from data.errors import LogError

_COLUMNS = "made_at, made_by, team, on_day, days, signal, cause, action"


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did about a signal, from the day `on` on, and so what is measured.

    `reviewers` are those whom it was for, of a `team` those who were in it when it was noted. It is judged by the
    `days` before the day `on` and as many from then on. `number` is the ledger's, 0 before the action is in it;
    `made_at` (UTC) and `made_by` tell the note and not the action.
    """

    reviewers: tuple[str, ...]
    on: dt.date
    days: int
    team: str = ""
    signal: str = ""
    cause: str = ""
    action: str = ""
    made_by: str = ""
    made_at: str = ""
    number: int = 0

    @property
    def since(self) -> dt.date:
        """The first day that it is judged by."""
        return self.on - dt.timedelta(days=self.days)

    @property
    def until(self) -> dt.date:
        """The last day that it is judged by."""
        return self.on + dt.timedelta(days=self.days - 1)


def note(workspace: str | Path, action: Action) -> int:
    """Put an action into the ledger, and give its number; the same people on the same day again are refused."""
    made_at = dt.datetime.now(dt.UTC).isoformat(" ", "seconds").removesuffix("+00:00")
    told = (action.made_by, action.team, action.on.isoformat(), action.days, action.signal, action.cause, action.action)
    with journal.writing(workspace) as connection:
        for known in _read(connection, "where on_day = ?", action.on.isoformat()):
            if set(known.reviewers) == set(action.reviewers):
                raise LogError(f"Action {known.number} is about the same people from {action.on} on: nothing was done.")
        row = connection.execute(f"insert into actions ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", (made_at, *told))  # noqa: S608 - ours
        number = int(row.lastrowid or 0)
        people = [(number, reviewer) for reviewer in action.reviewers]
        connection.executemany("insert into action_people values (?, ?)", people)
    return number


def noted(workspace: str | Path) -> list[Action]:
    """All actions, the newest first."""
    with journal.reading(workspace) as connection:
        return _read(connection, "order by on_day desc, id desc")


def strike(workspace: str | Path, number: int) -> None:
    """Take an action that was noted by mistake out of the ledger."""
    with journal.writing(workspace) as connection:
        if not connection.execute("delete from actions where id = ?", (number,)).rowcount:
            known = ", ".join(str(each) for (each,) in connection.execute("select id from actions order by id"))
            raise LogError(f"There is no action {number} in {workspace}; there are: {known or 'none'}.")
        connection.execute("delete from action_people where action = ?", (number,))


def _read(connection: sqlite3.Connection, which: str, *values: str) -> list[Action]:
    people = "(select json_group_array(reviewer) from action_people where action = id)"
    rows = connection.execute(f"select id, {_COLUMNS}, {people} as people from actions {which}", values)  # noqa: S608 - ours
    return [
        Action(
            tuple(sorted(json.loads(row["people"]))),
            dt.date.fromisoformat(row["on_day"]),
            row["days"],
            number=row["id"],
            **{name: row[name] for name in ("team", "signal", "cause", "action", "made_by", "made_at")},
        )
        for row in rows
    ]
