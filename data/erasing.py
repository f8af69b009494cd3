"""One reviewer's rows out of every table; the rows of parts are only put aside, and leave with the next merge."""

# ruff: noqa: S608 - tables and columns are the contract's, and quoted

import re
from collections.abc import Collection

from data.contract import TABLES
from data.schema import BESIDE, number, quoted
from data.store import Connection, Writer

_NAMES_IT = "regexp_matches({}, '(^|{other})' || regexp_escape($reviewer) || '($|{other})')"
_OTHER = r"[^\pL\pN_@-]"
"""What may stand beside an id in a row's text: no letter, digit or sign that ids are made of."""
_NAMED = {"loads": ("files", "unmapped", "missing", "notes"), "quarantine": ("file",)}
"""Texts out of which a name is taken: of the records of loading, not of the log."""


def erase_rows(writer: Writer, reviewer: str) -> dict[str, int]:
    """Remove what a reviewer did and what was done to it; how many rows left each table.

    Of the quarantine and of the marks of loading leave rows whose text names the reviewer; the ledger loses the name.
    """
    connection, values = writer.connection, {"reviewer": reviewer}
    theirs = "select review_id, part, sequence from held_reviews where reviewer_id = $reviewer"
    connection.execute(f"create or replace temp table theirs as {theirs}", values)
    connection.execute(f"insert into superseded select 'reviews', part, sequence, {writer.generation} from theirs")
    left = {"reviews": number(connection, "select count(*) from theirs")}
    about_theirs = "review_id in (select review_id from theirs)"
    left["appeals"] = number(connection, f"delete from appeals where {about_theirs}")
    for table, condition in {
        "audits": f"auditor_id = $reviewer or {about_theirs}",
        "reviewers": "reviewer_id = $reviewer",
        "quarantine": _naming("raw", "reason"),
        "marks": _naming("query", "source"),
    }.items():
        left[table] = number(connection, f"delete from {table} where {condition}", values)
    for table, columns in _NAMED.items():
        left.setdefault(table, _black_out(connection, table, columns, reviewer))
    return left


def _naming(*columns: str) -> str:
    """The condition that one of the texts names the reviewer."""
    return " or ".join(_NAMES_IT.format(column, other=_OTHER) for column in columns)


def _black_out(connection: Connection, table: str, columns: Collection[str], reviewer: str) -> int:
    """Take the name out of texts, whatever but letters and digits stands beside it; out of how many rows."""
    pattern = rf"(^|[^\pL\pN]){re.escape(reviewer)}($|[^\pL\pN])"
    named = " or ".join(f"regexp_matches({name}, $pattern)" for name in columns)
    changed = ", ".join(rf"{name} = regexp_replace({name}, $pattern, '\1(erased)\2', 'g')" for name in columns)
    found = number(connection, f"select count(*) from {table} where {named}", {"pattern": pattern})
    # Of two names with one sign between them, the first takes it.
    for _ in range(2):
        connection.execute(f"update {table} set {changed} where {named}", {"pattern": pattern})
    return found


def named_elsewhere(connection: Connection, reviewer: str) -> dict[str, int]:
    """How many rows of the small tables still name a reviewer in a text; they are not about a reviewer, and stay."""
    found = {}
    for table in TABLES.values():
        texts = [quoted(column.name) for column in table.columns if column.kind == "text"]
        if table.name not in BESIDE and texts:
            sql = f"select count(*) from {table.name} where {_naming(*texts)}"
            found[table.name] = number(connection, sql, {"reviewer": reviewer})
    return {table: rows for table, rows in found.items() if rows}
