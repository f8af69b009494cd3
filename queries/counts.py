"""What rollups are: the SQL of each, which of them are kept as counts, and how counts are added to those of a store."""

# ruff: noqa: S608 - tables and columns are ours

from functools import cache
from pathlib import Path

from data.store import Connection

_FOLDER = Path(__file__).parent / "rollups"

COUNTS = {
    "daily": ("reviews", "timed_reviews", "alone"),
    "reviewer_daily": ("reviews", "timed_reviews", "alone"),
    "patterns": ("items",),
    "pairs": ("items",),
    "pair_totals": ("items",),
    "model_daily": ("reviews",),
}
"""The rollups that are kept as counts, and which of their columns count."""
ORDER = {
    "daily": "day",
    "reviewer_daily": "day",
    "patterns": "first_day",
    "pairs": "first_day",
    "model_daily": "day",
    "gold_reviews": "day",
}
"""How the tables are sorted, so that a question reads what it asks about. Counts are brought up to date by it."""


@cache
def text(name: str) -> str:
    """The SQL of a rollup."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def sums(name: str) -> str:
    """The columns that count, summed."""
    return ", ".join(f"cast(sum({measure}) as bigint) as {measure}" for measure in COUNTS[name])


def merge(connection: Connection, name: str) -> None:
    """Add counts to a rollup and take others away, in the days that they touch."""
    measures = COUNTS[name]
    negated = ", ".join(f"-{measure} as {measure}" for measure in measures)
    kept = " or ".join(f"sum({measure}) <> 0" for measure in measures)
    signed = f"select * from temp.{name} union all by name select * replace ({negated}) from before_{name}"
    day = ORDER.get(name)
    connection.execute(f"""
        create or replace temp table delta as
        select * exclude ({", ".join(measures)}), {sums(name)} from ({signed}) group by all having {kept}
    """)
    touched = f"exists (select 1 from days where days.day is not distinct from held.{day})" if day else "true"
    connection.execute(f"create or replace temp table days as select distinct {day or 'null'} as day from delta")
    connection.execute(f"""
        create or replace temp table merged as
        select * exclude ({", ".join(measures)}), {sums(name)}
        from (select * from store.{name} as held where {touched} union all by name select * from delta)
        group by all having {kept}
    """)
    connection.execute(f"delete from store.{name} as held where {touched}")
    connection.execute(f"insert into store.{name} by name from merged")
