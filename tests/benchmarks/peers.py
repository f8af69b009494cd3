"""Evenhand against the packages that people use: whole processes, from raw Parquet files to the result.

Run: python tests/benchmarks/peers.py [reviews] [task …] [--record], which keeps the table in BENCHMARKS.md

Each peer runs in an environment of its own, made on the first run and kept in the user's cache. Both sides start cold,
read the same files and must come to the same result; ours gives the interval as well. Runs alternate, three of each up
to a million reviews, one above. The log has neither gold nor repeats, for which the peers have no rule.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.environments import kept_log, python_of, version_of
from measuring.machine import machine, table
from measuring.plan import LogPlan
from measuring.processes import Run, middle, run
from measuring.report import record

HERE = Path(__file__).parent
REVIEWS, SEVERAL_RUNS_UP_TO, LIMIT_SECONDS = 500_000, 1_000_000, 1_200
ALIKE = 1e-9
HEADER = ("task", "peer", "ours: wall s", "CPU s", "MB", "peer: wall s", "CPU s", "MB", "CPU ÷", "memory ÷", "same")


@dataclass(frozen=True, slots=True)
class Task:
    """What both sides compute, the peer that does it, and the module with our side."""

    name: str
    title: str
    peer: str
    ours: str = "measuring.ours"


TASKS = (
    Task("alpha", "Krippendorff's alpha", "krippendorff"),
    Task("gwet", "Gwet's AC1, its interval", "irrCAC"),
    Task("fleiss", "Fleiss' kappa, two ratings", "statsmodels"),
    Task("cohen", "Cohen's kappa, every pair", "scikit-learn"),
    Task("dawid_skene", "Dawid–Skene, ten rounds", "crowd-kit"),
    Task("daily", "label counts by day and queue", "pandas"),
)


def main(reviews: int, names: list[str]) -> str:
    """The table of the tasks, measured."""
    times = 3 if reviews <= SEVERAL_RUNS_UP_TO else 1
    log = kept_log(LogPlan(reviews, plain=True)) / "log"
    compared = []
    for task in [task for task in TASKS if not names or task.name in names]:
        compared.append(row(task, *alternating(task, log, times)))
        print(*compared[-1], sep=" | ", file=sys.stderr)
    return f"{reviews:,} reviews; {machine()}; {counted(times)}\n\n{table(HEADER, compared)}"


def counted(times: int) -> str:
    """How often each side ran."""
    return f"medians of {times} runs" if times > 1 else "one run"


def alternating(task: Task, log: Path, times: int) -> tuple[Run, Run]:
    """Ours and theirs in turn."""
    ours, theirs = [], []
    peer = [python_of(task.peer), "-W", "ignore", HERE / "measuring" / "peers" / f"{task.name}.py", log]
    for _ in range(times):
        ours.append(run([sys.executable, "-m", task.ours, task.name, log]))
        theirs.append(run(peer, limit=LIMIT_SECONDS))
    return middle(ours), middle(theirs)


def row(task: Task, ours: Run, theirs: Run) -> tuple[str, ...]:
    """What both sides took, and whether they say the same."""
    bound = "" if theirs.is_whole else "> "
    return (
        task.title,
        f"{task.peer} {version_of(task.peer)}",
        *(f"{number:,.{digits}f}" for number, digits in _figures(ours)),
        *(f"{bound}{number:,.{digits}f}" for number, digits in _figures(theirs)),
        f"{bound}{theirs.cpu_seconds / ours.cpu_seconds:.1f}",
        f"{bound}{theirs.megabytes / ours.megabytes:.1f}",
        _compared(ours.answer, theirs.answer) if theirs.is_whole else f"stopped after {LIMIT_SECONDS} s",
    )


def _figures(one: Run) -> tuple[tuple[float, int], ...]:
    return (one.seconds, 1), (one.cpu_seconds, 1), (one.megabytes, 0)


def _compared(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """The largest difference in what both sides say."""
    most = max(abs(ours[name] - theirs[name]) for name in theirs)
    return "yes" if most <= ALIKE else f"NO: differs by {most:.3g}"


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    size, *names = [each for each in sys.argv[1:] if each != "--record"] or [str(REVIEWS)]
    found = main(int(size), names)
    print(found)
    if "--record" in sys.argv:
        record(f"peers {int(size):,}", f"python tests/benchmarks/peers.py {size}", found)
