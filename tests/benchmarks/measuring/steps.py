"""One step in the life of a store, as a process of its own. Prints what it found as JSON.

Run: python -m measuring.steps STEP WORKSPACE [folder or memory limit], with tests/benchmarks on the path.
"""

import json
import sys
from pathlib import Path
from typing import Any

from data import store
from data.folders import load_folder
from queries.refresh import KEPT, refresh


def load(workspace: str, folder: str) -> dict[str, Any]:
    """Load every table of a folder."""
    if not Path(workspace).exists():
        store.create(workspace)
    return {report.table: report.inserted for report in load_folder(workspace, folder)}


def roll(workspace: str, memory: str = "") -> dict[str, Any]:
    """Bring the rollups up to date, with so much memory where that is said."""
    with store.writing(workspace) as writer:
        if memory:
            writer.connection.execute(f"set memory_limit = '{memory}'")
        refresh(writer)
        writer.changed = True
    return {}


def scan(workspace: str) -> dict[str, Any]:
    """Read every column of every review once: the least that building anything from the log could take."""
    with store.writing(workspace) as writer:
        read = "select bit_xor(hash(reviews)) from reviews"
        (found,) = writer.connection.execute(read).fetchone() or (None,)
    return {"hash": found}


def sums(workspace: str) -> dict[str, Any]:
    """What the rollups hold, in a number each that depends on every row and on no order."""
    with store.writing(workspace) as writer:
        each = "select count(*), cast(sum(hash(held)) as varchar) from {} as held"
        told = {name: writer.connection.execute(each.format(name)).fetchone() for name in KEPT}
    return {name: list(found or ()) for name, found in told.items()}


STEPS = {"load": load, "roll": roll, "scan": scan, "sums": sums}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
