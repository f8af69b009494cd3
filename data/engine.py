"""Where a query runs. An engine has one method, `fetch`, so that another one is quickly written."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, cast

import duckdb
import polars as pl

from data import memory, parts
from data.schema import literal, number, rolled_from

LOOK_AFTER = 0.1
"""How many seconds a watched query runs before it is asked whether anybody still waits for it."""
_PARAMETER = re.compile(r"\$(\w+)")


class Engine(Protocol):
    """Anything that answers a SQL question with a frame.

    `has_rollups`: whether it also has the rollups of its reviews, as they are now, and `tells_repeats` whether in these
    the days tell of every repeat whether it counts. `forgotten`: the day whose earlier
    rows were forgotten, so that only rollups tell of them. `rolled_from`: where the reviews are, when there are only
    rollups of them here.
    """

    has_rollups: bool
    tells_repeats: bool
    forgotten: dt.date | None
    rolled_from: str | None

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query; `parameters` may hold more names than the statement uses."""
        ...


def used(sql: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a statement names."""
    return {name: parameters[name] for name in set(_PARAMETER.findall(sql))}


class DuckDBEngine:
    """Read-only answers from one generation of a store and its parts.

    Each call takes a cursor of its own: a shared connection refuses concurrent calls. The connection can reach no other
    file and no network. What does not fit into half of the memory is an error, not a machine that stands still.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": memory.limit(),
        }
        if threads is not None:
            config["threads"] = threads
        self._root = duckdb.connect(config=config)
        try:
            self._root.execute(f"attach {literal(str(path))} as {parts.STORE} (read_only); use {parts.STORE}")
            parts.attach(self._root, path.parent)
            self.has_rollups = self._has_rollups()
            self.tells_repeats = self.has_rollups and self._tells_repeats()
            self.forgotten = self._forgotten()
            self.rolled_from = rolled_from(self._root)
            self._root.execute("set enable_external_access = false; set lock_configuration = true")
        except duckdb.Error:
            self._root.close()
            raise

    def _has_rollups(self) -> bool:
        """Whether rollups were made, and nothing was written after them; an older Evenhand made none."""
        kept = number(self._root, "select count(*) from duckdb_columns() where column_name = 'is_current'")
        return bool(kept and number(self._root, "select count(*) from rollups where is_current"))

    def _tells_repeats(self) -> bool:
        untold = "select count(*) from multi_rated where not is_whole and has_repeats and not is_told"
        return not number(self._root, untold)

    def _forgotten(self) -> dt.date | None:
        """The day whose earlier rows were forgotten; an older Evenhand had no table for it."""
        if not number(self._root, "select count(*) from duckdb_tables() where table_name = 'forgotten'"):
            return None
        ((before,),) = self._root.execute("select max(before) from forgotten").fetchall()
        return cast("dt.date | None", before)

    def fetch(
        self, sql: str, parameters: Mapping[str, Any], *, watch: Callable[[], None] | None = None
    ) -> pl.DataFrame:
        """The rows of a query as a Polars frame. `watch` is called while it runs; what it raises ends the query."""
        cursor = self._root.cursor()
        try:
            cursor.execute(f"use {parts.STORE}")
            if watch is None:
                return _answer(cursor, sql, parameters)
            with ThreadPoolExecutor(1) as beside:
                return _watched(beside.submit(_answer, cursor, sql, parameters), cursor, watch)
        finally:
            cursor.close()

    def close(self) -> None:
        """Release the file."""
        self._root.close()


def _answer(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    frame: pl.DataFrame = cursor.sql(sql, params=used(sql, parameters)).pl()
    return frame


def _watched(
    answer: Future[pl.DataFrame], cursor: duckdb.DuckDBPyConnection, watch: Callable[[], None]
) -> pl.DataFrame:
    while True:
        try:
            return answer.result(timeout=LOOK_AFTER)
        except TimeoutError:
            try:
                watch()
            except BaseException:
                cursor.interrupt()
                raise
