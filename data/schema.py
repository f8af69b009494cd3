"""The tables of a store: the contract, what is kept beside it, and the records of loading."""

from typing import Any

import duckdb

from data.contract import SQL_TYPES, TABLES, Table
from data.errors import LogError

# Every row's place in the order of all deliveries; a corrected row keeps its place.
SEQUENCE = "sequence bigint not null"

# What the big tables, whose rows stand in parts beside the store, keep beside the contract. For `reviews`: the UTC day
# of the decision, and whether the same reviewer decided on the same item under the same standard in another row.
BESIDE: dict[str, dict[str, str]] = {
    "reviews": {
        "day": "date",
        "has_repeats": "boolean not null default false",
        "item_hash": "ubigint",
        "review_hash": "ubigint",
    },
    "predictions": {"item_hash": "ubigint"},
}

PARTS = """
create table if not exists parts (
    part bigint not null,
    table_name varchar not null,
    rows bigint not null,
    last_sequence bigint not null,
    hash_check ubigint not null
)
"""
# Rows of parts that no longer count, and the generation that put them aside.
SUPERSEDED = """
create table if not exists superseded (
    table_name varchar not null,
    part bigint not null,
    sequence bigint not null,
    generation bigint not null
)
"""
# Parts that another one has taken the place of, and the generation that did it.
RETIRED = "create table if not exists retired (part bigint not null, generation bigint not null)"

# From which day on there are rows: those of days before it were forgotten.
FORGOTTEN = "create table if not exists forgotten (before date not null)"

# When the forgotten reviews were decided that rollups still tell one by one.
FORGOTTEN_TIMES = "create table if not exists forgotten_times (sequence bigint not null, decided_at timestamp)"

LEDGER = """
create table if not exists loads (
    load_id bigint not null,
    table_name varchar not null,
    files varchar not null,
    digest varchar not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    rows_read bigint not null,
    inserted bigint not null,
    replaced bigint not null,
    unchanged bigint not null,
    quarantined bigint not null,
    declared_zone varchar not null,
    unmapped varchar not null,
    missing varchar not null,
    notes varchar not null
)
"""

QUARANTINE = """
create table if not exists quarantine (
    load_id bigint not null,
    table_name varchar not null,
    file varchar not null,
    line bigint not null,
    column_name varchar,
    reason varchar not null,
    raw varchar not null
)
"""

# How far each source has been read: `data/marks.py`.
MARKS = """
create table if not exists marks (
    table_name varchar not null,
    source varchar not null,
    query varchar not null,
    mark varchar not null,
    load_id bigint not null
)
"""

# As of which generation the rollups are, and whether nothing was written since.
ROLLUPS = """
create table if not exists rollups (made_at bigint not null, is_current boolean not null)
"""

# Where the reviews lie that this store holds only the rollups of.
ROLLED_FROM = "create table if not exists rolled_from (place varchar not null)"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def definition(table: Table, place: str = "") -> str:
    """The statement that creates a table of the contract, in its own name or in another place."""
    columns = [
        f"{quoted(column.name)} {SQL_TYPES[column.kind]}{' not null' if column.required else ''}"
        for column in table.columns
    ]
    columns.append(SEQUENCE)
    columns.extend(f"{name} {kind}" for name, kind in BESIDE.get(table.name, {}).items())
    return f"create table if not exists {place or table.name} ({', '.join(columns)})"


def row_columns(table: Table) -> dict[str, str]:
    """The columns of a row of a big table, quoted, with their types."""
    ours = {quoted(column.name): SQL_TYPES[column.kind] for column in table.columns}
    return ours | {"sequence": "bigint"} | {name: kind.split()[0] for name, kind in BESIDE[table.name].items()}


def definitions() -> tuple[str, ...]:
    """The statements that create an empty store."""
    small = (definition(table) for table in TABLES.values() if table.name not in BESIDE)
    parts = (PARTS, SUPERSEDED, RETIRED)
    return (*small, LEDGER, QUARANTINE, MARKS, *parts, FORGOTTEN, FORGOTTEN_TIMES, ROLLUPS, ROLLED_FROM)


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a store that an older Evenhand made the tables and optional columns that there are since."""
    connection.execute(";".join(definitions()))
    stored = set(connection.execute("select table_name, column_name from duckdb_columns()").fetchall())
    for table in TABLES.values():
        for column in table.columns:
            if table.name not in BESIDE and (table.name, column.name) not in stored:
                kind = SQL_TYPES[column.kind]
                connection.execute(f"alter table {table.name} add column {quoted(column.name)} {kind}")


def number(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None) -> int:
    """The one whole number that a statement answers."""
    ((answer,),) = connection.execute(sql, parameters).fetchall()
    return int(answer)


def rolled_from(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Where the reviews lie that a store holds only the rollups of; an older Evenhand had no table for it."""
    if not number(connection, "select count(*) from duckdb_tables() where table_name = 'rolled_from'"):
        return None
    place: str | None = connection.execute("select max(place) from rolled_from").fetchall()[0][0]
    return place


def outdate(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on the rollups tell of an older state; `LogError` where no reviews are to make newer ones from."""
    if place := rolled_from(connection):
        raise LogError(
            "This workspace was made by `evenhand rollup` and holds summaries without their reviews, so nothing in it "
            f"can be changed. Change the log at {place}, and roll it up into a new workspace."
        )
    connection.execute("update rollups set is_current = false")
