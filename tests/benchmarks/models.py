"""Evenhand against Evidently's drift report and NannyML's estimator: whole processes, from the same Parquet files.

Run: python tests/benchmarks/models.py [items] [--record], which keeps the table in BENCHMARKS.md

Two months of scores of so many items each. Both sides start cold and must come to the same numbers, in the peer's
conventions; ours also gives what the product says: each measure with its interval and p-value.
"""

import os
import sys
from pathlib import Path

from measuring.machine import machine, table
from measuring.report import record
from measuring.scores import kept_scores
from peers import HEADER, SEVERAL_RUNS_UP_TO, Task, alternating, counted, row

HERE = Path(__file__).parent
ITEMS = 200_000
TASKS = (
    Task("drift_report", "PSI, Jensen–Shannon, KS, Wasserstein of a score", "evidently", "measuring.ours_scores"),
    Task("estimator", "accuracy and AUC expected without labels", "nannyml", "measuring.ours_scores"),
)


def main(items: int) -> str:
    """The table of the two tasks, and what both sides say."""
    times = 3 if items <= SEVERAL_RUNS_UP_TO else 1
    folder, rows, said = kept_scores(items), [], []
    for task in TASKS:
        ours, theirs = alternating(task, folder, times)
        rows.append(row(task, ours, theirs))
        said += [(task.peer, name, f"{ours.answer[name]:.9f}", f"{each:.9f}") for name, each in theirs.answer.items()]
        print(*rows[-1], sep=" | ", file=sys.stderr)
    numbers = table(("peer", "quantity", "ours", "peer's"), said)
    return f"{items:,} items a month; {machine()}; {counted(times)}\n\n{table(HEADER, rows)}\n\n{numbers}"


if __name__ == "__main__":
    os.environ |= {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    # Both peers would report to their makers that they run.
    os.environ |= {"DO_NOT_TRACK": "1", "NML_DISABLE_USAGE_LOGGING": "1"}
    size = next((each for each in sys.argv[1:] if each != "--record"), str(ITEMS))
    found = main(int(size))
    print(found)
    if "--record" in sys.argv:
        record(f"models {int(size):,}", f"python tests/benchmarks/models.py {size}", found)
