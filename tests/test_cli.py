"""The command line as scripts see it: output, formats and exit codes."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from dashboard.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: its exit code, output and messages."""

    def command(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["evenhand", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return command


@pytest.fixture
def tiny(tmp_path: Path, run: Run) -> Path:
    """A workspace with three items, two reviewers and gold."""
    (tmp_path / "log.csv").write_text("case,who,verdict\n1,a,x\n1,b,x\n2,a,y\n2,b,x\n3,a,y\n3,b,y\n")
    (tmp_path / "gold.csv").write_text("item_id,label\n1,x\n2,y\n3,y\n")
    workspace = tmp_path / "workspace"
    assert run("init", workspace)[0] == 0
    maps = ["--map", "item_id=case", "--map", "reviewer_id=who", "--map", "label=verdict"]
    assert run("load", "reviews", tmp_path / "log.csv", "-w", workspace, *maps)[0] == 0
    assert run("load", "gold", tmp_path / "gold.csv", "-w", workspace)[0] == 0
    return workspace


def test_show_gives_a_list_of_rows(run: Run, tiny: Path) -> None:
    code, out, _ = run("show", "accuracy", "-w", tiny, "--by", "reviewer", "--set", "min_n=1", "--format", "json")
    assert code == 0
    rows = json.loads(out)
    assert [(row["reviewer"], row["value"], row["n"]) for row in rows] == [
        ("a", 1.0, 3),
        ("b", pytest.approx(2 / 3), 3),
    ]
    assert list(rows[0]) == ["reviewer", "value", "low", "high", "n", "note"]


def test_what_is_undefined_is_null_with_a_note(run: Run, tiny: Path) -> None:
    _, out, _ = run("show", "over_enforcement", "-w", tiny, "--format", "json")
    assert json.loads(out)[0]["value"] is None
    assert "is_violating" in json.loads(out)[0]["note"]


def test_what_is_withheld_says_how_many_there_are(run: Run, tiny: Path) -> None:
    _, out, _ = run("show", "accuracy", "-w", tiny, "--format", "json")
    assert json.loads(out)[0]["note"] == "withheld: 6 answers on gold, fewer than 30"


def test_filters_narrow_the_answer(run: Run, tiny: Path) -> None:
    arguments = ("show", "accuracy", "-w", tiny, "--where", "reviewer=b", "--set", "min_n=1", "--format", "json")
    assert json.loads(run(*arguments)[1])[0]["n"] == 3


def test_every_format_carries_the_same_rows(run: Run, tiny: Path, tmp_path: Path) -> None:
    arguments = ("show", "percent_agreement", "-w", tiny, "--set", "min_n=1", "--format")
    value = json.loads(run(*arguments, "json")[1])[0]["value"]
    assert f"{value:.4f}" in run(*arguments, "table")[1]
    (tmp_path / "out.csv").write_text(run(*arguments, "csv")[1])
    assert pl.read_csv(tmp_path / "out.csv")["value"][0] == pytest.approx(value)
    command = [sys.executable, "-m", "dashboard", *map(str, arguments), "parquet"]
    (tmp_path / "out.parquet").write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    assert pl.read_parquet(tmp_path / "out.parquet")["value"][0] == pytest.approx(value)


def test_matrices_and_aggregation(run: Run, tiny: Path, tmp_path: Path) -> None:
    confusion = json.loads(run("matrix", "confusion", "-w", tiny, "--format", "json")[1])
    assert {(row["gold_label"], row["label"]): row["answers"] for row in confusion if row["answers"]} == {
        ("x", "x"): 2,
        ("y", "x"): 1,
        ("y", "y"): 3,
    }
    pairs = json.loads(run("matrix", "pairs", "-w", tiny, "--format", "json")[1])
    assert [(row["reviewer_a"], row["reviewer_b"], row["n"]) for row in pairs] == [("a", "b", 3)]
    summary = json.loads(run("aggregate", "majority", "-w", tiny, "--labels", tmp_path / "labels.csv")[1])
    assert list(summary) >= ["method", "items", "converged", "iterations", "accuracy", "ties"]
    assert (summary["items"], summary["ties"]) == (3, 1)
    assert pl.read_csv(tmp_path / "labels.csv").columns == ["item", "label", "probability"]


def test_health_and_metrics_are_lists(run: Run, tiny: Path) -> None:
    health = json.loads(run("health", "-w", tiny, "--format", "json")[1])
    assert [row["table_name"] for row in health["loads"]] == ["gold", "reviews"]
    assert any(row["missing"] == "costs" for row in health["features_off"])
    assert {"accuracy", "krippendorff_alpha"} <= {row["name"] for row in json.loads(run("metrics", "--json")[1])}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "acuracy"), "did you mean accuracy"),
        (("show", "accuracy", "--by", "policy,policy"), "the same dimension twice"),
        (("show", "accuracy", "--since", "2025-03-02", "--until", "2025-03-01"), "--since comes after --until"),
        (("show", "gwet_ac1", "--set", "weights=linear"), "gwet_ac1 knows no weights"),
        (("show", "fleiss_kappa", "--set", "level=ordinal"), "fleiss_kappa knows no level"),
        (("aggregate", "majority", "--labels", "labels.json"), "written as .csv or .parquet"),
        (("show", "accuracy", "--by", "planet"), "cannot be cut by planet"),
        (("show", "krippendorff_alpha", "--by", "reviewer"), "cannot be cut by reviewer"),
        (("show", "accuracy", "--where", "planet=x"), "cannot filter by 'planet'"),
        (("show", "accuracy", "--where", "reviewer"), "--where takes name=value"),
        (("show", "accuracy", "--since", "yesterday"), "--since takes a day"),
        (("show", "accuracy", "--set", "colour=red"), "--set takes level"),
        (("show", "accuracy", "--set", "interval=bootstrap"), "has no 'bootstrap' interval"),
        (("show", "krippendorff_alpha", "--set", "level=ordinal"), "order of the labels"),
        (("show", "gwet_ac1", "--set", "categories=x,z"), "'y' occurs but is not among"),
        (("matrix", "pairs", "--set", "categories=x,z"), "'y' occurs but is not among"),
        (("aggregate", "majority", "--set", "categories=x,z"), "'y' occurs but is not among"),
        (("show", "accuracy", "--set", "min_n=few"), "min_n takes a whole number"),
        (("matrix", "identity"), "there are confusion and pairs"),
        (("aggregate", "oracle"), "there are majority, dawid-skene"),
    ],
)
def test_a_wrong_request_gets_one_message_and_exit_2(run: Run, tiny: Path, arguments: tuple, message: str) -> None:
    code, out, err = run(*arguments, "-w", tiny)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_an_empty_workspace_has_empty_answers(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "w")
    for kind in ("confusion", "pairs"):
        code, out, _ = run("matrix", kind, "-w", tmp_path / "w", "--format", "json")
        assert (code, json.loads(out)) == (0, [])
    code, _, err = run("aggregate", "majority", "-w", tmp_path / "w")
    assert (code, "nothing to aggregate" in err) == (2, True)


def test_a_missing_workspace_is_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "show", "accuracy", "-w", str(tmp_path / "nowhere")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "evenhand init" in done.stderr
    assert "Traceback" not in done.stderr


def test_tables_for_spreadsheets_hold_no_formulas(run: Run, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text('item_id,reviewer_id,label\n1,"=cmd()",x\n1,b,x\n')
    run("init", tmp_path / "w")
    run("load", "reviews", tmp_path / "log.csv", "-w", tmp_path / "w")
    assert "'=cmd()" in run("matrix", "pairs", "-w", tmp_path / "w", "--format", "csv")[1]
