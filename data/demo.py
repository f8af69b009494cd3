"""The workspace that a newcomer opens: the default simulated story."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from data.folders import SIMULATED, load_folder
from data.making import making
from data.reading import Progress
from data.report import LoadReport
from data.settings import Settings
from data.simulate import simulate
from data.simulation.demo import DEMO
from data.simulation.plan import Plan

SETTINGS = Settings(
    name="Simulated: a quarter of a house in which four things go wrong", note=SIMULATED, names=True, target=0.75
)


def create_demo(
    workspace: str | Path,
    plan: Plan = DEMO,
    *,
    simulated: Callable[[int, int], None] = lambda _done, _all: None,
    progress: Progress = lambda _file, _rows: None,
) -> tuple[LoadReport, ...]:
    """Make a workspace that holds a simulated log and its answer key; after an error or a kill there is none.

    `simulated` is told how many of the days are made, `progress` how far the loading is. One report a table.
    """
    # The log lies beside the draft, so that the next attempt clears it away after a kill.
    with making(workspace, settings=SETTINGS) as draft, tempfile.TemporaryDirectory(dir=draft.parent) as folder:
        simulate(folder, plan, progress=simulated)
        return load_folder(draft, folder, progress=progress)
