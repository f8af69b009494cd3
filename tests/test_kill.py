"""A load killed at any moment: nothing lost, nothing twice, and the workspace opens."""

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from data import store

# Makes the workspace if there is none and loads the logs one after another, as a person would after a power cut.
LOADER = """
import sys
from pathlib import Path
from data import store
from data.load import load
workspace, *logs = sys.argv[1:]
print("ready", flush=True)
if not (Path(workspace) / "workspace.toml").exists():
    store.create(workspace)
for log in logs:
    load(workspace, "reviews", [log])
"""
LOGS = 4
NEW_ROWS = 15_000
REPEATED_ROWS = 3_000


@dataclass(frozen=True, slots=True)
class Truth:
    """What must stand in the store after each of the logs, and in the end."""

    logs: tuple[Path, ...]
    counts: frozenset[tuple[int, int]]
    final: pl.DataFrame


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Logs that overlap: each delivers rows of the one before again, corrected, and has rows that cannot land."""
    folder = tmp_path_factory.mktemp("logs")
    labels: dict[str, str] = {}
    logs, counts = [], {(0, 0)}
    for number in range(LOGS):
        first = max(0, number * NEW_ROWS - REPEATED_ROWS)
        rows = {f"r{n}": f"label-{(n + number) % 5}" for n in range(first, (number + 1) * NEW_ROWS)}
        lines = [
            f"{review},item-{int(review[1:]) // 3},mod-{int(review[1:]) % 40},{label}" for review, label in rows.items()
        ]
        log = folder / f"log-{number}.csv"
        log.write_text("\n".join(["review_id,item_id,reviewer_id,label", *lines, "broken,,,"]) + "\n")
        labels |= rows
        logs.append(log)
        counts.add((len(labels), number + 1))
    final = pl.DataFrame({"review_id": list(labels), "label": list(labels.values())}).sort("review_id")
    return Truth(tuple(logs), frozenset(counts), final)


def state(workspace: Path) -> tuple[int, int]:
    """How many reviews and how many quarantined rows the workspace holds; once it is one, it must open."""
    if not (workspace / "workspace.toml").exists():
        return 0, 0
    opened = store.open_workspace(workspace)
    try:
        counted = "select (select count(*) from reviews) as reviews, (select count(*) from quarantine) as quarantined"
        reviews, quarantined = opened.engine.fetch(counted, {}).row(0)
        return reviews, quarantined
    finally:
        opened.close()


def attempt(workspace: Path, truth: Truth, *, seconds: float) -> tuple[bool, float]:
    """Start the loads and kill them after some seconds of work; whether they were done before, and the time it took."""
    command = [sys.executable, "-c", LOADER, str(workspace), *map(str, truth.logs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        started = time.monotonic()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        assert process.wait() in {0, -signal.SIGKILL}, process.stderr.read().decode()
        return process.returncode == 0, time.monotonic() - started


def survive(folder: Path, truth: Truth, *, kills: int, seed: int) -> None:
    """Kill loads until that many kills fell, in as many rounds as it takes; every round ends with the truth."""
    moments = random.Random(seed)  # noqa: S311 - moments of death, no secret
    done, seconds = attempt(folder / "clean", truth, seconds=600)
    assert done
    fell = rounds = 0
    while fell < kills:
        rounds += 1
        workspace = folder / f"round-{rounds}"
        done = False
        while not done:
            done, _ = attempt(workspace, truth, seconds=moments.uniform(0, seconds) if fell < kills else 600)
            fell += not done
            assert state(workspace) in truth.counts
        opened = store.open_workspace(workspace)
        found = opened.engine.fetch("select review_id, label from reviews order by review_id", {})
        places = opened.engine.fetch(
            "select count(distinct sequence) as places, max(sequence) as last from reviews", {}
        )
        opened.close()
        assert found.equals(truth.final)
        assert places.row(0)[0] == found.height
        assert state(workspace) == max(truth.counts)
        assert not list(workspace.glob("*.tmp"))
    print(f"{fell} kills in {rounds} rounds, {seconds:.1f} s for a round without one")


def test_a_few_kills_lose_nothing_and_double_nothing(tmp_path: Path, truth: Truth) -> None:
    survive(tmp_path, truth, kills=8, seed=1)


@pytest.mark.slow
def test_many_kills_lose_nothing_and_double_nothing(tmp_path: Path, truth: Truth) -> None:
    survive(tmp_path, truth, kills=60, seed=2)
