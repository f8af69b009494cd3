"""What rollups are: the SQL of each, which of them are kept as counts, and how counts are added to those of a store."""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from data.store import Connection

_FOLDER = Path(__file__).parent / "rollups"

COUNTS = {
    "daily": ("reviews", "alone"),
    "weekly": ("reviews", "alone"),
    "reviewer_daily": ("reviews", "alone"),
    "reviewer_weekly": ("reviews", "alone"),
    "patterns": ("items",),
    "pairs": ("items",),
    "pair_totals": ("items",),
    "model_daily": ("reviews",),
}
"""The rollups that are kept as counts, and which of their columns count."""
ORDER = {
    "daily": ("day", "cell"),
    "weekly": ("day", "cell"),
    "reviewer_daily": ("day", "reviewer"),
    "reviewer_weekly": ("day", "reviewer"),
    "patterns": ("period", "first_day", "cell"),
    "pairs": ("first_day", "cell"),
    "pair_totals": ("reviewer_a", "reviewer_b"),
    "model_daily": ("day", "cell"),
    "gold_reviews": ("day", "item_id"),
    "multi_rated": ("is_whole", "first_day", "item"),
    "shared_items": ("item",),
}
"""How the tables are sorted, so that a question reads what it asks about. Counts are brought up to date by it."""


@cache
def text(name: str) -> str:
    """The SQL of a rollup."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def sums(name: str) -> str:
    """The columns that count, summed."""
    return ", ".join(f"cast(sum({measure}) as bigint) as {measure}" for measure in COUNTS[name])


def added_up(name: str, tables: Sequence[str]) -> str:
    """The query for the counts of several tables together, sorted; those that come to nothing are left out."""
    measures = ", ".join(COUNTS[name])
    every = " union all by name ".join(f"from {table}" for table in tables)
    kept = " or ".join(f"sum({measure}) <> 0" for measure in COUNTS[name])
    order = ", ".join(ORDER[name])
    return f"select * exclude ({measures}), {sums(name)} from ({every}) group by all having {kept} order by {order}"


def merge(connection: Connection, name: str) -> None:
    """Add counts to a rollup and take others away, where they touch it."""
    negated = ", ".join(f"-{measure} as {measure}" for measure in COUNTS[name])
    signed = (f"temp.{name}", f"(select * replace ({negated}) from before_{name})")
    connection.execute(f"create or replace temp table delta as {added_up(name, signed)}")
    connection.execute(f"create or replace temp table places as select distinct {', '.join(ORDER[name])} from delta")
    same = " and ".join(f"places.{key} is not distinct from held.{key}" for key in ORDER[name])
    touched = f"exists (select 1 from places where {same})"
    rest = f"(select * from store.{name} as held where {touched})"
    connection.execute(f"create or replace temp table merged as {added_up(name, (rest, 'delta'))}")
    connection.execute(f"delete from store.{name} as held where {touched}")
    connection.execute(f"insert into store.{name} by name from merged")
