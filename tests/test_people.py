"""Reviewers on pages: under pseudonyms, unless the workspace grants their ids."""

import re
import shutil
from pathlib import Path

import pages
import pytest
from pages import said
from streamlit.testing.v1 import AppTest

from dashboard.session import WORKSPACE_VARIABLE

IDS = re.compile(r"mod-\d\d")
PSEUDONYMS = re.compile(r"R-[a-z2-7]{8}")


@pytest.fixture(scope="module")
def unnamed(hatecheck_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of ten reviewers that does not grant names."""
    return copied(hatecheck_workspace, tmp_path_factory.mktemp("people") / "log", names=False)


@pytest.fixture
def log(unnamed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, with the environment that opens it."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(unnamed))
    return unnamed


def copied(workspace: Path, path: Path, *, names: bool) -> Path:
    """A copy of a workspace that grants names, or does not."""
    settings = Path(shutil.copytree(workspace, path)) / "workspace.toml"
    settings.write_text(re.sub("names = .*", f"names = {str(names).lower()}", settings.read_text()))
    return path


def shown(app: AppTest) -> str:
    """All that a page hands to the browser: prose, tables, charts and choices."""
    tables = [str(table.value.to_dict()) for table in app.dataframe]
    options = [str(box.options) for box in app.selectbox]
    return "\n".join([said(app), *tables, *options, *(str(chart.proto) for chart in app.get("vega_lite_chart"))])


@pytest.mark.parametrize("page", ["today", "agreement", "accuracy", "reviewers", "reviewer", "cases"])
def test_no_page_shows_an_id(page: str, log: Path) -> None:  # noqa: ARG001 - opens it
    everything = shown(pages.opened(page))
    assert not IDS.search(everything)
    assert page in ("today", "accuracy") or len(set(PSEUDONYMS.findall(everything))) == 10


def test_a_case_shows_pseudonyms_and_a_link_with_one_finds_the_reviewers_cases(log: Path) -> None:  # noqa: ARG001
    app = pages.opened("cases", item_id="case-03220")
    names = set(PSEUDONYMS.findall(shown(app)))
    assert not IDS.search(shown(app))
    assert len(names) == 10
    assert all("No item fits" not in said(pages.opened("cases", reviewer_a=name)) for name in names)


def test_pseudonyms_last_as_long_as_the_workspace_and_are_others_in_another_one(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = set(PSEUDONYMS.findall(shown(pages.opened("agreement"))))
    copy = copied(log, tmp_path / "copy", names=False)
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(copy))
    assert set(PSEUDONYMS.findall(shown(pages.opened("agreement")))) == first
    settings = copy / "workspace.toml"
    settings.write_text(re.sub(r'created_at = ".*"', 'created_at = "2026-01-01"', settings.read_text()))
    assert not first & set(PSEUDONYMS.findall(shown(pages.opened("agreement"))))


def test_ids_are_shown_where_the_workspace_grants_them(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(copied(log, tmp_path / "copy", names=True)))
    everything = shown(pages.opened("agreement"))
    assert IDS.search(everything)
    assert not PSEUDONYMS.search(everything)
