"""The rollups of a log, made by the engine that reads it where it lies, and a workspace that holds only them."""

# ruff: noqa: S608 - tables are ours

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from data.contract import TABLES
from data.making import making
from data.schema import BESIDE, literal
from data.settings import Settings
from data.store import Connection, writing
from queries.counts import ORDER, text
from queries.numbering import NUMBERED
from queries.refresh import JOINED, KEPT, STEPS, refresh

_READ = {
    "touched": """
        select
            sequence, item_id, item_id as item_key, reviewer_id, label, day, decided_at,
            queue, policy, market, language, stage, standard_version, has_repeats,
            coalesce(is_blind, true) and not coalesce(model_shown, false) as is_independent
        from reviews
    """,
    "known_as_crowded": "select item_id, item_id as item_key, sequence as item from reviews where false",
    "gold": "select *, item_id as item_key from gold",
    "predictions": "select *, item_id as item_key from predictions",
}
"""What the rollups read: every review counts as touched, and an item is its own key."""


class Defining(Protocol):
    """An engine that can give the rows of a query a name."""

    def define(self, name: str, sql: str) -> None:
        """Let queries read the rows of this one under a name."""
        ...


class Rolling(Defining, Protocol):
    """An engine that can also hand over what it made."""

    def pieces(self, name: str) -> Iterable[pa.Table]:
        """The rows under a name, some after the other."""
        ...


def roll(engine: Defining) -> None:
    """Let queries read the rollups of the engine's log, each under its name."""
    for name, sql in _READ.items():
        engine.define(name, sql)
    for name in (*STEPS, *JOINED):
        engine.define(name, text(name))


def create_rolled(engine: Rolling, workspace: str | Path, *, place: str, settings: Settings) -> None:
    """Make a workspace that holds the rollups of the engine's log and its small tables, but not its reviews.

    `place` is where these lie. After an error or a kill there is no workspace.
    """
    with making(workspace, settings=settings) as draft, writing(draft) as writer:
        # The rollups of no reviews are tables of the right columns, and current.
        refresh(writer)
        for name in TABLES.keys() - BESIDE.keys():
            _keep(writer.connection, engine, name)
        roll(engine)
        for name in (*NUMBERED, *KEPT):
            _keep(writer.connection, engine, name)
        writer.connection.execute(
            f"insert into store.gold_then from store.gold; insert into rolled_from values ({literal(place)})"
        )
        writer.changed = True


def _keep(connection: Connection, engine: Rolling, name: str) -> None:
    """Put the rows that an engine knows by a name into the table of that name, sorted as it is there."""
    connection.execute(f"create or replace temp table pulled as from store.{name}")
    for piece in engine.pieces(name):
        connection.register("piece", piece)
        connection.execute("insert into pulled by name from piece")
        connection.unregister("piece")
    order = f"order by {', '.join(ORDER[name])}" if name in ORDER else ""
    connection.execute(f"insert into store.{name} from pulled {order}; drop table pulled")
