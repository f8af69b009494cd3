"""A store from its first load to the pages that read it: ingest, rollups, refresh by one more day, latencies.

Run: python tests/benchmarks/store.py [reviews] [--random-ids] [--keep WORKSPACE] [--record]

Page questions are timed one by one, then in eight sessions at once; beside the store stands the same question answered
from the rows of the log, whose answer must be the same.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

import polars as pl
from measuring.environments import CACHE, kept_log
from measuring.machine import machine, table
from measuring.plan import LogPlan
from measuring.processes import Run, run
from measuring.questions import Question, page_questions
from measuring.report import record

from data.engine import Engine
from data.store import Workspace, open_workspace

HERE = Path(__file__).parent
REVIEWS, TIMES, MOST_SECONDS, SESSIONS, SESSION_SECONDS, ROWS_UP_TO = 300_000, 5, 3, 8, 20, 1_000_000
SMALL_MEMORY, OTHER = "2GB", "OTHER ANSWER"
MEDIAN, QUICK = 3, 100
"""The column with the median of a question, and how many milliseconds are quick."""


class Rows:
    """An engine that keeps its rollups to itself, so that questions are answered from the rows."""

    has_rollups = tells_repeats = False
    forgotten = None
    rolled_from = None

    def __init__(self, engine: Engine) -> None:
        self.fetch = engine.fetch


def main(plan: LogPlan, workspace: Path) -> str:
    """Everything measured, as text with tables."""
    parts = [f"{plan.reviews:,} reviews{', random item ids' * plan.random_ids}; {machine()}"]
    if not (workspace / "CURRENT").exists():
        parts.append(_made(workspace, kept_log(plan)))
    opened = open_workspace(workspace)
    try:
        questions = page_questions(opened.engine)
        header = ("question", "window", "stands on", "median ms", "p95 ms", "CPU ms", "rows: ms", "CPU ms", "÷")
        lines = _one_by_one(opened, questions, plan)
        parts += [_summary(lines), _together(opened, questions)]
        parts += [f"<details><summary>Every question</summary>\n\n{table(header, lines)}\n\n</details>"]
    finally:
        opened.close()
    return "\n\n".join(parts)


def _made(workspace: Path, folder: Path) -> str:
    """Load, build, refresh, and what each took."""
    loaded = _step("load", workspace, folder / "log")
    rows, reviews = sum(loaded.answer.values()), loaded.answer["reviews"]
    scanned = _step("scan", workspace)
    before = _bytes(workspace)
    rolled = _step("roll", workspace)
    held = _bytes(workspace) - before
    lines = [
        _line("load and validate", loaded, f"{rows / loaded.seconds:,.0f} rows/s"),
        _line("read every column once", scanned, ""),
        _line(
            "build all rollups",
            rolled,
            f"{held / reviews:.1f} bytes a review; {rolled.cpu_seconds / scanned.cpu_seconds:.0f} × the scan",
        ),
    ]
    spare = _copied(workspace, "spare")
    day = _step("load", workspace, folder / "next")
    lines.append(_line("load one more day", day, f"{day.answer['reviews']:,} reviews"))
    lines.append(_line("refresh the rollups by that day", _step("roll", workspace), ""))
    _step("load", spare, folder / "next")
    lines.append(
        _line(f"the same refresh within {SMALL_MEMORY}", _step("roll", spare, SMALL_MEMORY), _alike(workspace, spare))
    )
    shutil.rmtree(spare)
    return table(("step", "wall s", "CPU s", "MB", ""), lines)


def _step(name: str, workspace: Path, *more: object) -> Run:
    return run([sys.executable, "-m", "measuring.steps", name, workspace, *more])


def _copied(workspace: Path, name: str) -> Path:
    return Path(shutil.copytree(workspace, workspace.with_name(f"{workspace.name}-{name}")))


def _bytes(workspace: Path) -> int:
    """What the newest generation of a workspace takes on disk, without the generations before it."""
    newest = (workspace / "CURRENT").read_text().strip()
    return (workspace / newest).stat().st_size


def _alike(one: Path, other: Path) -> str:
    same = _step("sums", one).answer == _step("sums", other).answer
    return "the same rollups" if same else "OTHER ROLLUPS"


def _line(what: str, one: Run, more: str) -> tuple[str, ...]:
    return what, f"{one.seconds:.1f}", f"{one.cpu_seconds:.1f}", f"{one.megabytes:,.0f}", more


def _one_by_one(opened: Workspace, questions: Sequence[Question], plan: LogPlan) -> list[tuple[str, ...]]:
    lines = []
    for question in questions:
        answer, seconds, cpu = _timed(question, opened.engine, TIMES)
        cells = tuple(f"{number * 1000:,.0f}" for number in (median(seconds), _p95(seconds), median(cpu)))
        beside: tuple[str, ...] = ("", "", "")
        if question.stands_on != "log" and plan.reviews <= ROWS_UP_TO:
            slow, [taken], [slow_cpu] = _timed(question, Rows(opened.engine), 1)
            ratio = f"{slow_cpu / median(cpu):,.0f}" if _same(answer, slow) else OTHER
            beside = (f"{taken * 1000:,.0f}", f"{slow_cpu * 1000:,.0f}", ratio)
        lines.append((question.title, question.window, question.stands_on, *cells, *beside))
    return lines


def _summary(lines: Sequence[tuple[str, ...]]) -> str:
    """How many questions are quick enough, and which are the slowest."""
    slowest = sorted(lines, key=lambda line: -_number(line[MEDIAN]))
    quick = sum(_number(line[MEDIAN]) <= QUICK for line in lines)
    named = "; ".join(f"{line[0]} ({line[1]}) {line[MEDIAN]} ms" for line in slowest[:5])
    wrong = sum(line[-1] == OTHER for line in lines)
    compared = sum(bool(line[-1]) for line in lines)
    return (
        f"{quick} of {len(lines)} page questions within {QUICK} ms, one session. Slowest: {named}. "
        f"{compared - wrong} of {compared} that were also asked of the rows had the same answer."
    )


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))


def _timed(question: Question, engine: Engine, count: int) -> tuple[pl.DataFrame, list[float], list[float]]:
    """The answer, and for each time that it was asked the wall time and the processor time of this process.

    What is slow is asked less often.
    """
    seconds, cpu = [], []
    while len(seconds) < count and sum(seconds) < MOST_SECONDS:
        start, used = time.perf_counter(), time.process_time()
        answer = question.answer(engine)
        seconds.append(time.perf_counter() - start)
        cpu.append(time.process_time() - used)
    return answer, seconds, cpu


def _same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    return one.columns == other.columns and one.sort(one.columns).equals(other.sort(one.columns))


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]


def _together(opened: Workspace, questions: Sequence[Question]) -> str:
    """Sessions that each ask all questions in an order of their own, over and over."""
    times: list[float] = []
    ends = time.perf_counter() + SESSION_SECONDS

    def session(seed: int) -> None:
        shuffled = random.Random(seed).sample(questions, len(questions))  # noqa: S311 - an order, not a secret
        place = 0
        while time.perf_counter() < ends:
            times.extend(_timed(shuffled[place % len(shuffled)], opened.engine, 1)[1])
            place += 1

    threads = [threading.Thread(target=session, args=(seed,)) for seed in range(SESSIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (
        f"{SESSIONS} sessions at once: {len(times) / SESSION_SECONDS:.0f} questions a second, "
        f"median {median(times) * 1000:,.0f} ms, p95 {_p95(times) * 1000:,.0f} ms"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reviews", nargs="?", type=int, default=REVIEWS)
    parser.add_argument("--random-ids", action="store_true")
    parser.add_argument("--keep", type=Path, help="the workspace is kept there, and used again when it is there")
    parser.add_argument("--record", action="store_true", help="keep the figures in BENCHMARKS.md")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    chosen = _arguments()
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        plan = LogPlan(chosen.reviews, random_ids=chosen.random_ids)
        found = main(plan, chosen.keep or Path(folder) / "workspace")
    print(found)
    if chosen.record:
        ids = " --random-ids" * plan.random_ids
        record(f"store {plan.reviews:,}{ids}", f"python tests/benchmarks/store.py {plan.reviews}{ids}", found)
