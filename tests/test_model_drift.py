"""The Drift tab of Model: what it says of a log with a worse version and of one without times, where its marks lead."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pages import said
from streamlit.testing.v1 import AppTest

from dashboard import drift_sentences
from dashboard.drift_answers import Drifts, drifts
from dashboard.measure import measure, open_source
from dashboard.session import WORKSPACE_VARIABLE
from data.folders import load_folder
from data.simulate import simulate
from data.simulation.faults import read_fault
from data.simulation.plan import Plan
from data.store import create, open_workspace
from metrics.model_series import EVERYTHING
from metrics.options import Options
from queries.filters import Filters

PLAN = Plan(
    reviews=40_000,
    days=42,
    reviewers=40,
    seed=7,
    overlap_share=0.3,
    faults=(read_fault("model_regression:day=25,size=1.5"),),
)


def tab() -> None:
    """The tab by itself, below the choice of model and reference."""
    from dashboard import controls, model_drift, navigation, session  # noqa: PLC0415 - it runs as a script

    session.open_workspace(session.home())
    navigation.arrive("model")
    if not (models := session.models()).is_empty():
        controls.model_bar(models["model"].unique(maintain_order=True).to_list(), session.references())
    model_drift.section()


def opened(workspace: Path, monkeypatch: pytest.MonkeyPatch, **address: Any) -> AppTest:
    """The tab of a workspace, at an address with these parameters."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    app = AppTest.from_function(tab, default_timeout=300)
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six weeks with a worse version from the 25th day on."""
    folder = tmp_path_factory.mktemp("drift")
    simulate(folder / "log", PLAN)
    create(folder / "workspace")
    load_folder(folder / "workspace", folder / "log")
    return folder / "workspace"


@pytest.fixture(scope="module")
def found(house: Path) -> Drifts:
    """What drifted in it, by site and day."""
    with closing(open_workspace(house)) as workspace:
        return drifts(open_source(workspace), Filters(), Options(), by="site", period="day")


def test_the_worse_version_is_found_on_its_day_in_the_agreement_and_in_the_scores(found: Drifts) -> None:
    changes = found.watches[EVERYTHING, "model_human_agreement"].changes.changes
    began = PLAN.at(24).date()
    assert any(each.earliest <= began <= each.latest and each.size < 0 for each in changes)
    calls = dict(zip(drift_sentences.MEASURES, found.calls[EVERYTHING, "scores"], strict=True))
    assert calls["psi"]
    assert found.signals > 5 * found.by_chance


def test_every_site_is_watched_and_the_numbers_are_the_catalogues(house: Path, found: Drifts) -> None:
    with closing(open_workspace(house)) as workspace:
        source = open_source(workspace)
        days = measure(source, "model_human_agreement", by=("site", "day"), min_n=1).drop_nulls("value")
        sites = days["site"].unique().to_list()
    assert {part for part, _ in found.watches} == {EVERYTHING, *sites}
    for site in sites:
        points = found.watches[site, "model_human_agreement"].points
        expected = days.filter(site=site).sort("day")
        assert points["n"].to_list() == expected["n"].to_list()
        assert points["value"].to_list() == pytest.approx(expected["value"].to_list())


def test_the_tab_says_signals_changes_and_verdicts(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(house, monkeypatch)
    prose = said(app)
    assert "expected by chance alone" in prose
    assert "Agreement fell by **" in prose
    assert "Scores **drifted** by stability index" in prose
    table = app.dataframe[0].value
    assert table["verdict"][0] == "drift"
    assert set(table["rule of thumb"]) <= {"–", "stable", "moderate", "major"}


def test_a_week_leads_to_its_cases(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(house, monkeypatch, drift_period="week")
    assert "Grey: limits by" in said(app) or "No limits: 7 points are too few" in said(app)
    options = app.selectbox(key="pick_drift_model_human_agreement").options
    assert options[1] == "2026-05-25 · 2026-05-31"


@pytest.mark.parametrize("reference", ["gold", "audits"])
def test_it_opens_whatever_the_reference(reference: str, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "expected by chance alone" in said(opened(house, monkeypatch, reference=reference))


def test_a_log_without_times_says_what_is_missing(xstest_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Drift needs to know when decisions were made" in said(opened(xstest_workspace, monkeypatch))
