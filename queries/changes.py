"""What has changed in a store since its rollups were made, as temporary tables that the refresh reads.

`added` and `removed` are rows; a row that was corrected is in both. `touched_items` are those of these rows, and
`before` and `after` the reviews of these items then and now. An item known as crowded that only got more reviews is in
part: its older reviews need not be read, because the rollups take the reviews of crowded items one by one.
"""

# ruff: noqa: S608 - tables and columns are ours

from data.parts import FRESH, rows_at
from data.schema import number
from data.store import Connection, Writer
from queries import remembered

_NARROW = """
    part, sequence, item_id, item_hash as item_key, reviewer_id, label, day, decided_at,
    queue, policy, market, language, stage, standard_version, has_repeats,
    coalesce(is_blind, true) and not coalesce(model_shown, false) as is_independent
"""
_COLUMNS = {
    "reviews": _NARROW,
    "predictions": "part, sequence, item_id, item_hash as item_key, model, model_version, label, score",
}
NEVER = -1
"""What the rollups were made at when there are none."""


def last_refresh(connection: Connection) -> int:
    """As of which generation the rollups are."""
    return number(connection, f"select coalesce(max(made_at), {NEVER}) from rollups")


def find_changes(writer: Writer, since: int) -> bool:
    """Whether reviews, predictions or gold changed after a generation; the temporary tables say how."""
    connection = writer.connection
    is_short = remembered.remember(connection)
    for table, columns in _COLUMNS.items():
        fresh = f"select *, {writer.generation} as part from {FRESH}.{table}"
        now = f"select {columns} from ({rows_at(connection, table)} union all by name {fresh})"
        then = f"select {columns} from ({rows_at(connection, table, since)})"
        if is_short and table == "reviews":
            then += " union all by name from remembered"
            now += " union all by name from remembered where sequence not in " + remembered.ERASED
        connection.execute(f"create or replace temp view {table}_now as {now}")
        connection.execute(f"create or replace temp view {table}_then as {then}")
        _find_rows(connection, table, since)
    _find_gold(connection)
    _find_items(connection, since, is_short=is_short)
    counts = ("added_reviews", "removed_reviews", "added_predictions", "removed_predictions", "changed_gold")
    return any(number(connection, f"select count(*) from (from {name} limit 1)") for name in counts)


def _find_rows(connection: Connection, table: str, since: int) -> None:
    """The first time everything is added, and is read where it stands."""
    kind = "view" if since == NEVER else "table"
    for other in ("view", "table"):
        if other != kind:
            connection.execute(f"drop {other} if exists temp.added_{table}")
    connection.execute(f"create or replace temp {kind} added_{table} as from {table}_now where part > {since}")
    connection.execute(f"""
        create or replace temp table removed_{table} as
        select earlier.* from {table}_then as earlier inner join superseded
        on superseded.part = earlier.part and superseded.sequence = earlier.sequence
        where superseded.table_name = '{table}' and superseded.generation > {since}
    """)


def _find_items(connection: Connection, since: int, *, is_short: bool) -> None:
    if since == NEVER:
        connection.execute("""
            create or replace temp table touched_items (item_id varchar, item_key ubigint, item bigint, in_part bool);
            create or replace temp table before as from removed_reviews;
            create or replace temp view after as from added_reviews
        """)
        return
    connection.execute(_TOUCHED)
    if is_short:
        remembered.separate(connection)
    pick(connection, "before", "reviews_then", "from touched_items where not in_part")
    connection.execute(_AFTER)
    if is_short:
        remembered.mark(connection)


# A repeat changes what is told of the decision before it, so an item in which somebody repeats one is read whole.
_TOUCHED = """
    create or replace temp table touched_items as
    select
        changed.item_id, changed.item_key, any_value(crowded.item) as item,
        bool_and(changed.is_only_added) and count(crowded.item) > 0 as in_part
    from (
        select distinct item_id, item_key, not has_repeats as is_only_added from added_reviews
        union all
        select distinct item_id, item_key, false as is_only_added from removed_reviews
    ) as changed
    left join (from store.shared_items where is_crowded) as crowded on changed.item_id = crowded.item_id
    group by changed.item_id, changed.item_key
"""
_AFTER = """
    create or replace temp table after as
    select * from before where not exists (
        select 1 from removed_reviews as removed
        where removed.part = before.part and removed.sequence = before.sequence
    )
    union all
    from added_reviews
"""


def pick(connection: Connection, target: str, rows: str, items: str) -> None:
    """Put the rows of some items aside: found by their keys alone, and read where they lie together."""
    is_any = number(connection, f"select count(*) from (from ({items}) limit 1)")
    among = f"item_key in (select item_key from ({items}))" if is_any else "false"
    connection.execute(f"create or replace temp table places as select part, sequence from {rows} where {among}")
    ((first, last),) = connection.execute("select min(sequence), max(sequence) from places").fetchall()
    between = "false" if first is None else f"sequence between {first} and {last}"
    connection.execute(f"""
        create or replace temp table {target} as
        select * from {rows}
        where
            {between}
            and (part, sequence) in (select part, sequence from places)
            and (item_key, item_id) in (select item_key, item_id from ({items}))
    """)


def _find_gold(connection: Connection) -> None:
    """The items of which some gold came, changed or went."""
    connection.execute("create table if not exists store.gold_then as from store.gold limit 0")
    connection.execute("""
        create or replace temp table changed_gold as
        select distinct item_id, hash(item_id) as item_key
        from (
            (select * exclude (sequence) from store.gold except all select * exclude (sequence) from store.gold_then)
            union all
            (select * exclude (sequence) from store.gold_then except all select * exclude (sequence) from store.gold)
        )
    """)
