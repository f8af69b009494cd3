"""The rollups of reviews that are joined with other tables: with gold, and with what models said."""

# ruff: noqa: S608 - tables and columns are ours

from data.store import Connection
from queries.counts import ORDER, merge, text


def roll_gold(connection: Connection, *, is_first: bool) -> None:
    """The reviews of gold items: those of touched items, and all of the items whose gold changed."""
    connection.execute("create or replace temp view gold as select *, hash(item_id) as item_key from store.gold")
    changed = "select * from reviews_now where (item_key, item_id) in (select item_key, item_id from changed_gold)"
    rows = "added_reviews" if is_first else f"(select * from after union {changed})"
    connection.execute(f"create or replace temp view touched as select * exclude (part) from {rows}")
    order = f"order by {ORDER['gold_reviews']}"
    connection.execute(f"create or replace temp table answered as select * from ({text('gold_reviews')}) {order}")
    if is_first:
        connection.execute("create or replace table store.gold_reviews as from answered limit 0")
    connection.execute("""
        delete from store.gold_reviews
        where
            sequence in (select sequence from before union all select sequence from removed_reviews)
            or item_id in (select item_id from changed_gold);
        insert into store.gold_reviews by name from answered;
        create or replace table gold_then as from store.gold
    """)


def roll_model(connection: Connection, *, is_first: bool) -> None:
    """What people said where a model had: reviews that came or went with every answer, older ones with new answers."""
    if is_first:
        _meet(connection, "table store.model_daily", "added_reviews", "predictions_now")
        return
    _meet(connection, "temp table model_daily", "added_reviews", "predictions_now")
    _meet(connection, "temp table late", "reviews_then", "added_predictions")
    _meet(connection, "temp table before_model_daily", "removed_reviews", "predictions_now")
    _meet(connection, "temp table gone", "reviews_then", "removed_predictions")
    connection.execute("insert into temp.model_daily from late; insert into before_model_daily from gone")
    merge(connection, "model_daily")
    connection.execute("drop table temp.model_daily")


def _meet(connection: Connection, target: str, rows: str, answers: str) -> None:
    connection.execute(f"create or replace temp view touched as select * exclude (part) from {rows}")
    connection.execute(f"create or replace temp view predictions as from {answers}")
    connection.execute(f"create or replace {target} as {text('model_daily')} order by {ORDER['model_daily']}")
