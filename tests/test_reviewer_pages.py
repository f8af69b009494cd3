"""The pages on people: everybody among their like, and one of them."""

from datetime import timedelta
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

REVIEWERS = 40
HARSH = "mod-007"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house in which one reviewer enforces far more than the others."""
    folder = tmp_path_factory.mktemp("reviewer_pages")
    fault = read_fault(f"harsh_reviewer:reviewer={HARSH},size=2.5")
    simulate(folder / "log", Plan(reviews=60_000, days=28, reviewers=REVIEWERS, seed=3, faults=(fault,)))
    create_from(folder / "log", folder / "house", settings=Settings(names=True, target=0.75))
    bring_up_to_date(folder / "house")
    return folder / "house"


@pytest.fixture
def environment(house: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(house))
    return house


@pytest.mark.usefixtures("environment")
def test_the_page_names_who_leans_and_says_how_many_chance_would_give() -> None:
    told = said(pages.opened("reviewers"))
    assert "**mod\\-007** (enforces more)" in told
    assert f"Chance alone would put about 2 of {REVIEWERS} reviewers outside the 95 % limits" in told
    assert "has a reliability of" in told or "No detectable difference" in told


@pytest.mark.usefixtures("environment")
def test_everybody_is_drawn_and_a_rank_is_an_interval() -> None:
    app = pages.opened("reviewers")
    (table,) = app.dataframe
    assert table.value.shape[0] == REVIEWERS
    assert table.value["rank between"].str.contains(" to ").all()
    assert {"answers", "95 % interval", "gate", "answers needed to decide"} <= set(table.value.columns)
    assert f"Funnel of {REVIEWERS} reviewers" in str(app.get("vega_lite_chart")[0].proto)


@pytest.mark.usefixtures("environment")
def test_a_profile_sets_errors_against_what_others_would_make_and_hides_small_cells() -> None:
    app = pages.opened("reviewer", who=HARSH)
    told = said(app)
    assert "where all others would have made" in told
    assert "hidden" in told
    (peers,) = app.dataframe
    assert (peers.value["items in common"] >= Settings().min_cell).all()
    assert HARSH not in peers.value["peer"].tolist()


@pytest.mark.usefixtures("environment")
def test_a_link_to_nobody_asks_whose_profile_is_meant() -> None:
    assert "Choose a reviewer above" in said(pages.opened("reviewer", who="nobody"))
    assert "Choose a reviewer above" in said(pages.opened("reviewer"))


def test_a_log_without_gold_says_what_is_missing(convabuse_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(convabuse_workspace))
    assert "Load a `gold` table" in said(pages.opened("reviewers"))


@pytest.mark.usefixtures("environment")
def test_an_action_is_noted_on_the_profile_measured_and_listed_for_everybody() -> None:
    app = pages.opened("reviewer", who=HARSH)
    assert "Nothing is noted yet." in said(app)
    app.text_input("note_What was done").input("calibrated on the nudity policy")
    app.date_input("on").set_value(app.date_input("on").value - timedelta(days=10))
    app.button[-1].click().run()
    assert not app.exception
    assert "Nothing is noted yet." not in said(pages.opened("reviewer", who=HARSH))
    table = pages.opened("reviewers").dataframe[-1].value
    assert table["action"].to_list() == ["calibrated on the nudity policy"]
    assert table["about"].to_list() == [HARSH]
    assert "points" in table["effect on accuracy"][0]
    assert "Nothing is noted yet." in said(pages.opened("reviewer", who="mod-001"))


@pytest.mark.usefixtures("environment")
def test_the_same_action_twice_is_refused_in_one_sentence() -> None:
    app = pages.opened("reviewer", who="mod-002")
    for _ in range(2):
        app.button[-1].click().run()
    assert not app.exception
    assert "is about the same people" in said(app)
