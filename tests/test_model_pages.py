"""The pages on models and standards, on a house in which a model is too sure of itself and a standard changes."""

from pathlib import Path

import pages
import pytest
from pages import said

from dashboard.session import WORKSPACE_VARIABLE
from data.folders import create_from
from data.settings import Settings
from data.simulate import simulate
from data.simulation.faults import read_fault
from data.simulation.plan import Plan
from queries.refresh import bring_up_to_date

FAULTS = ("overconfident_model:size=2.5", "standard_change:policy=harassment,day=15,share=0.3,lag=3")
VERSION = "2026.1"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house with these faults."""
    folder = tmp_path_factory.mktemp("model_pages")
    faults = tuple(read_fault(text) for text in FAULTS)
    simulate(folder / "log", Plan(reviews=40_000, days=42, reviewers=40, seed=5, gold_share=0.1, faults=faults))
    create_from(folder / "log", folder / "house", settings=Settings(names=True))
    bring_up_to_date(folder / "house")
    return folder / "house"


@pytest.fixture(autouse=True)
def _of_the_house(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages show this house."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(house))


def test_scores_that_are_too_sure_are_said_to_be_and_mended() -> None:
    told = said(pages.opened("model", tab="Confidence", reference="gold"))
    assert "are **too extreme**" in told
    assert "Gold is no sample of content" in told
    assert "lowers the Brier score by" in told
    assert "All scored content, from few labels" not in told


def test_from_audits_the_page_tells_all_content_and_does_not_believe_the_model() -> None:
    told = said(pages.opened("model", tab="Confidence", reference="audits"))
    assert "All scored content, from few labels" in told
    assert "do not believe it, its scores are not calibrated" in told


def test_only_the_open_tab_is_computed() -> None:
    told = said(pages.opened("model", tab="Drift"))
    assert "expected by chance" in told
    assert "Would other scores be better?" not in told


def test_a_standard_that_was_taken_up_is_told_so() -> None:
    page = pages.opened("standards")
    told = said(page)
    assert page.selectbox("standard").value == f"harassment {VERSION}"
    assert "decisions on items that the versions judge differently are by the new version" in told
    assert "Nothing can be said on what will change: no items that were decided under two versions" in told
    assert "Which clauses to rewrite" in "".join(each.value for each in page.subheader)


def test_reviewers_of_whom_too_little_is_known_are_hidden() -> None:
    told = said(pages.opened("standards"))
    assert "Late: most likely still by the old version after day 14." in told
    assert "reviewers with too few answers hidden." in told
