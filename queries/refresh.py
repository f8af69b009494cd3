"""The rollups of a store, brought up to date by what changed since they were made.

A rollup is a function of the reviews of whole items, written once in `queries/rollups/`, and adds up over items. So
what a change does to it is the rollup of the touched items after the change minus that before it, and a rebuild is the
same with everything touched and nothing before.
"""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Sequence
from pathlib import Path

from data.parts import FRESH
from data.schema import number
from data.store import Connection, Writer, writing
from queries.changes import NEVER, find_changes, last_refresh
from queries.counts import COUNTS, ORDER, added_up, merge, text
from queries.joined import merge_gold, merge_model
from queries.numbering import NUMBERED, number_new

NUMBERS = ("cells", "reviewer_places", "label_places", "places_of_cells")
"""What stands for texts in coded reviews."""
BY_ITEM = (
    *("coded", "rated", "shared", "multi_rated", "item_words", "item_patterns", "shared_items"),
    *("of_periods", "patterns", "pairs", "daily", "reviewer_daily"),
)
"""The rollups of the reviews of items, in an order in which each may read those before it."""
TOTALS = ("weekly", "reviewer_weekly", "pair_totals")
"""The rollups of rollups."""
JOINED = ("gold_reviews", "model_answers", "model_daily")
"""The rollups that gold and the answers of models come into."""
STEPS = (*NUMBERS, *BY_ITEM, *TOTALS)
AT_ONCE = 20_000_000
"""How many reviews a rebuild takes together."""
KEPT = (*COUNTS, "multi_rated", "shared_items", "gold_reviews")
"""The tables that a refresh keeps in the store, beside the numbers of texts."""


def bring_up_to_date(workspace: str | Path) -> None:
    """Refresh the rollups of a workspace that was written to without them."""
    with writing(workspace) as writer:
        refresh(writer)
        writer.changed = True


def refresh(writer: Writer) -> None:
    """Bring the rollups of the store that is being written up to date; what did not change is not read."""
    connection = writer.connection
    since = last_refresh(connection)
    has_changes = find_changes(writer, since)
    if since == NEVER:
        _build(connection)
    elif has_changes:
        _refresh(connection)
    connection.execute(f"delete from rollups; insert into rollups values ({writer.generation}, true)")
    for view in ("touched", "gold", "predictions", "known_as_crowded"):
        connection.execute(f"drop view if exists temp.{view}")


def _refresh(connection: Connection) -> None:
    """The rollups of the touched items before the change leave, those after it come."""
    steps = (*BY_ITEM, *TOTALS)
    roll(connection, "added_reviews", NUMBERS)
    merge_model(connection, roll)
    roll(connection, "before", steps)
    for name in ("shared_items", *COUNTS):
        if name in steps:
            connection.execute(f"alter table temp.{name} rename to before_{name}")
    roll(connection, "after", steps, crowded="select item_id, item_key, item from touched_items where in_part")
    for name in set(steps) & set(COUNTS):
        merge(connection, name)
    _replace_rows(connection)
    merge_gold(connection, roll)
    for name in (*NUMBERS, *steps, *JOINED):
        connection.execute(f"drop table if exists temp.{name}; drop table if exists temp.before_{name}")


def _build(connection: Connection) -> None:
    """The rollups of all reviews, some at a time, so that memory is bounded."""
    held = "select cast(coalesce(sum(rows), 0) as bigint) from parts where table_name = 'reviews'"
    rows = number(connection, held) + number(connection, f"select count(*) from {FRESH}.reviews")
    pieces = max(1, -(-rows // AT_ONCE))
    roll(connection, "added_reviews", NUMBERS)
    kept = [name for name in (*BY_ITEM, *JOINED) if name in KEPT]
    for piece in range(pieces):
        mine = f"where item_key % {pieces} = {piece}" if pieces > 1 else ""
        connection.execute(f"create or replace temp view predictions as from predictions_now {mine}")
        roll(connection, f"(select * from added_reviews {mine})", (*BY_ITEM, *JOINED))
        for name in kept:
            connection.execute(f"alter table temp.{name} rename to {name}_{piece}")
    for name in kept:
        every = [f"temp.{name}_{piece}" for piece in range(pieces)]
        together = " union all ".join(f"from {table}" for table in every)
        sorted_rows = f"from ({together}) order by {', '.join(ORDER[name])}"
        query = added_up(name, every) if name in COUNTS and pieces > 1 else sorted_rows
        connection.execute(f"create or replace table store.{name} as {query}")
        connection.execute("; ".join(f"drop table {table}" for table in every))
    for name in TOTALS:
        connection.execute(f"create or replace table store.{name} as {text(name)} order by {', '.join(ORDER[name])}")
    connection.execute("create or replace table store.gold_then as from store.gold")


def roll(connection: Connection, rows: str, steps: Sequence[str], *, crowded: str | None = None) -> None:
    """The rollups of some rows, aside."""
    nothing = "select item_id, item_key, sequence as item from added_reviews where false"
    connection.execute("create or replace temp view gold as select *, hash(item_id) as item_key from store.gold")
    connection.execute(f"create or replace temp view touched as select * exclude (part) from {rows}")
    connection.execute(f"create or replace temp view known_as_crowded as {crowded or nothing}")
    for name in steps:
        if name in NUMBERED:
            number_new(connection, name)
        else:
            connection.execute(f"create or replace temp table {name} as {text(name)}")


def _replace_rows(connection: Connection) -> None:
    """The narrow rows of items with several reviews, and these items."""
    for name in ("multi_rated", "shared_items"):
        connection.execute(f"delete from store.{name} where item in (select item from before_shared_items)")
    connection.execute("""
        insert into store.multi_rated by name from temp.multi_rated;
        insert into store.shared_items by name from temp.shared_items
        where item not in (select item from known_as_crowded)
    """)
