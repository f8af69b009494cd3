"""The rollups of reviews that are joined with other tables: with gold, and with what models said."""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Callable, Sequence

from data.store import Connection
from queries.changes import pick
from queries.counts import ORDER, merge

Roll = Callable[[Connection, str, Sequence[str]], None]
"""Makes rollups of some rows, aside."""


def merge_gold(connection: Connection, roll: Roll) -> None:
    """The reviews of gold items: those of touched items, and all of the items whose gold changed."""
    pick(connection, "newly_gold", "reviews_now", "from changed_gold")
    roll(connection, "(from after union from newly_gold)", ("coded",))
    connection.execute("drop table temp.multi_rated")
    roll(connection, "after", ("gold_reviews",))
    connection.execute(f"""
        delete from store.gold_reviews
        where sequence in (select sequence from before union all select sequence from removed_reviews);
        delete from store.gold_reviews where item_id in (select item_id from changed_gold);
        insert into store.gold_reviews by name from temp.gold_reviews order by {", ".join(ORDER["gold_reviews"])};
        create or replace table store.gold_then as from store.gold
    """)


def merge_model(connection: Connection, roll: Roll) -> None:
    """What people said where a model had: reviews that came or went with every answer, older ones with new answers."""
    connection.execute("create or replace temp view predictions as from added_predictions")
    roll(connection, "added_reviews", ("model_answers",))
    for name, rows in (("met", "added_reviews"), ("before_model_daily", "removed_reviews")):
        pick(connection, "answered", "predictions_now", f"from {rows}")
        _meet(connection, roll, name, rows, "answered")
    for name, answers in (("late", "added_predictions"), ("gone", "removed_predictions")):
        pick(connection, "earlier", "reviews_then", f"from {answers}")
        _meet(connection, roll, name, "earlier", answers)
    connection.execute("alter table temp.met rename to model_daily")
    connection.execute("insert into temp.model_daily from late; insert into before_model_daily from gone")
    merge(connection, "model_daily")


def _meet(connection: Connection, roll: Roll, name: str, rows: str, answers: str) -> None:
    connection.execute(f"create or replace temp view predictions as from {answers}")
    roll(connection, rows, ("coded", "model_daily"))
    connection.execute(f"drop table if exists temp.{name}; alter table temp.model_daily rename to {name}")
