"""The rows of a database, by a query through ADBC: streamed into a Parquet file, which is then loaded like any other.

The driver of `name://…` is the package `adbc_driver_name`; little else is known here of any one database.
"""

import contextlib
import importlib
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import LogError
from data.remote import shown
from data.source import Source

# Names of one and the same.
SAME = {"postgres": "postgresql"}
# The drivers that tests of ours run, and the extra that brings each of them.
EXTRAS = {"postgresql": "postgres", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True)
class Query:
    """What a database is asked. `since`: the column of the answer by which only new rows are read, less an overlap."""

    text: str
    since: str | None = None
    overlap: str | None = None


def answer(
    url: str, sql: str, spool: Path, *, watch: Callable[[pa.Table], None], progress: Callable[[str, int], None]
) -> Source:
    """The answer to a query as a Parquet file; `watch` sees every piece of it first, the first of them empty."""
    name, copy, rows = shown(url), spool / "answer.parquet", 0
    spool.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(_pieces(url, sql)) as pieces:
        first = next(pieces)
        _check(first.schema, name)
        watch(first)
        with pq.ParquetWriter(copy, first.schema) as file:
            file.write_table(first)
            for piece in pieces:
                watch(piece)
                file.write_table(piece)
                rows += piece.num_rows
                progress(name, rows)
    return Source(copy, name, "parquet", "none", ordered=False)


def _pieces(url: str, sql: str) -> Generator[pa.Table]:
    """The answer, piece by piece as it comes, behind an empty one that tells its columns."""
    driver = _driver(url)
    with contextlib.ExitStack() as stack:
        try:
            connection = stack.enter_context(driver.connect(_address(url)))
        except driver.Error as error:
            raise _refused(url, error) from None
        try:
            cursor = stack.enter_context(connection.cursor())
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
            yield reader.schema.empty_table()
            for batch in reader:
                yield pa.Table.from_batches([batch])
        except (driver.Error, pa.ArrowException, OSError) as error:
            said = _first_line(error)
            raise LogError(f"{shown(url)} does not answer the query: {said}. Nothing was loaded.") from None


def _address(url: str) -> str:
    """What a driver takes: SQLite names files in its own way, and makes what is not there unless told not to."""
    if not url.startswith("sqlite:"):
        return url
    return f"file:{url.removeprefix('sqlite:')}{'&' if '?' in url else '?'}mode=ro"


def _driver(url: str) -> ModuleType | Any:
    scheme = url.partition("://")[0]
    kind = SAME.get(scheme, scheme)
    try:
        return importlib.import_module(f"adbc_driver_{kind}.dbapi")
    except ImportError:
        what = f"-e '.[{EXTRAS[kind]}]'" if kind in EXTRAS else f"adbc-driver-{kind}, if there is one"
        raise LogError(
            f"{shown(url)} needs a driver that is not installed. Install it: .venv/bin/pip install {what}."
        ) from None


def _check(schema: pa.Schema, name: str) -> None:
    """`LogError` for a column that has no text."""
    for field in schema:
        kind = field.type.storage_type if isinstance(field.type, pa.OpaqueType) else field.type
        if pa.types.is_interval(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            raise LogError(
                f"{name}: the query's column {field.name!r} is of a type that cannot be read here. Leave it out of the "
                "query, or cast it to text there."
            )


def _refused(url: str, error: Exception) -> LogError:
    said = _first_line(error)
    user = url.partition("?")[0].rpartition("@")[0]
    for secret in filter(None, {(given := user.partition("://")[2].partition(":")[2]), unquote(given)}):
        said = said.replace(secret, "…")
    if "password" in said:
        hint = "Put the password into PGPASSWORD or ~/.pgpass, and check the user's name."
    else:
        hint = "Check the address, and that the server runs and lets you in."
    return LogError(f"{shown(url)} cannot be opened: {said}. {hint} Nothing was loaded.")


def _first_line(error: Exception) -> str:
    """What the server says, without what drivers put around it."""
    said = re.split(r"ERROR:|FATAL:|Failed to connect:", str(error))[-1].strip() or type(error).__name__
    return said.splitlines()[0].strip().rstrip(".")
