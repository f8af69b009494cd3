"""A folder that holds a whole log: for each table a file such as `reviews.csv.gz`, or a folder of files."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from data.contract import TABLES
from data.errors import LogError
from data.load import load
from data.making import making
from data.reading import Progress
from data.report import LoadReport
from data.settings import Settings
from data.source import find_sources

ANSWER_KEY = "answer_key.json"
"""What a simulated log is known by: its true values."""
SIMULATED = "Simulated log: made-up people and decisions, true values known"
# What rows are checked against comes before them.
ORDER = (
    *("labels", "costs", "standards", "reviewers", "events"),
    *("gold", "reviews", "audits", "predictions", "appeals"),
)


def create_from(
    folder: str | Path,
    workspace: str | Path,
    *,
    settings: Settings,
    progress: Progress = lambda _file, _rows: None,
) -> tuple[LoadReport, ...]:
    """Make a workspace that holds the log in a folder; after an error or a kill there is none. One report a table.

    A simulated log is noted as such in the settings.
    """
    source = Path(folder)
    files = _files(source)
    noted = replace(settings, note=SIMULATED) if (source / ANSWER_KEY).exists() else settings
    with making(workspace, settings=noted) as draft:
        return _load(draft, source, files, progress)


def load_folder(
    workspace: str | Path, folder: str | Path, *, progress: Progress = lambda _file, _rows: None
) -> tuple[LoadReport, ...]:
    """Load every table of a folder into a workspace, and keep its answer key; one report a table."""
    return _load(Path(workspace), Path(folder), _files(Path(folder)), progress)


def _load(
    workspace: Path, folder: Path, files: dict[str, Sequence[Path]], progress: Progress
) -> tuple[LoadReport, ...]:
    reports = tuple(load(workspace, table, files[table], progress=progress) for table in ORDER if table in files)
    if (folder / ANSWER_KEY).exists():
        shutil.copyfile(folder / ANSWER_KEY, workspace / ANSWER_KEY)
    return reports


def _files(folder: Path) -> dict[str, Sequence[Path]]:
    """The files of each table: what can be loaded and is no table's is refused, lest a misspelt one is passed over."""
    if not folder.is_dir():
        raise LogError(f"There is no folder {folder}. Name one that holds reviews.csv and the like.")
    found: dict[str, list[Path]] = {}
    for source in find_sources([folder]):
        entry = source.path.relative_to(folder).parts[0]
        table = entry.partition(".")[0]
        if table in TABLES:
            found.setdefault(table, []).append(source.path)
        elif entry != ANSWER_KEY:
            known = ", ".join(TABLES)
            raise LogError(f"{folder} holds {entry}, which names no table. Rename or move it; the tables are {known}.")
    return {**found}
