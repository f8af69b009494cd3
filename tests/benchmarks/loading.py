"""How fast logs load from Parquet and from CSV, against DuckDB's bare reader into a table in the same run.

Run: python tests/benchmarks/loading.py [rows]
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from data import store
from data.load import load

ROWS = 2_000_000
LABELS = ("allow", "remove", "age-gate", "escalate", "label")
# One review in 1,000 cannot land.
LOG = """
copy (
    select
        'rev-' || lpad(place::varchar, 9, '0') as review_id,
        'item-' || (place // 3)::varchar as item_id,
        'mod-' || (hash(place) % 400)::varchar as reviewer_id,
        if(place % 1000 = 999, '{missing}', list_value{labels}[(1 + hash(place * 7) % 5)::int]) as label,
        {decided_at} as decided_at,
        'queue-' || (place % 7)::varchar as queue,
        'policy-' || (place % 11)::varchar as policy,
        'v' || (place // 1000000)::varchar as standard_version
    from range({rows}) as places (place)
) to '{path}' ({options})
"""
TIME = "timestamp '2020-01-01' + to_seconds(place * 7)"
# How a format is written, how it has times, and what reads it.
FORMATS = {
    "parquet": ("format parquet, compression zstd", f"({TIME})::timestamptz", "read_parquet"),
    "csv": ("header", f"strftime({TIME}, '%Y-%m-%dT%H:%M:%SZ')", "read_csv"),
}


def timed(what: str, rows: int, act: Callable[[], object]) -> float:
    """Run something, print its speed, and give its seconds."""
    before, started = os.times(), time.perf_counter()
    act()
    seconds, after = time.perf_counter() - started, os.times()
    used = after.user + after.system - before.user - before.system
    print(f"{what:<44}{seconds:7.2f} s{used:8.2f} CPU s{rows / seconds:12,.0f} rows/s")
    return seconds


def bare(reader: str, log: Path, target: Path) -> None:
    """Nothing but DuckDB: nothing is checked, nothing is told apart."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"create table reviews as select * from {reader}('{log}')")  # noqa: S608 - ours


def write(path: Path, rows: int, *, missing: str) -> Path:
    """A log of that many rows, where one in 1,000 has a label of its own."""
    options, decided_at, _ = FORMATS[path.suffix[1:]]
    sql = LOG.format(rows=rows, path=path, labels=LABELS, missing=missing, decided_at=decided_at, options=options)
    duckdb.execute(f"set timezone = 'UTC'; {sql}")
    return path


def measure(root: Path, form: str, rows: int) -> None:
    """Print the figures of one format."""
    sound = write(root / f"sound.{form}", rows, missing="allow")
    faulty = write(root / f"faulty.{form}", rows, missing="")
    one, two = root / f"{form}-one", root / f"{form}-two"
    store.create(one)
    store.create(two)
    reader = FORMATS[form][2]
    print(f"{form}: {rows:,} rows of eight columns, {sound.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
    floor = timed(f"bare {reader} into a table", rows, lambda: bare(reader, sound, root / f"{form}.duckdb"))
    ours = timed("load with validation", rows, lambda: load(one, "reviews", [sound]))
    some = timed("load, one row in 1,000 quarantined", rows, lambda: load(two, "reviews", [faulty]))
    again = timed("load the same file again", rows, lambda: load(one, "reviews", [sound]))
    print(f"ratio to bare: {ours / floor:.2f}; with quarantine {some / floor:.2f}; again {again / floor:.2f}")


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMATS:
            measure(Path(folder), form, rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
