"""The appended rows of a load, settled against each other and against what was there.

A key keeps its last delivery, in the place of its first. Only rows that the load touches are read or written, but for
one pass over the keys.
"""

# ruff: noqa: S608 - tables and columns are the contract's, and quoted

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from data.contract import Table
from data.landing import content_id
from data.revising import mark_repeats, revise
from data.schema import BESIDE, number, quoted


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows that a load appended."""

    inserted: int
    replaced: int
    unchanged: int


def settle(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    *,
    present: Sequence[str],
    starts: Sequence[int],
    unnamed: int,
    generation: int,
) -> Settled:
    """Make every key unique again: the last delivery of a key wins over earlier ones, and keeps their place.

    `starts` holds, for every file of the load, the place of the last row before it; `unnamed` reviews came without an
    id, and `generation` is the one that is written. Columns that the load does not have keep their values.
    """
    before = starts[0]
    appended = number(connection, f"select count(*) from {table.name} where sequence > {before}")
    if unnamed:
        _number_identical(connection, table, present, starts)
    if unnamed < appended or len(starts) > 1:
        _drop_superseded(connection, table, before)
    replaced = 0
    if before and table.name in BESIDE:
        replaced = revise(connection, table, present=present, before=before, generation=generation)
    elif before:
        _match_old(connection, table, present, before)
        replaced = _replace_old(connection, table, present, before)
    inserted = number(connection, f"select count(*) from {table.name} where sequence > {before}")
    if table.name == "reviews" and inserted + replaced:
        mark_repeats(connection, before=before, generation=generation)
    return Settled(inserted, replaced, appended - inserted - replaced)


def _crowded(table: Table, columns: Sequence[str], before: int) -> str:
    """The hashes of what several new rows share; a hash can be shared by chance, so the rows are compared after it."""
    key = f"hash({', '.join(quoted(name) for name in columns)})"
    return f"{key} in (select {key} from {table.name} where sequence > {before} group by {key} having count(*) > 1)"


def _number_identical(
    connection: duckdb.DuckDBPyConnection, table: Table, present: Sequence[str], starts: Sequence[int]
) -> None:
    """The k-th of identical rows of a file without an id gets the ending -k.

    So a file gives the same ids under any name and in any company, and what two files share is loaded once.
    """
    before = starts[0]
    file = f"len(list_filter({list(starts)}, lambda start: start < sequence))"
    # The version of a review that named none may have been looked up.
    named = (content_id(table, [n for n in present if n not in left_out]) for left_out in ((), ("standard_version",)))
    derived = f"review_id in ({', '.join(named)})" if "review_id" in present else "true"
    connection.execute(f"""
        update reviews set
            review_id = review_id || '-' || identical.place, review_hash = hash(review_id || '-' || identical.place)
        from (
            select sequence, row_number() over (partition by review_id, {file} order by sequence) as place
            from reviews
            where sequence > {before} and {_crowded(table, ("review_id",), before)} and {derived}
        ) as identical
        where reviews.sequence = identical.sequence and identical.place > 1
    """)


def _drop_superseded(connection: duckdb.DuckDBPyConnection, table: Table, before: int) -> None:
    key = ", ".join(quoted(name) for name in table.key)
    connection.execute(f"""
        delete from {table.name} where sequence in (
            select sequence from (
                select sequence, row_number() over (partition by {key} order by sequence desc) as place
                from {table.name}
                where sequence > {before} and {_crowded(table, table.key, before)}
            ) where place > 1
        )
    """)


def _match_old(connection: duckdb.DuckDBPyConnection, table: Table, present: Sequence[str], before: int) -> None:
    same_key = " and ".join(f"old.{quoted(name)} is not distinct from new.{quoted(name)}" for name in table.key)
    differs = " or ".join(
        ["false", *(f"old.{name} is distinct from new.{name}" for name in map(quoted, _changeable(table, present)))]
    )
    connection.execute(f"""
        create or replace temp table matched as
        select old.sequence as kept, new.sequence as dropped, {differs} as differs
        from {table.name} as old inner join {table.name} as new on {same_key}
        where old.sequence <= {before} and new.sequence > {before}
    """)


def _changeable(table: Table, present: Sequence[str]) -> list[str]:
    return [name for name in table.names if name in present and name not in table.key]


def _replace_old(connection: duckdb.DuckDBPyConnection, table: Table, present: Sequence[str], before: int) -> int:
    replaced = number(connection, "select count(*) from matched where differs")
    if replaced:
        names = [quoted(name) for name in _changeable(table, present)]
        connection.execute(f"""
            update {table.name} set {", ".join(f"{name} = delivered.{name}" for name in names)}
            from (
                select matched.kept, new.* from matched inner join {table.name} as new on new.sequence = matched.dropped
                where matched.differs
            ) as delivered
            where {table.name}.sequence = delivered.kept
        """)
    # A row that is new matches one old row at most, so equal numbers say that all of them do: a delivery once more.
    delivered = number(connection, f"select count(*) from {table.name} where sequence > {before}")
    known = number(connection, "select count(*) from matched")
    matched = f"sequence > {before}" if known == delivered else "sequence in (select dropped from matched)"
    connection.execute(f"delete from {table.name} where {matched}")
    return replaced
