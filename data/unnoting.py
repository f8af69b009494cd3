"""One reviewer out of a workspace's journal: notes about them go, other texts lose their name."""

# ruff: noqa: S608 - tables and columns are ours

import re
from pathlib import Path

from data import journal

TEXTS = {
    "actions": ("made_by", "team", "signal", "cause", "action"),
    "sessions": ("name", "scope"),
    "session_cases": ("session",),
    "session_votes": ("session", "reason"),
    "session_set_aside": ("session", "file", "raw"),
}
"""The columns in which somebody may have written a name."""
_ABOUT = {
    "actions": "id in (select action from action_people group by action having min(reviewer) = :who "
    "and max(reviewer) = :who)",
    "action_people": "reviewer = :who",
    "session_votes": "voter = :who",
    "session_set_aside": "voter = :who",
}
"""The notes that go: an action about several stays for the others."""


def erase_notes(workspace: str | Path, reviewer: str) -> dict[str, int]:
    """Remove a reviewer from the journal; how many notes of each table went or lost the name. Nothing without one."""
    if not (Path(workspace) / journal.FILE).exists():
        return {}
    named = re.compile(rf"(?<![^\W_]){re.escape(reviewer)}(?![^\W_])")
    changed = dict.fromkeys(_ABOUT.keys() | TEXTS.keys(), 0)
    with journal.writing(workspace) as connection:
        connection.create_function("rid", 1, lambda text: text and named.sub("(erased)", text), deterministic=True)
        for table, condition in _ABOUT.items():
            changed[table] += connection.execute(f"delete from {table} where {condition}", {"who": reviewer}).rowcount
        for table, columns in TEXTS.items():
            sets = ", ".join(f"{column} = rid({column})" for column in columns)
            where = " or ".join(f"{column} is not rid({column})" for column in columns)
            # Two rows that were set aside for the same reason may become one.
            changed[table] += connection.execute(f"update or replace {table} set {sets} where {where}").rowcount
    journal.rewrite(workspace)
    return changed
