"""The new rows of a big table, settled against those of older parts, which are never changed.

A row that is delivered again otherwise is written again, in its old place, and the old one is superseded. Rows of older
parts are compared by the hashes of their ids first, so that of most of them nothing else is read.
"""

# ruff: noqa: S608 - tables and columns are the contract's, and quoted

from collections.abc import Sequence

import duckdb

from data.contract import Table
from data.parts import look
from data.schema import BESIDE, number, quoted

# A version may have been looked up now, and not when the row came first.
_JUDGED_NOW = "old.standard_version is null and new.standard_version is not null"
_JUDGED = {'"standard_version"': "coalesce(old.standard_version, new.standard_version)"}
# Reviews that are equal in these are repeats of each other.
TRIPLE = ("item_id", "reviewer_id", "standard_version")


def revise(
    connection: duckdb.DuckDBPyConnection, table: Table, *, present: Sequence[str], before: int, generation: int
) -> int:
    """Drop the new rows that say nothing new; of those that correct an older one, keep what they lack; how many do.

    `before` is the place of the last row of older parts, `generation` the one that is written.
    """
    key = "review_hash" if table.name == "reviews" else "item_hash"
    same = " and ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in table.key)
    connection.execute(f"""
        create or replace temp table matched as
        select old.part, old.sequence as kept, new.sequence as dropped
        from held_{table.name} as old inner join {table.name} as new on old.{key} = new.{key} and {same}
        where new.sequence > {before}
    """)
    known = number(connection, "select count(*) from matched")
    revised = _write_again(connection, table, present, generation)
    if known:
        # A new row matches one old row at most, so equal numbers say that all of them do: a delivery once more.
        delivered = number(connection, f"select count(*) from {table.name} where sequence > {before}")
        once_more = "true" if known == delivered else "sequence in (select dropped from matched)"
        connection.execute(f"delete from {table.name} where sequence > {before} and {once_more}")
    return revised


def _write_again(connection: duckdb.DuckDBPyConnection, table: Table, present: Sequence[str], generation: int) -> int:
    changeable = [name for name in table.names if name in present and name not in table.key]
    differs = " or ".join(["false", *(f"old.{n} is distinct from new.{n}" for n in map(quoted, changeable))])
    values = _merged_values(table, [*table.key, *changeable], has_day="decided_at" in present)
    if table.name == "reviews" and "standard_version" not in present:
        differs, values = f"{differs} or {_JUDGED_NOW}", values | _JUDGED
    connection.execute(f"""
        create or replace temp table revised as
        select matched.part, {", ".join(f"{value} as {name}" for name, value in values.items())}
        from matched
        inner join held_{table.name} as old on old.part = matched.part and old.sequence = matched.kept
        inner join {table.name} as new on new.sequence = matched.dropped
        where {differs}
    """)
    if table.name == "reviews":
        connection.execute(f"""
            create or replace temp table left_behind as
            select held.item_hash, {", ".join(f"held.{name}" for name in TRIPLE)} from held_reviews as held
            inner join revised on revised.part = held.part and revised.sequence = held.sequence
        """)
    connection.execute(f"insert into {table.name} by name select * exclude (part) from revised")
    connection.execute(f"insert into superseded select '{table.name}', part, sequence, {generation} from revised")
    look(connection)
    return number(connection, "select count(*) from revised")


def _merged_values(table: Table, delivered: Sequence[str], *, has_day: bool) -> dict[str, str]:
    """What a corrected row says in each column: the new where there is one, in the place of the old."""
    kept = {quoted(name): f"old.{quoted(name)}" for name in table.names}
    new = {quoted(name): f"new.{quoted(name)}" for name in delivered}
    beside = {name: f"new.{name}" for name in BESIDE[table.name]}
    if "day" in beside and not has_day:
        beside["day"] = "old.day"
    return kept | new | {"sequence": "matched.kept"} | beside


def mark_repeats(connection: duckdb.DuckDBPyConnection, *, before: int, generation: int) -> None:
    """Set `has_repeats` where rows came, changed or left; rows of older parts that it changes are written again."""
    _find_repeats(connection, before)
    if not number(connection, "select count(*) from changed"):
        return
    connection.execute("""
        update reviews set has_repeats = changed.is_repeated
        from changed where changed.part is null and changed.sequence = reviews.sequence
    """)
    if not before:
        return
    connection.execute("""
        insert into reviews by name
        select held.* exclude (part) replace (changed.is_repeated as has_repeats)
        from held_reviews as held inner join changed
        on changed.part = held.part and changed.sequence = held.sequence
    """)
    connection.execute(
        f"insert into superseded select 'reviews', part, sequence, {generation} from changed where part is not null"
    )


def _find_repeats(connection: duckdb.DuckDBPyConnection, before: int) -> None:
    """The rows of which `has_repeats` is not true any more. Most rows share the hash of their triple with no other."""
    names = ", ".join(TRIPLE)
    triple = f"hash(item_hash, {', '.join(TRIPLE[1:])})"
    met = _met() if before else f"select part, sequence, has_repeats, item_hash, {names} from held_reviews where false"
    connection.execute(f"create or replace temp table met as {met}")
    connection.execute(f"""
        create or replace temp table crowded as
        select {triple} as triple from reviews group by triple having count(*) > 1
        union all
        select {triple} as triple from met
    """)
    connection.execute(f"""
        create or replace temp table changed as
        select part, sequence, count(*) over (partition by {names}) > 1 as is_repeated
        from (
            select cast(null as bigint) as part, sequence, has_repeats, {names} from reviews
            where {triple} in (select triple from crowded)
            union all
            select part, sequence, has_repeats, {names} from met
        )
        qualify has_repeats <> is_repeated
    """)


def _met() -> str:
    """The rows of older parts that are repeats of rows that came, or were of rows that changed."""
    names = ", ".join(TRIPLE)
    return f"""
        select held.part, held.sequence, held.has_repeats, held.item_hash, {", ".join(f"held.{n}" for n in TRIPLE)}
        from held_reviews as held
        inner join (
            select item_hash, {names} from reviews union select item_hash, {names} from left_behind
        ) as triples
        on
            triples.item_hash = held.item_hash and triples.item_id = held.item_id
            and triples.reviewer_id = held.reviewer_id
            and triples.standard_version is not distinct from held.standard_version
    """
