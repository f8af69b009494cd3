"""The rollups of a store, brought up to date by what changed since they were made.

A rollup is a function of the reviews of whole items, written once in `queries/rollups/`, and adds up over items. So
what a change does to it is the rollup of the touched items after the change minus that before it, and a rebuild is the
same with everything touched and nothing before.
"""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Sequence
from pathlib import Path

from data.schema import number
from data.store import Connection, Writer, writing
from queries.changes import NEVER, find_changes, last_refresh
from queries.counts import COUNTS, ORDER, merge, sums, text
from queries.joined import roll_gold, roll_model

BY_ITEM = (
    *("label_codes", "rated", "multi_rated"),
    *("item_words", "item_patterns", "of_periods", "patterns", "pairs"),
)
STEPS = (*BY_ITEM, "shared_items", "daily", "reviewer_daily", "pair_totals")
"""The rollups of the reviews of items, in an order in which each may read those before it."""
AT_ONCE = 10_000_000
"""How many reviews a rebuild takes together, where it looks at items."""
KEPT = (*COUNTS, "multi_rated", "gold_reviews", "crowded_items")
"""The tables that a refresh keeps in the store."""


def bring_up_to_date(workspace: str | Path) -> None:
    """Refresh the rollups of a workspace that was written to without them."""
    with writing(workspace) as writer:
        refresh(writer)
        writer.changed = True


def refresh(writer: Writer) -> None:
    """Bring the rollups of the store that is being written up to date; what did not change is not read."""
    connection = writer.connection
    since = last_refresh(connection)
    is_first = since == NEVER
    if find_changes(writer, since) or is_first:
        roll_model(connection, is_first=is_first)
        _roll_items(connection, is_first=is_first)
        roll_gold(connection, is_first=is_first)
    connection.execute(f"delete from rollups; insert into rollups values ({writer.generation}, hash('evenhand'), true)")
    for view in ("touched", "gold", "predictions", "known_as_crowded"):
        connection.execute(f"drop view if exists temp.{view}")


def _roll_items(connection: Connection, *, is_first: bool) -> None:
    """The rollups of reviews: those of the touched items before the change leave, those after it come."""
    _place_labels(connection)
    if is_first:
        _build(connection)
    else:
        _roll(connection, "before", STEPS)
        for name in set(STEPS) & set(COUNTS):
            connection.execute(f"create or replace temp table before_{name} as from temp.{name}")
        _roll(connection, "after", STEPS, crowded="select item_id, item_key from touched_items where in_part")
        for name in set(STEPS) & set(COUNTS):
            merge(connection, name)
        _replace_rows(connection)
    connection.execute("""
        create table if not exists store.crowded_items (item_id varchar, item_key ubigint);
        insert into store.crowded_items
        select distinct item_id, item_key from multi_rated where is_crowded
        except select item_id, item_key from store.crowded_items
    """)
    for name in STEPS:
        connection.execute(f"drop table if exists temp.{name}; drop table if exists temp.before_{name}")


def _build(connection: Connection) -> None:
    """The rollups of all reviews: what items amount to, some at a time, so that memory is bounded; then the rest."""
    pieces = max(1, -(-number(connection, "select count(*) from added_reviews") // AT_ONCE))
    kept = [name for name in BY_ITEM if name in KEPT]
    for piece in range(pieces):
        _roll(connection, f"(select * from added_reviews where item_key % {pieces} = {piece})", BY_ITEM)
        for name in kept:
            if piece == 0:
                connection.execute(f"create or replace table store.{name} as from temp.{name} limit 0")
            connection.execute(f"insert into store.{name} from temp.{name}; drop table temp.{name}")
    for name in set(kept) & set(COUNTS):
        keys = f"* exclude ({', '.join(COUNTS[name])})"
        ordered = f"select {keys}, {sums(name)} from store.{name} group by all order by {ORDER[name]}"
        connection.execute(f"create or replace table store.{name} as {ordered}")
    _roll(connection, "added_reviews", [name for name in STEPS if name not in BY_ITEM])
    for name in set(KEPT) & set(STEPS) - set(kept):
        order = f"order by {ORDER[name]}" if name in ORDER else ""
        connection.execute(f"create or replace table store.{name} as from temp.{name} {order}")


def _place_labels(connection: Connection) -> None:
    """A label keeps its place for ever, so that an item is counted whole now if it was before."""
    connection.execute("create table if not exists store.label_places (label varchar, place bigint)")
    new = "select * from added_reviews where label not in (select label from store.label_places)"
    connection.execute(f"create or replace temp view touched as {new}")
    placed = "(select count(*) from store.label_places)"
    connection.execute(f"insert into store.label_places select label, {placed} + place from ({text('label_places')})")


def _roll(connection: Connection, rows: str, steps: Sequence[str], *, crowded: str | None = None) -> None:
    """The rollups of some rows, aside."""
    nothing = "select item_id, item_key from added_reviews where false"
    connection.execute(f"create or replace temp view touched as select * exclude (part) from {rows}")
    connection.execute(f"create or replace temp view known_as_crowded as {crowded or nothing}")
    for name in steps:
        connection.execute(f"create or replace temp table {name} as {text(name)}")


def _replace_rows(connection: Connection) -> None:
    """The narrow rows of items with several reviews, and which items are crowded."""
    for name in ("multi_rated", "crowded_items"):
        connection.execute(f"""
            delete from store.{name} as held where exists (
                select 1 from touched_items as touched
                where
                    not touched.in_part
                    and touched.item_key = held.item_key and touched.item_id = held.item_id
            )
        """)
    connection.execute("insert into store.multi_rated by name from temp.multi_rated")
