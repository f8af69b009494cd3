"""Where a query runs. An engine has one method, `fetch`, so that another one is quickly written."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import duckdb
import polars as pl

_PARAMETER = re.compile(r"\$(\w+)")


class Engine(Protocol):
    """Anything that answers a SQL question with a frame."""

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query; `parameters` may hold more names than the statement uses."""
        ...


class DuckDBEngine:
    """Read-only answers from one DuckDB file.

    Each call takes a cursor of its own: a shared connection refuses concurrent calls. The connection can neither write
    nor reach files or the network.
    """

    def __init__(self, path: Path, *, threads: int | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads is not None:
            config["threads"] = threads
        self._root = duckdb.connect(str(path), read_only=True, config=config)

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query as a Polars frame."""
        named = {name: parameters[name] for name in set(_PARAMETER.findall(sql))}
        cursor = self._root.cursor()
        try:
            frame: pl.DataFrame = cursor.sql(sql, params=named).pl()
            return frame
        finally:
            cursor.close()

    def close(self) -> None:
        """Release the file."""
        self._root.close()
