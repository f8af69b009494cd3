"""The workspaces that one server offers: the one it was started for, those beside it, and the bundled samples."""

import threading
from pathlib import Path

from data.errors import LogError
from data.samples import SAMPLES, create_sample
from data.settings import FILE, Settings, read_settings
from queries.refresh import bring_up_to_date

_one_maker = threading.Lock()


def offered(home: Path) -> dict[str, Path]:
    """Each workspace under the name of its folder. The first is the one that the server was started for.

    The samples have their places beside it, whether they are made yet or not.
    """
    beside = sorted(file.parent for file in home.parent.glob(f"*/{FILE}"))
    samples = (home.parent / name for name in SAMPLES)
    return {path.name: path for path in (home, *beside, *samples)}


def about(path: Path) -> str:
    """What a workspace holds, in a line; empty where it does not say."""
    if is_sample_to_make(path):
        return SAMPLES[path.name].title
    try:
        settings = read_settings(path)
    except LogError:  # It is told in full to whoever chooses it.
        return "cannot be read"
    return settings.name or settings.note


def is_sample_to_make(path: Path) -> bool:
    """Whether this is the place of a bundled sample that is not made yet."""
    return path.name in SAMPLES and not (path / FILE).exists()


def make_sample(path: Path) -> None:
    """Make the sample whose place this is; of several readers who choose it at once, one does, and the others wait."""
    with _one_maker:
        if is_sample_to_make(path):
            create_sample(path.name, path, settings=Settings())
            bring_up_to_date(path)
