"""A simulation, told to a person."""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import Progress, TaskID

from data.folders import ANSWER_KEY
from data.simulation.faults import FAULTS, Fault


@dataclass(frozen=True, slots=True)
class Told:
    """How far the work is, on the terminal while it runs; nothing where there is no terminal."""

    bar: Progress
    task: TaskID

    def days(self, done: int, days: int) -> None:
        """So many of the days are simulated."""
        self.bar.update(self.task, completed=done, total=days)

    def rows(self, file: str, rows: int) -> None:
        """So many rows of a file are loaded."""
        self.bar.update(self.task, description=f"Loading {Path(file).name}: {rows:,} rows so far", total=None)


@contextmanager
def progress() -> Iterator[Told]:
    """A bar for the days that are simulated, and then for the files that are loaded."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Told(bar, bar.add_task("Simulating", total=None))


def faults() -> pl.DataFrame:
    """The faults that can be planted: what each does, and its parameters with their defaults."""
    rows = [(kind.name, _written(kind.parameters), kind.meaning) for kind in FAULTS.values()]
    return pl.DataFrame(rows, schema=["fault", "parameters and defaults", "what it does"], orient="row")


def rows(counts: Mapping[str, int]) -> pl.DataFrame:
    """How many rows each table of a simulated log has."""
    return pl.DataFrame({"table": list(counts), "rows": list(counts.values())})


def summary(out: Path, planted: tuple[Fault, ...], seconds: float) -> str:
    """What is in a simulated log to be found, where the answers are, and what to do next."""
    faults = ["Planted:", *(f"  {fault.name}: {_written(fault.values)}" for fault in planted)]
    return "\n".join(
        [
            *(faults if planted else ["No fault is planted: nothing is to be found in this log but noise."]),
            f"{out} took {seconds:.1f} s. Its true values are in {out / ANSWER_KEY}.",
            f"Look at it: evenhand init WORKSPACE --from {shlex.quote(str(out))}, then evenhand serve -w WORKSPACE",
        ]
    )


def _written(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
