"""Rows of older parts into the part that is being written, which takes their place.

The rollups of the store must be as of the generation that is written: which rows came and left since an older one
cannot be told after a merge.
"""

# ruff: noqa: S608 - tables and columns are ours

from collections.abc import Collection, Mapping

from data.contract import TABLES
from data.parts import FRESH, STORE, catalogue, listed, rows_at
from data.schema import BESIDE, number, row_columns
from data.store import Connection, Writer

DAYS_AT_ONCE = 7
"""Rows are sorted so many days at a time, because a sort of all of them would need a disk of its own."""


def merge(
    writer: Writer, old: Collection[int], *, keep: Mapping[str, str] | None = None, in_order: bool = False
) -> None:
    """Write the rows of old parts again that count, and of a table only those to `keep`; the old parts retire.

    `in_order`: reviews by day, so that a question about days reads little else.
    """
    if not old:
        return
    connection, places = writer.connection, list(old)
    if not number(connection, f"select count(*) from rollups where made_at = {writer.generation}"):
        raise ValueError("parts are merged after the rollups were brought up to date")
    for table in BESIDE:
        # A part for a load has the columns of that load.
        for name, kind in row_columns(TABLES[table]).items():
            connection.execute(f"alter table {FRESH}.{table} add column if not exists {name} {kind}")
        kept = (keep or {}).get(table, "true")
        rows = f"select * exclude (part) from ({rows_at(connection, table, only=old)}) where {kept}"
        for span in _spans(connection, rows) if in_order and table == "reviews" else [f"from ({rows})"]:
            connection.execute(f"insert into {FRESH}.{table} by name {span}")
    connection.execute(f"""
        insert into {STORE}.parts
        select {writer.generation}, table_name, 0, max(last_sequence), hash('evenhand')
        from {STORE}.parts where list_contains({places}, part) group by table_name;
        delete from {STORE}.parts where list_contains({places}, part);
        delete from {STORE}.superseded where list_contains({places}, part);
        delete from {STORE}.retired;
        insert into {STORE}.retired select unnest({places}), {writer.generation}
    """)


def merge_small(writer: Writer) -> None:
    """Merge the newest parts as long as they have less than twice the rows of those after them.

    So a part has at least twice the rows of all after it, of which there are few, and a row is seldom written again.
    """
    connection = writer.connection
    sizes = connection.execute(f"select sum(rows), part from {STORE}.parts group by part order by part desc").fetchall()
    rows = sum(number(connection, f"select count(*) from {FRESH}.{table}") for table in BESIDE)
    small = []
    for held, part in sizes:
        if held >= 2 * rows:
            break
        rows += held
        small.append(part)
    if small:
        merge(writer, small)


def holding(connection: Connection, conditions: Mapping[str, str]) -> list[int]:
    """The parts in which a row stands that meets the condition for its table, whether it counts or not."""
    return [
        part
        for part in listed(connection)
        if any(
            number(connection, f"select count(*) from (from {catalogue(part)}.{table} where {condition} limit 1)")
            for table, condition in conditions.items()
        )
    ]


def _spans(connection: Connection, rows: str) -> list[str]:
    """The rows some days at a time, in their order."""
    first, last = connection.execute(f"select min(day), max(day) from ({rows})").fetchall()[0]
    order = "order by day, sequence"
    spans = [f"from ({rows}) where day is null order by sequence"]
    if first is not None:
        starts = [f"date '{first}' + {place}" for place in range(0, (last - first).days + 1, DAYS_AT_ONCE)]
        spans += [f"from ({rows}) where day >= {each} and day < {each} + {DAYS_AT_ONCE} {order}" for each in starts]
    return spans
