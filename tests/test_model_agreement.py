"""The Agreement tab of Model: what it says on published judges and on a simulated log, and where its marks lead."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pages import said
from streamlit.testing.v1 import AppTest

from dashboard import model_answers, model_sentences
from dashboard.measure import Source, measure, open_source
from dashboard.session import WORKSPACE_VARIABLE
from data.engine import Engine
from data.folders import load_folder
from data.load import load
from data.simulate import simulate
from data.simulation.faults import read_fault
from data.simulation.plan import Plan
from data.store import create, open_workspace
from metrics.model_tables import NO_LABEL
from metrics.options import Options
from queries.ask import ask
from queries.filters import Filters

JUDGE = Filters(models=("gpt-4 judge",))


def tab() -> None:
    """The tab by itself, below the choice of model and reference."""
    from dashboard import controls, model_agreement, navigation, session  # noqa: PLC0415 - it runs as a script

    session.open_workspace(session.home())
    navigation.arrive("model")
    controls.model_bar(session.models()["model"].unique(maintain_order=True).to_list(), session.references())
    model_agreement.section()


def opened(workspace: Path, monkeypatch: pytest.MonkeyPatch, **address: Any) -> AppTest:
    """The tab of a workspace, at an address with these parameters."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    app = AppTest.from_function(tab, default_timeout=60)
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three weeks with a worse version in the middle, and reviewers who follow what they see."""
    folder = tmp_path_factory.mktemp("house")
    faults = tuple(read_fault(fault) for fault in ("model_regression:day=11,size=1.5", "anchoring"))
    simulate(folder / "log", Plan(reviews=16_000, days=21, reviewers=40, seed=4, overlap_share=0.3, faults=faults))
    create(folder / "workspace")
    load_folder(folder / "workspace", folder / "log")
    return folder / "workspace"


@pytest.fixture
def xstest(xstest_workspace: Path):
    """XSTest, ready to be measured."""
    with closing(open_workspace(xstest_workspace)) as workspace:
        yield open_source(workspace)


def test_it_says_how_the_judge_stands_beside_people(xstest_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,798 of 2,250 answers are the adjudicated label; 96.4 % of the annotations agree."""
    told = said(opened(xstest_workspace, monkeypatch, model="gpt-4 judge", reference="gold"))
    assert r"**gpt\-4 judge** gives the gold label in **79.9 % (78.2 to 81.5)** of 2,250 items" in told
    assert "it is right 18.2 points less often (16.6 to 19.8) than a reviewer" in told
    consensus = opened(xstest_workspace, monkeypatch, model="gpt-4 judge")
    assert "81 items without a majority are left out." in said(consensus)
    assert [card.value for card in consensus.metric if card.label == "Human ceiling"] == ["96.4 %"]
    why = "2 reviewers have 30 items that others decided on too, and 3 are needed"
    assert consensus.dataframe[0].value.to_numpy().tolist() == [["all", "Too few to say", "–", why]]


@pytest.mark.parametrize("reference", ["consensus", "gold", "audits"])
def test_it_opens_whatever_the_reference(reference: str, house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = said(opened(house, monkeypatch, reference=reference))
    assert f"gives {model_sentences.RIGHT[reference]} in **" in told  # type: ignore[index]
    assert "With the model's answer on the screen, reviews agree with it **" in told
    assert ("**v2** against v1" in told) == (reference != "audits")


def test_a_log_without_models_answers_says_so_and_breaks_nothing(
    hatecheck_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(hatecheck_workspace))
    with closing(open_workspace(hatecheck_workspace)) as workspace:
        found = measure(open_source(workspace), "model_human_agreement")
    assert found.select("value", "n").rows() == [(None, 0)]


def test_a_worse_version_shows_on_the_items_that_both_answered(house: Path) -> None:
    with closing(open_workspace(house)) as workspace:
        changes = model_answers.version_changes(open_source(workspace), Filters(), Options(reference="gold"))
        released = ask(workspace.engine, "models", Filters()).sort("first_scored_at")
    assert changes["version"].to_list() == released["model_version"].to_list()[1:]
    worse = changes.sort("value").row(0, named=True)
    assert worse["high"] < 0


def test_a_cell_holds_as_many_items_as_its_cases(xstest: Source) -> None:
    """The matrix and the filter of the cases count alike, no label included."""
    options = Options(reference="gold")
    cells = model_answers.confusion(xstest, JUDGE, options)
    totals = cells.group_by("model_label").agg(pl.col("items").sum())
    for answer, items in totals.rows():
        asked = "" if answer == NO_LABEL else answer
        chosen = Filters(models=JUDGE.models, model_labels=(asked,))
        assert ask(xstest.engine, "distinct_items", chosen)["items"].to_list() == ([items] if items else [])


def test_differences_are_worded_with_their_direction_and_doubt() -> None:
    row = {"value": -0.0512, "low": -0.08, "high": -0.02, "n": 1000}
    assert model_sentences.difference(row) == "5.1 points less often (2.0 to 8.0)"
    unsure = row | {"value": 0.01, "low": -0.02}
    assert "which may be luck," in model_sentences.difference(unsure | {"high": 0.04})
    assert model_sentences.difference(row | {"low": None, "high": None}) == "5.1 points less often"


TABLES = {
    "reviews": [
        "item_id,reviewer_id,label,decided_at,is_blind,model_shown",
        "a,one,keep,2026-03-02T10:00:00Z,true,false",
        "a,two,remove,2026-03-02T11:00:00Z,true,false",
        "b,one,remove,2026-03-03T10:00:00Z,true,false",
        "b,two,remove,2026-03-20T10:00:00Z,true,true",
        "c,one,keep,2026-03-04T10:00:00Z,true,false",
    ],
    "gold": ["item_id,label", "a,remove"],
    "predictions": [
        "item_id,model,model_version,scored_at,label",
        "a,m,v1,2026-03-01T10:00:00Z,keep",
        "a,m,v2,2026-03-10T10:00:00Z,remove",
        "a,m,v3,2026-03-11T10:00:00Z,",
        "b,m,v1,2026-03-01T10:00:00Z,remove",
        "b,m,v3,2026-03-11T10:00:00Z,keep",
        "c,m,v3,2026-03-01T10:00:00Z,keep",
    ],
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Three items that one can count by hand."""
    folder = tmp_path_factory.mktemp("small")
    create(folder / "workspace")
    for table, lines in TABLES.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n")
        load(folder / "workspace", table, [folder / f"{table}.csv"])
    with closing(open_workspace(folder / "workspace")) as workspace:
        yield workspace.engine


def test_joint_answers_tell_model_people_and_gold_of_one_item(engine: Engine) -> None:
    """Reviews that saw the answer are left out; an item without gold stays, with its reviews."""
    assert set(ask(engine, "joint_answers", Filters()).rows()) == {
        ("keep", "remove", "1\x1fkeep\x1e1\x1fremove", 1),
        ("remove", None, "1\x1fremove", 1),
        ("keep", None, "1\x1fkeep", 1),
    }


def test_each_version_is_set_beside_the_next_that_answered_the_item(engine: Engine) -> None:
    assert set(ask(engine, "version_pairs", Filters()).rows()) == {
        ("v1", "v2", "keep", "remove", "remove", "1\x1fkeep\x1e1\x1fremove", 1),
        ("v2", "v3", "remove", None, "remove", "1\x1fkeep\x1e1\x1fremove", 1),
        ("v1", "v3", "remove", "keep", None, "1\x1fremove", 1),
    }
