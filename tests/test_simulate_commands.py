"""`evenhand simulate`, `evenhand demo` and `evenhand init --from`: a whole log in one go, or nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from dashboard import data_commands
from dashboard.cli import main
from data import demo
from data.contract import TABLES
from data.folders import SIMULATED
from data.settings import read_settings
from data.simulation.faults import FAULTS
from data.simulation.plan import Plan
from data.store import open_workspace

Run = Callable[..., tuple[int, str, str]]
SMALL = ("--reviews", 3_000, "--days", 14, "--reviewers", 40)


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


def rows(workspace: Path) -> dict[str, int]:
    """How many rows each table of a workspace has."""
    opened = open_workspace(workspace)
    counted = {table: opened.engine.fetch(f"select count(*) as n from {table}", {}).item() for table in TABLES}  # noqa: S608
    opened.close()
    return counted


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_simulated_folder_becomes_a_workspace_with_every_table(run: Run, tmp_path: Path, form: str) -> None:
    """The summary counts what was written, and a review that was delivered twice is one review."""
    out, workspace = tmp_path / "out", tmp_path / "workspace"
    faults = ("--fault", "harsh_reviewer:size=0.6", "--fault", "wrong_gold")
    code, told, err = run("simulate", out, *SMALL, "--seed", 5, "--format", form, *faults)
    assert (code, err) == (0, "")
    assert {f"{table}.{form}" for table in TABLES} | {"answer_key.json"} == {path.name for path in out.iterdir()}
    assert "harsh_reviewer: reviewer=auto, size=0.6, day=1" in told
    assert f"evenhand init WORKSPACE --from {out}" in told
    code, told, _ = run("init", workspace, "--from", out, "--repeats", "all", "--min-n", 7)
    assert code == 0
    assert f"Workspace {workspace} is ready." in told
    assert rows(workspace)["reviews"] == 3_000
    assert all(rows(workspace).values())
    assert json.loads((workspace / "answer_key.json").read_text())
    settings = read_settings(workspace)
    assert (settings.note, settings.repeats, settings.min_n) == (SIMULATED, "all", 7)


def test_the_summary_counts_the_rows_that_were_written(run: Run, tmp_path: Path) -> None:
    told = run("simulate", tmp_path / "out", *SMALL)[1]
    counted = dict(line.split() for line in told.splitlines() if line.split()[:1] and line.split()[0] in TABLES)
    assert {table: int(n) for table, n in counted.items()} == {
        table: pl.read_parquet(tmp_path / "out" / f"{table}.parquet").height for table in TABLES
    }
    assert "No fault is planted" in told


def test_the_faults_are_listed_with_their_parameters(run: Run) -> None:
    code, told, _ = run("simulate", "--faults")
    assert code == 0
    assert all(f"\n{name} " in told for name in FAULTS)
    assert "reviewer=auto, size=0.8, day=1" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--fault", "harsh_revewer"), "is 'harsh_reviewer' meant?"),
        (("--fault", "harsh_reviewer:colour=red"), "has no 'colour'"),
        (("--reviewers", "3"), "needs between 40 and 5,000 for --reviewers"),
    ],
)
def test_what_cannot_be_simulated_is_one_sentence_and_no_folder(
    run: Run, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    code, out, err = run("simulate", tmp_path / "out", *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert not list(tmp_path.iterdir())


def test_a_log_is_not_simulated_over_another(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("x")
    code, _, err = run("simulate", tmp_path, *SMALL)
    assert (code, "is not an empty folder" in err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_the_demo_is_a_workspace_with_its_answer_key(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same way, with a smaller story; nothing else is left beside it."""
    monkeypatch.setattr(data_commands, "create_demo", partial(demo.create_demo, plan=Plan(3_000, 14, 40)))
    code, told, err = run("demo", tmp_path / "story")
    assert (code, err) == (0, "")
    assert "made-up people" in told
    assert f"evenhand serve -w {tmp_path / 'story'}" in told
    assert all(rows(tmp_path / "story").values())
    assert (tmp_path / "story" / "answer_key.json").exists()
    assert read_settings(tmp_path / "story").note == SIMULATED
    assert [path.name for path in tmp_path.iterdir()] == ["story"]
    code, _, err = run("demo", tmp_path / "story")
    assert (code, "is already a workspace" in err) == (2, True)


def test_a_demo_that_is_killed_leaves_no_workspace_and_the_next_one_clears_up(tmp_path: Path) -> None:
    """Killed while it loads."""
    killed = (
        "import os, signal, sys; from data import demo; from data.simulation.plan import Plan\n"
        "kill = lambda file, rows: os.kill(os.getpid(), signal.SIGKILL)\n"
        "demo.create_demo(sys.argv[1], Plan(3_000, 14, 40), progress=kill)"
    )
    done = subprocess.run([sys.executable, "-c", killed, tmp_path / "story"], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == [".story.making"]
    demo.create_demo(tmp_path / "story", Plan(3_000, 14, 40))
    assert [path.name for path in tmp_path.iterdir()] == ["story"]


def test_a_folder_may_hold_a_folder_of_files_for_a_table(run: Run, tmp_path: Path) -> None:
    """And what cannot be loaded anyway, such as a note, does not matter."""
    (tmp_path / "log" / "reviews").mkdir(parents=True)
    for day in (1, 2):
        rows_of_day = f"item_id,reviewer_id,label\ni{day},ana,keep\n"
        (tmp_path / "log" / "reviews" / f"2025-03-0{day}.csv").write_text(rows_of_day)
    (tmp_path / "log" / "gold.jsonl").write_text('{"item_id": "i1", "label": "keep"}\n')
    (tmp_path / "log" / "README.txt").write_text("From the warehouse.")
    assert run("init", tmp_path / "w", "--from", tmp_path / "log")[0] == 0
    assert (rows(tmp_path / "w")["reviews"], rows(tmp_path / "w")["gold"]) == (2, 1)
    assert read_settings(tmp_path / "w").note == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "log"), "log holds review.csv, which names no table"),
        (("--from", "nowhere"), "There is no folder nowhere"),
        (("--from", "log", "--sample", "hatecheck"), "not by both"),
    ],
)
def test_a_folder_that_is_no_log_is_one_sentence_and_no_workspace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "review.csv").write_text("item_id,reviewer_id,label\ni1,ana,keep\n")
    code, _, err = run("init", "w", *arguments)
    assert (code, err.count("\n")) == (2, 1)
    assert message in err
    assert os.listdir(tmp_path) == ["log"]  # noqa: PTH208 - the names are all that counts
