"""The Threshold tab of Model and the command: what may be decided alone, in the same words and numbers."""

import json
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import polars as pl
import pytest
from pages import said
from scipy.stats import beta
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard import threshold_sentences
from dashboard.cli import app as commands
from dashboard.cli import main
from dashboard.measure import Source, open_source
from dashboard.routed import routed
from dashboard.session import WORKSPACE_VARIABLE
from dashboard.thresholding import labelled, promised
from data.errors import LogError
from data.load import load
from data.store import create, open_workspace
from metrics.options import Options
from queries.filters import Filters

EVERYTHING = Filters()
GOLD = Options(reference="gold")
# Policy, score, right label, items: spam is told well, and of hate there are few.
ITEMS = (
    *(("spam", 0.97, "remove", 300), ("spam", 0.97, "keep", 1), ("spam", 0.6, "remove", 40), ("spam", 0.6, "keep", 60)),
    *(("spam", 0.02, "keep", 320), ("hate", 0.97, "remove", 30), ("hate", 0.02, "keep", 30)),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log in which every item is reviewed once, all of them have gold, and a model scored them."""
    folder = tmp_path_factory.mktemp("thresholds")
    create(folder / "w")
    tables: dict[str, list[str]] = {
        "labels": ["label,severity,is_violating", "keep,0,false", "remove,1,true"],
        "costs": ["true,assigned,cost", "keep,remove,5", "remove,keep,20"],
        "reviews": ["review_id,item_id,reviewer_id,label,policy,claimed_at,decided_at"],
        "gold": ["item_id,label"],
        "predictions": ["item_id,model,model_version,scored_at,label,score"],
    }
    for kind, (policy, score, label, items) in enumerate(ITEMS):
        for number in range(items):
            item, day = f"i-{kind}-{number}", f"2026-03-{number % 28 + 1:02}"
            tables["reviews"].append(f"{item},{item},r{number % 5},{label},{policy},{day}T10:00:00Z,{day}T10:00:36Z")
            tables["gold"].append(f"{item},{label}")
            said_so = "remove" if score > 0.5 else "keep"
            tables["predictions"].append(f"{item},judge,1,2026-02-01T00:00:00Z,{said_so},{score}")
    for table, lines in tables.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n")
        load(folder / "w", table, [folder / f"{table}.csv"])
    return folder / "w"


@pytest.fixture(scope="module")
def source(home: Path):
    with closing(open_workspace(home)) as workspace:
        yield open_source(workspace)


def test_each_slice_is_promised_what_its_labels_allow(source: Source) -> None:
    """One error in 301 from 0.61 on, by three starts of five; hate has 60 labels, and would need 104 to join spam."""
    found = promised(
        labelled(source, EVERYTHING, by=("policy",), options=GOLD), errors=("removal",), alpha=0.05, delta=0.05
    )
    hate, spam = found.sort("policy").rows(named=True)
    assert (spam["threshold"], spam["n"], spam["errors"], spam["labels"]) == (0.61, 301, 1, 721)
    assert spam["bound"] == pytest.approx(beta.ppf(1 - 0.03, 2, 300))
    assert (hate["threshold"], hate["labels"]) == (None, 60)
    assert "60 labels; at least 104 are needed beyond a threshold" in hate["note"]


@pytest.mark.parametrize("reference", ["consensus", "gold"])
def test_every_reference_gives_scores_beside_what_turned_out(source: Source, reference: Any) -> None:
    ((_, outcomes, _),) = labelled(source, EVERYTHING, by=(), options=Options(reference=reference))
    assert dict(outcomes.group_by("score").agg(pl.col("items").sum()).iter_rows()) == {0.02: 350, 0.6: 100, 0.97: 331}
    assert outcomes.filter("is_violating")["items"].sum() == 370


def test_the_command_prints_the_same(home: Path, source: Source) -> None:
    options = ["--by", "policy", "--alpha", "0.05", "--set", "reference=gold", "--format", "json"]
    printed = CliRunner().invoke(commands, ["threshold", "-w", str(home), *options])
    assert printed.exit_code == 0, printed.output
    found = promised(
        labelled(source, EVERYTHING, by=("policy",), options=GOLD),
        errors=("removal", "keep"),
        alpha=0.05,
        delta=0.05,
    )
    assert json.loads(printed.output) == found.to_dicts()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--alpha", "0"], "--alpha lies between 0 and 1, such as 0.02, and 0 does not"),
        (["--delta", "1.5"], "--delta lies between 0 and 1, such as 0.02, and 1.5 does not"),
        (["--by", "label"], "a threshold cannot be cut by label"),
        (["--set", "reference=audits"], "no score stands beside a right label"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence(home: Path, options: list[str], message: str) -> None:
    with pytest.raises(LogError, match=message.replace(".", r"\.")):
        CliRunner().invoke(commands, ["threshold", "-w", str(home), *options], catch_exceptions=False)


def test_two_thresholds_are_looked_up_faster_than_a_frame(source: Source) -> None:
    """Everything is summed before; a slider's answer takes less than a millisecond, whatever the size of the log."""
    found = routed(source, EVERYTHING, GOLD)
    made = found.at(0.1, 0.9)
    assert (made.kept.items, made.removed.items, found.whole) == (350, 331, 781)
    assert made.hours == pytest.approx((350 + 331) * 36 / 3600, rel=0.3)
    assert made.harm.value == pytest.approx(5 * 331 * 1 / 331)
    started = perf_counter()
    for step in range(100):
        found.at(step / 200, 1 - step / 200)
    assert perf_counter() - started < 0.1


def tab() -> None:
    """The tab by itself, below the choice of model and reference."""
    from dashboard import controls, model_threshold, navigation, session  # noqa: PLC0415 - it runs as a script

    session.open_workspace(session.home())
    navigation.arrive("model")
    controls.model_bar(session.models()["model"].unique(maintain_order=True).to_list(), session.references())
    model_threshold.section()


def opened(workspace: Path, monkeypatch: pytest.MonkeyPatch, **address: Any) -> AppTest:
    """The tab of a workspace, at an address with these parameters."""
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    app = AppTest.from_function(tab, default_timeout=60)
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


def test_the_tab_says_what_is_promised_what_errs_and_what_is_saved(home: Path, monkeypatch) -> None:
    prose = said(opened(home, monkeypatch, reference="gold"))
    assert "1 of 4 thresholds" in prose
    assert "Deciding everything at a score of a half, it is wrong in **7.8 %" in prose
    assert "The model decides **87.2 %** of 781 items alone." in prose
    assert "hours** " not in prose
    assert "**harm 5 (" in prose


def test_a_moved_slider_changes_what_the_zones_hold(home: Path, monkeypatch) -> None:
    app = opened(home, monkeypatch, reference="gold")
    app.slider(key="thresholds").set_value((0.0, 0.98)).run()
    assert not app.exception
    assert "The model decides **0.0 %** of 781 items alone." in said(app)
    assert "errors unknown: no item with a label lies there" in said(app)


def test_what_may_not_be_decided_alone_comes_last_and_says_why() -> None:
    rows = {
        "policy": ["a", "b"],
        "error": ["keep", "removal"],
        "threshold": [None, 0.8],
        "rate": [None, 0.01],
        "bound": [None, 0.02],
        "decided": [None, 0.3],
        "n": [0, 400],
        "errors": [0, 4],
        "labels": [12, 1_000],
        "needed": [228, None],
        "note": ["no threshold can be promised: 12 labels", ""],
    }
    table = threshold_sentences.table(pl.DataFrame(rows), ("policy",))
    assert table["the model may"].to_list() == ["remove from 0.80 on", "not keep alone"]
    assert table["note"].to_list() == ["", "12 labels"]
    assert table["promised at most"].to_list() == ["2.0 %", "–"]


def test_a_model_without_scores_has_no_threshold(tmp_path: Path, monkeypatch, capsys) -> None:
    create(tmp_path / "w")
    tables = {
        "labels": "label,severity,is_violating\nkeep,0,false\nremove,1,true\n",
        "reviews": "item_id,reviewer_id,label\na,r,keep\nb,r,remove\n",
        "predictions": "item_id,model,model_version,scored_at,label\na,judge,1,2026-02-01T00:00:00Z,keep\n",
    }
    for table, text in tables.items():
        (tmp_path / f"{table}.csv").write_text(text)
        load(tmp_path / "w", table, [tmp_path / f"{table}.csv"])
    assert "no score stands beside a right label" in said(opened(tmp_path / "w", monkeypatch))
    monkeypatch.setattr("sys.argv", ["evenhand", "threshold", "-w", str(tmp_path / "w")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "load `predictions` with scores" in capsys.readouterr().err
