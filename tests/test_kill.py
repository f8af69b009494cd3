"""A writer killed at any moment: nothing lost, nothing twice, and the workspace opens and tells the truth."""

import itertools
import multiprocessing
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import polars as pl
import pytest

from data import store
from data.engine import DuckDBEngine
from data.load import load
from queries import keeping
from queries.ask import ask
from queries.filters import Filters
from queries.refresh import bring_up_to_date

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


# From here on: everything that writes, on a workspace that others read all the while.
PERSON = "Quillon-Abernathy"
BOUNDARY = date(2026, 4, 8)
TOLD = ("volume", "label_counts", "rating_patterns", "reviewer_pairs", "gold_answers")
HEADER = "review_id,item_id,reviewer_id,label,decided_at\n"
LABELS = {"taxonomy": ["keep", "limit", "remove"]}
LONGEST = 1.0
"""No writer of these tests is killed after more seconds: it would be done."""
Rows = list[tuple[str, str, str]]
"""Review, reviewer and label, in order."""


class OnlyRows:
    """An engine that keeps its rollups to itself."""

    has_rollups = tells_repeats = False

    def __init__(self, engine: DuckDBEngine) -> None:
        self.fetch, self.forgotten, self.rolled_from = engine.fetch, engine.forgotten, engine.rolled_from


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done to a workspace, what there is of reviews when it is done, and what is in no file any more."""

    name: str
    does: Callable[..., object]
    arguments: tuple[object, ...]
    leaves: Rows
    gone: str | None = None


def deliver(workspace: Path, log: Path) -> None:
    """A load as the command does it."""
    load(workspace, "reviews", [log], then=keeping.keep_up)


def a_life(folder: Path) -> list[Act]:
    """Loads that correct each other, and between them everything that is done to a workspace as a whole."""
    truth: dict[str, tuple[str, str, int]] = {}
    acts: list[Act] = []

    def then(name: str, does: Callable[..., object], *arguments: object, gone: str | None = None) -> None:
        left = sorted((review, who, label) for review, (who, label, _) in truth.items())
        acts.append(Act(name, does, arguments, left, gone))

    def delivered(number: int, first: int, last: int, *, day: int = 1) -> None:
        lines = []
        for n in range(first, last):
            who = PERSON if n % 9 == 1 and PERSON not in erased else f"r{n % 8}"
            truth[f"v{n}"] = (who, ("keep", "remove", "limit")[(n + number) % 3], max(day, n % 14 + 1))
            lines.append(f"v{n},i{n % 700},{who},{truth[f'v{n}'][1]},2026-04-{truth[f'v{n}'][2]:02}\n")
        log = folder / f"life-{number}.csv"
        log.write_text(HEADER + "".join(lines))
        then("load", deliver, log)

    erased: list[str] = []
    delivered(0, 0, 3_000)
    delivered(1, 2_500, 4_000)
    then("refresh", bring_up_to_date)
    then("compact", keeping.compact)
    delivered(2, 3_500, 4_500)
    erased.append(PERSON)
    for review in [review for review, (who, *_) in truth.items() if who == PERSON]:
        del truth[review]
    then("erase", keeping.erase, PERSON, gone=PERSON)
    for review in [review for review, (*_, day) in truth.items() if day < BOUNDARY.day]:
        del truth[review]
    then("forget", keeping.forget, BOUNDARY)
    delivered(3, 4_400, 5_000, day=BOUNDARY.day)
    then("compact", keeping.compact)
    return acts


def look(workspace: Path) -> Rows:
    """The reviews of a workspace; what its rollups tell must be what its rows do."""
    with closing(store.open_workspace(workspace)) as opened:
        engine = opened.engine
        for name in TOLD:
            since = Filters(since=engine.forgotten)
            by_rollups, by_rows = (ask(each, name, since, parameters=LABELS) for each in (engine, OnlyRows(engine)))
            assert by_rollups.sort(by_rollups.columns).equals(by_rows.sort(by_rows.columns)), name
        return engine.fetch("select review_id, reviewer_id, label from reviews order by all", {}).rows()


def keep_reading(workspace: Path, states: list[Rows], stop: Event, tell: Connection) -> None:
    """Read until told to stop; every answer must be that of a whole state, and none older than the one before."""
    reads, newest = 0, 0
    try:
        while not stop.is_set():
            newest = states.index(look(workspace), newest)
            reads += 1
    except BaseException:  # noqa: BLE001 - whatever it was, the test must hear of it
        tell.send(traceback.format_exc())
    else:
        tell.send(reads)


def live(folder: Path, *, kills: int, seed: int) -> dict[str, int]:
    """A life during which writers are killed so often, twice an act at least; how often in each kind of act."""
    chance, processes = random.Random(seed), multiprocessing.get_context("forkserver")  # noqa: S311 - moments of death
    processes.set_forkserver_preload(["data.load", "queries.keeping"])
    workspace, acts, fell = folder / "w", a_life(folder), dict[str, int]()
    store.create(workspace)
    states: list[Rows] = [[], *(act.leaves for act in acts)]
    stop, (hear, tell) = processes.Event(), processes.Pipe(duplex=False)
    reader = processes.Process(target=keep_reading, args=(workspace, states, stop, tell))
    reader.start()
    try:
        before: Rows = []
        for act in acts:
            deaths, done = 0, False
            while not done:
                process = processes.Process(target=act.does, args=(workspace, *act.arguments))
                process.start()
                process.join(chance.uniform(0, LONGEST) if deaths < kills // len(acts) + 1 else None)
                process.kill()
                process.join()
                assert process.exitcode in {0, -signal.SIGKILL}
                done, deaths = process.exitcode == 0, deaths + (process.exitcode != 0)
                assert look(workspace) in ([act.leaves] if done else [before, act.leaves])
            fell[act.name] = fell.get(act.name, 0) + deaths
            assert not (
                act.gone and [each.name for each in workspace.iterdir() if act.gone.encode() in each.read_bytes()]
            )
            before = act.leaves
    finally:
        stop.set()
        reads = hear.recv()
        reader.join()
    assert isinstance(reads, int), reads
    assert reads > len(acts)
    return fell


def test_writers_of_every_kind_killed_among_readers_leave_whole_states(tmp_path: Path) -> None:
    live(tmp_path, kills=1, seed=3)


@pytest.mark.slow
def test_two_hundred_kills_of_every_kind_of_writer_leave_whole_states(tmp_path: Path) -> None:
    fell: dict[str, int] = {}
    # A quick writer is done before it would be killed, so a round brings fewer kills than it tries.
    for round_ in itertools.takewhile(lambda _: sum(fell.values()) < 200, itertools.count()):
        (tmp_path / f"{round_}").mkdir()
        for name, deaths in live(tmp_path / f"{round_}", kills=27, seed=round_).items():
            fell[name] = fell.get(name, 0) + deaths
    print(f"{sum(fell.values())} kills: {fell}")
    assert set(fell) == {"load", "refresh", "compact", "erase", "forget"}
