"""Spark as an engine: the same questions, answered where the rows lie.

The tables are views over Parquet files in the shape of the contract, and look to a query like those of the store: a key
that was delivered more than once counts once, as it was delivered last. Nothing is cleaned. What Spark cannot read as
the contract's types, or a row without a required value, ends the query with a message.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa

from data.contract import SQL_TYPES, TABLES, Column, Table
from data.dialects import translated, translated_type
from data.engine import used
from data.errors import LogError
from data.in_force import with_standards
from data.remote import shown
from data.schema import literal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# The answers rest on these, whatever the defaults of a cluster are.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    # A folder market=01 means the text 01.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}

# Files are numbered by their names, and a row's place is its file's number and its own number in the file.
_SETTLED = """
with

files as (
    select file_path, row_number() over (order by file_path) as file_number
    from (select distinct file_path from {read})
),

placed as (
    select {read}.*, cast(1099511627776 as bigint) * files.file_number + {read}.row_index as place
    from {read}
    inner join files on {read}.file_path = files.file_path
),

numbered as (
    select
        *,
        min(place) over (partition by {key}) as sequence,
        row_number() over (partition by {key} order by place desc) as nth_last
    from placed
)

select {columns}, sequence{beside}
from numbered
where nth_last = 1
"""
_BESIDE_REVIEWS = """,
    cast(decided_at as date) as day,
    count(*) over (partition by item_id, reviewer_id, standard_version) > 1 as has_repeats"""


PIECE_ROWS = 1_000_000
"""About how many rows come from Spark at a time."""


class SparkEngine:
    """Answers of a Spark session, over tables of the contract that lie where its workers can read them.

    `paths` names the files or folders of each table; a table without any is empty. Spark keeps a table once it has read
    it. `data.spark_sessions` makes the session; closing the engine ends it.
    """

    has_rollups = tells_repeats = False
    forgotten = None
    rolled_from = None

    def __init__(self, session: "SparkSession", paths: Mapping[str, Sequence[str]]) -> None:
        self.session = session
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
        for table in sorted(TABLES.values(), key=lambda table: table.name == "reviews"):
            self._create_view(table, paths.get(table.name, ()))

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query, which is written in DuckDB's SQL, as a Polars frame."""
        from pyspark.errors import AnalysisException  # noqa: PLC0415 - an optional extra

        with _told("Spark gave up", bugs=(AnalysisException,)):
            rows = self.session.sql(translated(sql, "spark"), args=used(sql, parameters))
            return pl.DataFrame(rows.toArrow())

    def define(self, name: str, sql: str) -> None:
        """Let queries read the rows of this one under a name; Spark keeps them, and forgets how they came about."""
        with _told("Spark gave up"):
            # A view of views of views would be planned anew, whole, for every query.
            self.session.sql(translated(sql, "spark")).localCheckpoint().createOrReplaceTempView(name)

    def pieces(self, name: str) -> Iterator[pa.Table]:
        """The rows under a name, some after the other, so that never all of them are here at once."""
        rows = self.session.table(name)
        with _told("Spark gave up"):
            pieces = rows.count() // PIECE_ROWS + 1
            for piece in range(pieces):
                yield rows.where(f"pmod(xxhash64(*), {pieces}) = {piece}").toArrow()

    def close(self) -> None:
        """Have Spark let go of the tables, and end the session."""
        for name in TABLES:
            self.session.catalog.uncacheTable(name)
        self.session.stop()

    def _create_view(self, table: Table, paths: Sequence[str]) -> None:
        read = f"{table.name}_as_read"
        with _told(f"Spark cannot read the {table.name} at {', '.join(paths)}"):
            self._rows(table, paths).createOrReplaceTempView(read)
            if table.name == "reviews":
                named = f"select * exclude (own_version) from {with_standards(read, table.names)}"  # noqa: S608 - ours
                self.session.sql(translated(named, "spark")).createOrReplaceTempView(read := "reviews_as_judged")
            settled = _SETTLED.format(
                read=read,
                key=", ".join(map(_quoted, table.key)),
                columns=", ".join(map(_quoted, table.names)),
                beside=_BESIDE_REVIEWS if table.name == "reviews" else "",
            )
            self.session.sql(settled).createOrReplaceTempView(table.name)
            self.session.catalog.cacheTable(table.name)

    def _rows(self, table: Table, paths: Sequence[str]) -> "DataFrame":
        """The rows of files as they are, in the columns of the contract, each with its file and its number there."""
        if not paths:
            nothing = (f"{_value(column, found=False)} as {_quoted(column.name)}" for column in table.columns)
            return self.session.sql(f"select {', '.join(nothing)}, '' as file_path, 0 as row_index where false")
        # Without merging, the columns of one file would stand for those of all.
        files = self.session.read.option("mergeSchema", "true").parquet(*paths)
        found = set(files.columns)
        if missing := [name for name in table.required if name not in found]:
            raise LogError(f"The {table.name} at {', '.join(paths)} have no column {missing[0]!r}, which they need.")
        values = {column.name: _value(column, found=column.name in found) for column in table.columns}
        for column in filter(lambda column: column.required, table.columns):
            missed = literal(f"a row of {table.name} has no {column.name}")
            values[column.name] = f"coalesce({values[column.name]}, raise_error({missed}))"
        if table.name == "reviews":
            place = "concat(_metadata.file_path, ' row ', _metadata.row_index)"
            values["review_id"] = f"coalesce({values['review_id']}, {place})"
        columns = (f"{value} as {_quoted(name)}" for name, value in values.items())
        return files.selectExpr(*columns, "_metadata.file_path", "_metadata.row_index")


def find_tables(session: "SparkSession", place: str) -> dict[str, list[str]]:
    """The Parquet file or folder of each table that there is in a folder that Spark can read."""
    paths = {name: f"{place.rstrip('/')}/{{{name},{name}.parquet}}" for name in TABLES}
    with _told(f"Spark cannot read {shown(place)}"):
        found = {name: [path] for name, path in paths.items() if _is_there(session, path)}
    if "reviews" not in found:
        raise LogError(f"Spark finds no reviews at {shown(place)}: no folder `reviews` and no file `reviews.parquet`.")
    return found


def _is_there(session: "SparkSession", path: str) -> bool:
    from pyspark.errors import AnalysisException  # noqa: PLC0415 - an optional extra

    try:
        return bool(session.read.parquet(path).columns)
    except AnalysisException as error:
        if error.getCondition() == "PATH_NOT_FOUND":
            return False
        raise


def _quoted(name: str) -> str:
    return f"`{name}`"


def _value(column: Column, *, found: bool) -> str:
    """A column in the contract's type; an empty text is a missing one."""
    value = f"cast({_quoted(column.name) if found else 'null'} as {translated_type(SQL_TYPES[column.kind], 'spark')})"
    return f"nullif({value}, '')" if column.kind == "text" else value


@contextmanager
def _told(what: str, *, bugs: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """What goes wrong in Spark as one message, but for bugs of ours."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra

    try:
        yield
    except bugs:
        raise
    except PySparkException as error:
        raise LogError(f"{what}: {str(error).strip().splitlines()[0]}") from None
