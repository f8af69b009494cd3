"""The files of a simulated log, written as the days pass."""

import contextlib
import shutil
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import LogError
from data.locking import disk_errors

Format = Literal["parquet", "csv"]
ROWS_AT_ONCE = 200_000
"""Rows are gathered to row groups of about this size."""


class Files:
    """A new folder with a file for each table, or a folder of daily files for those named in `daily`.

    `rows` counts what was written. After an error everything is taken away again.
    """

    def __init__(self, folder: Path, *, form: Format, daily: frozenset[str] = frozenset()) -> None:
        """Make the folder; `LogError` when it holds something already."""
        with disk_errors(folder):
            self._was_there = folder.exists()
            if self._was_there and (not folder.is_dir() or any(folder.iterdir())):
                raise LogError(f"{folder} is not an empty folder. Name a new one for the simulated log.")
            folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.form, self.daily = folder, form, daily
        self.rows: Counter[str] = Counter()
        self._gathered: dict[Path, list[pl.DataFrame]] = {}
        self._open: dict[Path, pq.ParquetWriter] = {}
        self._paths: dict[Path, None] = {}

    def write(self, table: str, rows: pl.DataFrame, *, day: str = "") -> None:
        """Add rows to a table; those of a daily table go into the day's own file."""
        self.rows[table] += rows.height
        daily = table in self.daily
        path = self.folder / table / f"{day}.{self.form}" if daily else self.folder / f"{table}.{self.form}"
        gathered = self._gathered.setdefault(path, [])
        gathered.append(rows)
        if daily or sum(each.height for each in gathered) >= ROWS_AT_ONCE:
            self._flush(path)
        if daily:
            self._close(path)

    def _flush(self, path: Path) -> None:
        rows = pl.concat(self._gathered.pop(path))
        with disk_errors(path):
            path.parent.mkdir(exist_ok=True)
            if self.form == "csv":
                # Polars' own words for a full disk have no error number.
                with path.open("a", encoding="utf-8", newline="") as file:
                    file.write(rows.write_csv(include_header=path not in self._paths))
            else:
                self._append(path, rows.to_arrow(compat_level=pl.CompatLevel.oldest()))
        self._paths[path] = None

    def _close(self, path: Path) -> None:
        if path in self._open:
            with disk_errors(path):
                self._open.pop(path).close()

    def _append(self, path: Path, rows: pa.Table) -> None:
        if path not in self._open:
            self._open[path] = pq.ParquetWriter(path, rows.schema, compression="zstd")
        self._open[path].write_table(rows)

    def __enter__(self) -> Self:
        """The folder, ready for rows."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish every file; after an error, take all of them away."""
        try:
            if kind is None:
                self._finish()
        except LogError:
            self._take_away()
            raise
        if kind is not None:
            self._take_away()

    def _finish(self) -> None:
        for path in list(self._gathered):
            self._flush(path)
        for path in list(self._open):
            self._close(path)

    def _take_away(self) -> None:
        for writer in self._open.values():
            with contextlib.suppress(OSError):
                writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._was_there:
            self.folder.mkdir(exist_ok=True)
