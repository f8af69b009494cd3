"""What is done to a workspace as a whole: its files packed, old rows forgotten, one reviewer erased.

Each brings the rollups up to date first, because afterwards it can no longer be told what changed; each is published at
once or not at all, and leaves no older generation behind.
"""

# ruff: noqa: S608 - tables and columns are ours

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from data.erasing import erase_rows, named_elsewhere
from data.errors import LogError
from data.merging import holding, merge, merge_small
from data.parts import listed
from data.schema import literal, number
from data.store import Connection, Writer, writing
from data.unnoting import erase_notes
from queries import remembered
from queries.counts import ORDER
from queries.refresh import refresh

_TOLD_ONE_BY_ONE = "(select sequence from multi_rated union all select sequence from gold_reviews)"


@dataclass(frozen=True, slots=True)
class Packed:
    """How a workspace was packed: its files of rows and its bytes on disk, before and after."""

    parts: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of before a day left."""

    before: dt.date
    reviews: int
    predictions: int


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows left each table, and how many of other tables still name the reviewer.

    `counted_before`: before that day, whose rows had been forgotten, totals still count what the reviewer did.
    """

    reviewer: str
    rows: dict[str, int]
    named_in: dict[str, int]
    counted_before: dt.date | None


def keep_up(writer: Writer) -> None:
    """What follows a load: rollups up to date, and few parts."""
    refresh(writer)
    merge_small(writer)


def compact(workspace: str | Path) -> Packed:
    """Pack a workspace: all rows in one file without those that no longer count, sorted tables, no unused space."""
    before = _size(Path(workspace))
    with writing(workspace) as writer:
        refresh(writer)
        old = listed(writer.connection)
        merge(writer, old, in_order=True)
        for name, order in ORDER.items():
            rows = f"from store.{name} order by {', '.join(order)}"
            writer.connection.execute(f"create or replace table store.{name} as {rows}")
        writer.changed = writer.thorough = True
    return Packed(len(old), before, _size(Path(workspace)))


def forget(workspace: str | Path, before: dt.date) -> Forgotten:
    """Let the rows of before a day go: reviews, and the answers of models on items that have no later review.

    The rollups stay as they are.
    """
    if before > dt.datetime.now(dt.UTC).date():
        raise LogError(f"{before} lies in the future: only rows of days that are over can be forgotten.")
    with writing(workspace) as writer:
        connection = writer.connection
        refresh(writer)
        old = _old(connection, before)
        held = ("reviews", "predictions")
        counts = [number(connection, f"select count(*) from held_{name} where {old[name]}") for name in held]
        if not any(counts):
            return Forgotten(before, 0, 0)
        connection.execute(f"""
            insert into forgotten_times select sequence, decided_at from held_reviews
            where {old["reviews"]} and sequence in (from {_TOLD_ONE_BY_ONE})
        """)
        keep = {name: f"({condition}) is not true" for name, condition in old.items()}
        merge(writer, holding(connection, old), keep=keep)
        connection.execute("create or replace temp table known as from forgotten; delete from forgotten")
        connection.execute(
            f"insert into forgotten select max(before) from (from known union all select date '{before}' as before)"
        )
        writer.changed = writer.thorough = True
    return Forgotten(before, *counts)


def _old(connection: Connection, before: dt.date) -> dict[str, str]:
    """The condition for the rows of each table that go."""
    connection.execute(f"""
        create or replace temp table still_reviewed as
        select distinct item_hash from held_predictions
        where scored_at < '{before}' and item_hash in (
            select item_hash from held_reviews where day is null or day >= '{before}'
        )
    """)
    return {
        "reviews": f"day < '{before}'",
        "predictions": f"scored_at < '{before}' and item_hash not in (select item_hash from still_reviewed)",
    }


def erase(workspace: str | Path, reviewer: str) -> Erased:
    """Remove a reviewer from a workspace: all that they did, from tables, rollups and files, and from the journal."""
    with writing(workspace) as writer:
        connection = writer.connection
        rows = erase_rows(writer, reviewer)
        if remembered.remember(connection):
            connection.execute(f"""
                insert into superseded select 'reviews', {remembered.PART}, sequence, {writer.generation}
                from remembered where reviewer_id = {literal(reviewer)}
            """)
        refresh(writer)
        connection.execute(f"""
            delete from forgotten_times where sequence in {remembered.ERASED};
            delete from superseded where part = {remembered.PART}
        """)
        is_theirs = f"reviewer_id = {literal(reviewer)}"
        old = holding(connection, {"reviews": is_theirs})
        merge(writer, old)
        counted = _erase_counts(connection, is_theirs)
        writer.thorough, writer.changed = True, bool(old or counted or any(rows.values()))
        ((since,),) = connection.execute("select max(before) from forgotten").fetchall()
        erased = Erased(reviewer, rows, named_elsewhere(connection, reviewer), since if writer.changed else None)
    return replace(erased, rows=rows | erase_notes(workspace, reviewer))


def _erase_counts(connection: Connection, is_theirs: str) -> int:
    """Remove what a reviewer did on days whose rows were forgotten, and their number; how many counts that were."""
    place = f"(select place from reviewer_places where {is_theirs})"
    counted = number(connection, f"delete from reviewer_daily where reviewer = {place}")
    connection.execute(f"delete from reviewer_weekly where reviewer = {place}")
    connection.execute(f"delete from reviewer_places where {is_theirs}")
    return counted


def _size(root: Path) -> int:
    return sum(entry.stat().st_size for entry in root.iterdir() if entry.is_file())
