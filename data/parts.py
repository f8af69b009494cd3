"""The rows of the big tables: immutable files beside the store, so that a load copies none of the rows before it.

Every load that brings reviews or predictions leaves one part, `rows-<n>.duckdb`. A row of an older part that a later
delivery corrects is superseded: it stays in its file, and the views of `reviews` and `predictions` leave it out.
"""

# ruff: noqa: S608 - tables and columns are the contract's, and quoted

import contextlib
from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from data.contract import TABLES
from data.schema import BESIDE, definition, definitions, literal, number, row_columns
from data.sync import sync

FRESH = "fresh"
"""The catalogue of the part that a writer fills."""
STORE = "store"
"""The catalogue of the store that a writer or a reader has open."""
HASHES: Mapping[str, Mapping[str, str]] = {
    "reviews": {"item_hash": "item_id", "review_hash": "review_id"},
    "predictions": {"item_hash": "item_id"},
}
"""Which columns hold the hash of which text: comparing numbers is six times as fast as comparing ids."""

HEADERS = 3 * 4096
"""What stands in a file of DuckDB before its blocks."""
_CHECK = "select hash('evenhand')"


def part_name(part: int) -> str:
    """The file that holds a part."""
    return f"rows-{part}.duckdb"


def catalogue(part: int) -> str:
    """What a part is called where it is attached."""
    return f"rows_{part}"


def listed(connection: duckdb.DuckDBPyConnection) -> tuple[int, ...]:
    """The parts that a store consists of; none in a store that an older Evenhand made."""
    tables = f"select count(*) from duckdb_tables() where database_name = '{STORE}' and table_name = 'parts'"
    if not number(connection, tables):
        return ()
    found = connection.execute(f"select distinct part from {STORE}.parts order by part").fetchall()
    return tuple(part for (part,) in found)


def attach(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Open the parts of the store for reading; `duckdb.Error` where one is missing or damaged."""
    for part in listed(connection):
        path = literal(str(root / part_name(part)))
        connection.execute(f"attach if not exists {path} as {catalogue(part)} (read_only)")
    _check_whole(connection)


def _check_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Whether every file has room for what it says that it holds, which it has not after a copy that broke off."""
    sizes = connection.execute("""
        select path, block_size * used_blocks
        from pragma_database_size() inner join duckdb_databases() using (database_name)
        where path is not null
    """)
    for path, size in sizes.fetchall():
        # A file that is gone by now was whole when it was opened.
        with contextlib.suppress(FileNotFoundError):
            if Path(path).stat().st_size < HEADERS + size:
                raise duckdb.IOException(f"{path} is too short")


def begin(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
    """Open a new part for writing. Its tables go before those of the store, so that `reviews` means the new rows."""
    _open(connection, draft)
    connection.execute(f"set search_path = '{FRESH}.main,{STORE}.main'")
    look(connection)


def look(connection: duckdb.DuckDBPyConnection) -> None:
    """Have `held_reviews` and `held_predictions` mean the rows of older parts that count now."""
    for table in BESIDE:
        connection.execute(f"create or replace temp view held_{table} as {rows_at(connection, table)}")


def finish(connection: duckdb.DuckDBPyConnection, draft: Path, root: Path, part: int, *, keep: bool = True) -> None:
    """Give the new part its name, if it holds rows to keep, and have the views of the store say what counts now."""
    for table in BESIDE:
        # No later row takes the place of one that was here, so the newest place outlives its row.
        connection.execute(f"""
            create or replace temp table entry as
            select count(*), greatest(max(sequence), (
                select max(last_sequence) from {STORE}.parts where part = {part} and table_name = '{table}'
            )) as last_sequence
            from {FRESH}.{table};
            delete from {STORE}.parts where part = {part} and table_name = '{table}';
            insert into {STORE}.parts
            select {part}, '{table}', *, hash('evenhand') from entry where last_sequence is not null
        """)
    connection.execute(f"set search_path = '{STORE}.main'")
    connection.execute(f"detach {FRESH}")
    if keep and part in listed(connection):
        sync(draft)
        draft.replace(root / part_name(part))
        attach(connection, root)
    if keep:
        define_views(connection)


def adopt(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Put the rows of a store that an older Evenhand made, where they stood in tables of the store, into a part."""
    tables = connection.execute(f"select table_name from duckdb_tables() where database_name = '{STORE}'").fetchall()
    if ("reviews",) not in tables:
        return
    connection.execute(";".join(definitions()))
    draft = root / f"{part_name(0)}.tmp"
    _open(connection, draft)
    for table in BESIDE:
        connection.execute(f"insert into {FRESH}.{table} by name select *, {_hashes(table)} from {STORE}.{table}")
        connection.execute(f"drop table {STORE}.{table}")
    finish(connection, draft, root, 0)


def define_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Have the store's `reviews` and `predictions` mean the rows of all parts that count."""
    for table in BESIDE:
        connection.execute(f"create or replace view {STORE}.{table} as {rows_at(connection, table)}")


def _open(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
    draft.unlink(missing_ok=True)
    connection.execute(f"attach {literal(str(draft))} as {FRESH}")
    for table in BESIDE:
        connection.execute(definition(TABLES[table], f"{FRESH}.{table}"))


def last_sequence(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """The place of the newest row in any part."""
    return number(connection, f"select coalesce(max(last_sequence), 0) from {STORE}.parts where table_name = '{table}'")


def clear(connection: duckdb.DuckDBPyConnection, root: Path, generation: int) -> None:
    """Remove the files that neither this generation nor the one before it reads."""
    retired = connection.execute(f"select part from {STORE}.retired where generation >= {generation}").fetchall()
    keep = {part_name(part) for part in (*listed(connection), *(part for (part,) in retired))}
    for entry in root.glob("rows-*"):
        if entry.name not in keep:
            with contextlib.suppress(FileNotFoundError):
                entry.unlink()


def rows_at(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    generation: int | None = None,
    *,
    only: Collection[int] | None = None,
) -> str:
    """The SQL of the rows that counted at a generation, or that count now, with the `part` that each stands in.

    Of all parts, or `only` of some.
    """
    told = connection.execute(f"select distinct part from {STORE}.superseded where table_name = '{table}'").fetchall()
    held = connection.execute(
        f"select part, hash_check from {STORE}.parts where table_name = '{table}' order by part"
    ).fetchall()
    check = number(connection, _CHECK)
    selects = [_no_rows(table)]
    for part, made_with in held:
        if (generation is not None and part > generation) or (only is not None and part not in only):
            continue
        # Another version of DuckDB may hash texts to other numbers.
        hashes = "" if made_with == check else f" replace ({_hashes(table)})"
        without = _without(table, part, generation) if (part,) in told else ""
        rows = f"{catalogue(part)}.{table} as held"
        selects.append(f"select *{hashes}, cast({part} as bigint) as part from {rows}{without}")
    return " union all by name ".join(selects)


def _without(table: str, part: int, generation: int | None) -> str:
    """The condition that leaves out what was superseded in a part, until a generation or until now."""
    shown = "" if generation is None else f" and superseded.generation <= {generation}"
    return (
        f" where not exists (select 1 from {STORE}.superseded where superseded.table_name = '{table}' "
        f"and superseded.part = {part} and superseded.sequence = held.sequence{shown})"
    )


def _no_rows(table: str) -> str:
    """Whatever the parts hold, there are all columns of the contract."""
    empty = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in row_columns(TABLES[table]).items())
    return f"select {empty}, cast(null as bigint) as part where false"


def _hashes(table: str) -> str:
    return ", ".join(f"hash({text}) as {name}" for name, text in HASHES[table].items())
