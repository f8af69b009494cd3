"""Questions about models, on a log small enough to count by hand."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard.measure import measure, open_source
from data.engine import Engine
from data.errors import LogError
from data.load import load
from data.settings import Settings
from data.store import create, open_workspace
from queries.ask import ask
from queries.filters import Filters

LOG = {
    "labels": ["label,severity,is_violating", "keep,0,false", "remove,1,true"],
    "reviews": [
        "review_id,item_id,reviewer_id,label,policy,decided_at,is_blind,model_shown",
        "r1,a,one,keep,p,2026-03-02T10:00:00Z,true,false",
        "r2,a,two,remove,p,2026-03-02T11:00:00Z,true,false",
        "r3,b,one,remove,p,2026-03-03T10:00:00Z,true,false",
        "r4,b,two,remove,p,2026-03-20T10:00:00Z,true,false",
        "r5,c,one,keep,q,2026-03-04T10:00:00Z,true,true",
        "r6,d,one,keep,q,2026-03-04T11:00:00Z,true,false",
        "r7,g,one,keep,q,2026-03-04T12:00:00Z,true,false",
        "r8,g,two,keep,q,2026-03-20T12:00:00Z,true,false",
    ],
    "gold": ["item_id,label", "g,remove"],
    "audits": [
        "review_id,auditor_id,label,audited_at,stratum,inclusion_probability,is_blind",
        "r1,aud,remove,2026-03-05T10:00:00Z,s,0.5,true",
        "r3,aud,remove,2026-03-05T10:00:00Z,s,0.5,true",
        "r6,aud,keep,2026-03-05T10:00:00Z,s,0.5,false",
    ],
    "predictions": [
        "item_id,model,model_version,scored_at,label,score",
        "a,m,v1,2026-03-01T10:00:00Z,keep,0.25",
        "b,m,v1,2026-03-01T10:00:00Z,remove,0.75",
        "b,m,v2,2026-03-10T10:00:00Z,keep,0.12344",
        "c,m,v1,2026-03-01T10:00:00Z,keep,0.1",
        "d,m,v1,2026-03-30T10:00:00Z,I cannot say,",
        "g,m,v1,2026-03-01T10:00:00Z,keep,0.3",
        "g,m,v2,2026-03-10T10:00:00Z,remove,0.9",
        "z,m,v1,2026-03-01T10:00:00Z,keep,0.3",
    ],
}
TWO_MODELS = [LOG["predictions"][0], "a,other,v1,2026-03-01T10:00:00Z,remove,"]


def made(folder: Path, tables: dict[str, list[str]]) -> Path:
    """A workspace that holds these tables."""
    workspace = folder / "workspace"
    create(workspace, settings=Settings(min_n=1))
    for table, lines in tables.items():
        path = folder / f"{table}.csv"
        path.write_text("\n".join(lines) + "\n")
        load(workspace, table, [path])
    return workspace


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The log in a workspace."""
    with closing(open_workspace(made(tmp_path_factory.mktemp("models"), LOG))) as workspace:
        yield workspace.engine


def answered(engine: Engine, name: str, *by: str, filters: Filters | None = None, scores: bool = False) -> set[Any]:
    """The rows of an answer."""
    found = ask(engine, name, filters or Filters(), by=by, parameters={"with_scores": scores})
    return {tuple(row) for row in found.drop("score" if not scores else []).iter_rows()}


def test_an_item_counts_with_the_version_in_force_at_each_review(engine: Engine) -> None:
    """Of b the first review met v1 and the second v2; d was scored later, and that answer is no label."""
    assert answered(engine, "model_patterns") == {
        ("keep", "1\x1fkeep\x1e1\x1fremove", 1),
        ("remove", "1\x1fremove", 1),
        ("keep", "1\x1fremove", 1),
        ("I cannot say", "1\x1fkeep", 1),
        ("keep", "1\x1fkeep", 1),
        ("remove", "1\x1fkeep", 1),
    }


def test_cut_by_version_every_version_answers_for_itself(engine: Engine) -> None:
    assert answered(engine, "model_patterns", "model_version", filters=Filters(policies=("p",))) == {
        ("v1", "keep", "1\x1fkeep\x1e1\x1fremove", 1),
        ("v1", "remove", "2\x1fremove", 1),
        ("v2", "keep", "2\x1fremove", 1),
    }


def test_a_filter_by_version_lets_through_what_that_version_said(engine: Engine) -> None:
    assert answered(engine, "model_patterns", filters=Filters(model_versions=("v2",))) == {
        ("keep", "2\x1fremove", 1),
        ("remove", "2\x1fkeep", 1),
    }


def test_reviews_made_with_the_answer_on_the_screen_are_not_held_against_the_model(engine: Engine) -> None:
    said = answered(engine, "model_patterns", "policy", filters=Filters(policies=("q",), until=date(2026, 3, 5)))
    assert said == {("q", "I cannot say", "1\x1fkeep", 1), ("q", "keep", "1\x1fkeep", 1)}


def test_scores_are_told_in_ten_thousandths_where_they_are_asked_for(engine: Engine) -> None:
    said = answered(engine, "model_patterns", filters=Filters(policies=("p",)), scores=True)
    assert {score for _, score, _, _ in said} == {0.25, 0.75, 0.1234}


def test_gold_is_counted_an_item_a_version(engine: Engine) -> None:
    assert answered(engine, "model_gold") == {("keep", "remove", 1), ("remove", "remove", 1)}
    assert answered(engine, "model_gold", "model_version") == {
        ("v1", "keep", "remove", 1),
        ("v2", "remove", "remove", 1),
    }


def test_an_audit_holds_the_model_against_the_auditor(engine: Engine) -> None:
    assert answered(engine, "model_audits") == {
        ("drawn", "s", 0.5, "keep", "remove", None, 1),
        ("drawn", "s", 0.5, "remove", "remove", None, 1),
        ("not blind", "s", 0.5, "I cannot say", "keep", None, 1),
    }


def test_distributions_are_of_content_and_not_of_gold(engine: Engine) -> None:
    assert answered(engine, "model_scores", "policy", scores=True) == {
        ("p", "keep", 0.25, 1),
        ("p", "remove", 0.75, 1),
        ("p", "keep", 0.1234, 1),
        ("q", "keep", 0.1, 1),
        ("q", "I cannot say", None, 1),
    }


def test_cases_can_be_narrowed_to_what_a_model_said(engine: Engine) -> None:
    """Any version's answer counts, except that a version alone means the last to score."""

    def items(**chosen: Any) -> int:
        return int(ask(engine, "distinct_items", Filters(**chosen))["items"].sum())

    assert items(model_labels=("remove",)) == 2
    assert items(model_labels=("remove",), model_versions=("v1",)) == 1
    assert items(scores=(0.2, 0.3)) == 2
    assert items(model_versions=("v1",)) == 3
    assert items(models=("nobody",)) == 0


def test_other_questions_cannot_be_cut_by_model(engine: Engine) -> None:
    with pytest.raises(LogError, match="cannot cut by 'model'; the dimensions are reviewer, team"):
        ask(engine, "volume", Filters(), by=("model",))


def test_events_tell_standards_and_releases_once(engine: Engine) -> None:
    assert ask(engine, "events", Filters()).sort("title").select("kind", "title").rows() == [
        ("model", "m v1"),
        ("model", "m v2"),
    ]


def test_a_prediction_that_comes_again_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """The ledger says so: nothing is dropped without a word."""
    workspace = made(tmp_path, LOG)
    path = tmp_path / "again.csv"
    path.write_text("\n".join([LOG["predictions"][0], "a,m,v1,2026-03-01T10:00:00Z,remove,0.8"]) + "\n")
    assert load(workspace, "predictions", [path]).replaced == 1
    with closing(open_workspace(workspace)) as opened:
        said = ask(opened.engine, "case_predictions", Filters(), parameters={"item_id": "a"})
    assert said.select("label", "score").rows() == [("remove", 0.8)]


@pytest.mark.parametrize(
    ("score", "reason"),
    [
        ("1.2", "score is not between 0 and 1"),
        ("nan", "score is not a number"),
        ("-0.1", "score is not between 0 and 1"),
    ],
)
def test_a_score_that_is_none_is_set_aside_with_its_line(tmp_path: Path, score: str, reason: str) -> None:
    workspace = made(tmp_path, LOG)
    path = tmp_path / "scores.csv"
    path.write_text("\n".join([LOG["predictions"][0], f"b,m,v3,2026-03-01T10:00:00Z,remove,{score}"]) + "\n")
    assert load(workspace, "predictions", [path]).quarantined == 1
    with closing(open_workspace(workspace)) as opened:
        rows = opened.engine.fetch("select line, reason from quarantine", {})
    assert rows.rows() == [(2, reason)]


def test_of_two_models_one_must_be_chosen(tmp_path: Path) -> None:
    workspace = made(tmp_path, LOG | {"predictions": [*LOG["predictions"], TWO_MODELS[1]]})
    with closing(open_workspace(workspace)) as opened:
        source = open_source(opened)
        with pytest.raises(LogError, match=r"several models answer here \(m, other\): choose one with --where model=m"):
            measure(source, "model_human_agreement")
        assert measure(source, "model_human_agreement", by=("model",))["model"].to_list() == ["m", "other"]
        only = measure(source, "model_human_agreement", filters=Filters(models=("other",)))
    assert isinstance(only, pl.DataFrame)
