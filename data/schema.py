"""The tables of a store: the contract, what is kept beside it, and the records of loading."""

from typing import Any

import duckdb

from data.contract import SQL_TYPES, TABLES, Table

# Every row's place in the order of all deliveries; a corrected row keeps its place.
SEQUENCE = "sequence bigint not null"

# What `reviews` keeps beside the contract: the UTC day of the decision, and whether the same reviewer decided on the
# same item under the same standard in another row.
REVIEWS_BESIDE = ("day date", "has_repeats boolean not null default false")

LEDGER = """
create table loads (
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
create table quarantine (
    load_id bigint not null,
    table_name varchar not null,
    file varchar not null,
    line bigint not null,
    column_name varchar,
    reason varchar not null,
    raw varchar not null
)
"""


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def definition(table: Table) -> str:
    """The statement that creates a table of the contract."""
    columns = [
        f"{quoted(column.name)} {SQL_TYPES[column.kind]}{' not null' if column.required else ''}"
        for column in table.columns
    ]
    columns.append(SEQUENCE)
    if table.name == "reviews":
        columns.extend(REVIEWS_BESIDE)
    return f"create table {table.name} ({', '.join(columns)})"


def definitions() -> tuple[str, ...]:
    """The statements that create an empty store."""
    return (*(definition(table) for table in TABLES.values()), LEDGER, QUARANTINE)


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a store that an older Evenhand made the optional columns that the contract has got since."""
    stored = set(connection.execute("select table_name, column_name from information_schema.columns").fetchall())
    for table in TABLES.values():
        for column in table.columns:
            if (table.name, column.name) not in stored:
                kind = SQL_TYPES[column.kind]
                connection.execute(f"alter table {table.name} add column {quoted(column.name)} {kind}")


def number(connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None) -> int:
    """The one whole number that a statement answers."""
    ((answer,),) = connection.execute(sql, parameters).fetchall()
    return int(answer)
