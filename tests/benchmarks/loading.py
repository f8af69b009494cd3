"""How fast logs load, against DuckDB's bare `read_csv` into a table in the same run.

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
        strftime(timestamp '2025-01-01' + to_seconds(place * 7), '%Y-%m-%dT%H:%M:%SZ') as decided_at,
        strftime(timestamp '2025-01-01' + to_seconds(place * 7 - 40), '%Y-%m-%dT%H:%M:%SZ') as claimed_at,
        'queue-' || (place % 7)::varchar as queue,
        'policy-' || (place % 11)::varchar as policy
    from range({rows}) as places (place)
) to '{path}' (header)
"""


def timed(what: str, rows: int, act: Callable[[], object]) -> float:
    """Run something, print its speed, and give its seconds."""
    before, started = os.times(), time.perf_counter()
    act()
    seconds, after = time.perf_counter() - started, os.times()
    used = after.user + after.system - before.user - before.system
    print(f"{what:<44}{seconds:7.2f} s{used:8.2f} CPU s{rows / seconds:12,.0f} rows/s")
    return seconds


def bare(log: Path, target: Path) -> None:
    """Nothing but DuckDB: types are guessed, nothing is checked, nothing is told apart."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"create table reviews as from read_csv('{log}')")


def main(rows: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        sound, faulty = root / "sound.csv", root / "faulty.csv"
        duckdb.execute(LOG.format(rows=rows, path=sound, labels=LABELS, missing="allow"))
        duckdb.execute(LOG.format(rows=rows, path=faulty, labels=LABELS, missing=""))
        store.create(root / "one")
        store.create(root / "two")
        print(f"{rows:,} rows of eight columns, {sound.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        floor = timed("bare read_csv into a table", rows, lambda: bare(sound, root / "bare.duckdb"))
        ours = timed("load with validation", rows, lambda: load(root / "one", "reviews", [sound]))
        some = timed("load, one row in 1,000 quarantined", rows, lambda: load(root / "two", "reviews", [faulty]))
        again = timed("load the same file again", rows, lambda: load(root / "one", "reviews", [sound]))
        print(f"ratio to bare: {ours / floor:.2f}; with quarantine {some / floor:.2f}; again {again / floor:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
