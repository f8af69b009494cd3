"""How fast a log is simulated, and in how much memory, against Polars writing random tables of the same size.

Run: python tests/benchmarks/simulation.py [reviews]

The random tables have the same rows, columns and kinds of column as the simulated ones, and go to Parquet with zstd as
those do. Each side runs in a process of its own, one after the other.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from data.simulate import simulate
from data.simulation.plan import Plan

REVIEWS, DAYS, REVIEWERS = 10_000_000, 90, 2_000
MOST_SECONDS, MOST_GIGABYTES = 120, 4.0
"""What ten million reviews may take on two cores."""


def tables(log: Path) -> dict[str, pl.LazyFrame]:
    """The tables of a simulated log, each read from its file or its folder of files."""
    return {path.stem: pl.scan_parquet(path) for path in sorted(log.iterdir()) if path.suffix != ".json"}


def size(table: pl.LazyFrame) -> tuple[int, int]:
    """How many rows and columns a table has."""
    return table.select(pl.len()).collect().item(), len(table.collect_schema())


def random_column(kind: pl.DataType, rows: int, random: np.random.Generator) -> pl.Series:
    """A column of a kind: a name of a list, an id, a moment, a number or a flag."""
    if isinstance(kind, pl.Enum):
        return pl.Series(random.integers(0, len(kind.categories), rows, dtype=np.uint32)).cat.to(kind)
    if kind == pl.String:
        numbers = pl.Series(random.integers(0, max(1, rows), rows))
        return pl.select(pl.lit("review-") + numbers.cast(pl.String).str.zfill(9)).to_series()
    if kind == pl.Boolean:
        return pl.Series(random.random(rows) < 0.5)
    if kind.is_temporal():
        return pl.Series(random.integers(0, 90 * 86_400, rows) * 1_000_000).cast(pl.Datetime("us", "UTC")).cast(kind)
    return pl.Series(random.random(rows)).cast(kind)


def write_random(log: Path, out: Path) -> None:
    """Write a random table beside each one of a log."""
    out.mkdir()
    random = np.random.default_rng(1)
    for name, table in tables(log).items():
        rows, _ = size(table)
        kinds = table.collect_schema()
        frame = pl.DataFrame({column: random_column(kind, rows, random) for column, kind in kinds.items()})
        frame.write_parquet(out / f"{name}.parquet", compression="zstd")


def measured(what: str, *arguments: object) -> tuple[float, float]:
    """Run one step of this file in its own process, and give its seconds and the most memory it held, in gigabytes."""
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, *map(str, arguments)])
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{what} failed.")
    gigabytes = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9
    cpu = used.ru_utime + used.ru_stime
    print(f"{what:<44}{seconds:7.1f} s{cpu:8.1f} CPU s{gigabytes:7.2f} GB at most")
    return seconds, gigabytes


def main(reviews: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        log, bare = Path(folder) / "log", Path(folder) / "bare"
        print(f"{reviews:,} reviews, {DAYS} days, {REVIEWERS:,} reviewers, {os.cpu_count()} cores")
        seconds, gigabytes = measured("simulate every table and the answer key", "simulate", reviews, log)
        floor, _ = measured("random tables of the same size", "random", log, bare)
        rows, columns = (sum(each) for each in zip(*map(size, tables(log).values()), strict=True))
    print(f"{rows:,} rows and {columns} columns in all tables")
    print(f"ratio to random tables: {seconds / floor:.2f}; {reviews / seconds:,.0f} reviews/s")
    if reviews >= REVIEWS:
        kept = seconds < MOST_SECONDS and gigabytes < MOST_GIGABYTES
        print(f"{'within' if kept else 'OVER'} the limits of {MOST_SECONDS} s and {MOST_GIGABYTES} GB")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["simulate", reviews, out]:
            simulate(out, Plan(reviews=int(reviews), days=DAYS, reviewers=REVIEWERS))
        case ["random", log, out]:
            write_random(Path(log), Path(out))
        case rest:
            main(int(rest[0]) if rest else REVIEWS)
