"""Workspaces that several tests need: built once, from what is bundled."""

import shutil
from pathlib import Path

import pytest

from data.samples import load_sample
from data.settings import Settings
from data.store import create


def _sample(name: str, factory: pytest.TempPathFactory) -> Path:
    path = factory.mktemp("workspaces") / name
    create(path, settings=Settings(names=True))
    load_sample(name, path)
    return path


@pytest.fixture(scope="session")
def hatecheck_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten annotators, two labels, gold for every item, policies, no times."""
    return _sample("hatecheck", tmp_path_factory)


@pytest.fixture(scope="session")
def adult2_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hundreds of raters, four ordered labels, gold for some items, costs, repeats."""
    return _sample("adult2", tmp_path_factory)


@pytest.fixture(scope="session")
def xstest_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two annotators, gold for every item, two models without scores or times, of which one answers "invalid"."""
    return _sample("xstest", tmp_path_factory)


@pytest.fixture(scope="session")
def convabuse_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight annotators, numeric labels, repeats, no gold."""
    return _sample("convabuse", tmp_path_factory)


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace into which nothing was loaded."""
    path = tmp_path_factory.mktemp("workspaces") / "empty"
    create(path)
    return path


@pytest.fixture
def workspace(empty_workspace: Path, tmp_path: Path) -> Path:
    """The same for a single test, to load something into."""
    return Path(shutil.copytree(empty_workspace, tmp_path / "workspace"))
