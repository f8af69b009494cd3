"""A simulated log to which questions are put without loading it, for tests of many logs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.engine import used


class Unloaded:
    """An engine on the Parquet files of a simulated log, with each review once."""

    has_rollups = tells_repeats = False
    forgotten = rolled_from = None

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        for path in folder.glob("*.parquet"):
            rows = pl.read_parquet(path).with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String))
            if path.stem == "reviews":
                rows = rows.unique("review_id", maintain_order=True).with_row_index("sequence")
                rows = rows.with_columns(day=pl.col("decided_at").dt.date(), has_repeats=False)
            self.connection.register("rows", rows)
            self.connection.execute(f"create table {path.stem} as from rows")

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query."""
        return self.connection.sql(sql, params=used(sql, parameters)).pl()

    def close(self) -> None:
        """Forget the log."""
        self.connection.close()
