"""A workspace of summaries that Spark made answers as one that loaded the log, and says what it cannot answer."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from engines import QUICK, awkward_log
from java import java
from pages import said
from polars.testing import assert_frame_equal
from test_app import opened

from dashboard.cli import main
from data.engine import Engine
from data.errors import LogError, NoRowsError
from data.folders import create_from
from data.settings import Settings, read_settings
from data.simulate import simulate
from data.simulation.plan import Plan
from data.spark_sessions import start_session
from data.store import Workspace, open_workspace
from queries.ask import ask, lacks_rows, reads_log
from queries.filters import Filters
from queries.keeping import erase
from queries.refresh import bring_up_to_date
from queries.statements import names

LABELS = ["no_violation", "borderline", "restrict", "warn", "interrupt", "ban"]
BOOKS = ("loads", "quarantine_reasons", "quarantined")
OF_REVIEWS = (
    "case_reviews",
    "case_clauses",
    "audits",
    "appeals",
    "adoption",
    "model_audits",
    "models",
    "case_predictions",
)
NO_MARK = {
    **dict.fromkeys(("gold_label", "label_a", "reviewer_a", "label_b", "reviewer_b", "item_id")),
    "taxonomy": LABELS,
    "page_size": 40,
    "page_start": 0,
    "is_split": True,
    "patterns": ["1\x1fno_violation\x1e1\x1frestrict", "1\x1fborderline\x1e1\x1fno_violation", "2\x1fwarn"],
    "most": 3,
    "with_scores": True,
}
CUTS = ((), ("policy",), ("queue", "week"), ("reviewer",), ("team",), ("month",), ("day",))
FILTERS = (
    Filters(),
    Filters(repeats="all", markets=("BR", "DE")),
    Filters(since=date(2026, 6, 8), until=date(2026, 6, 24), queues=("priority", "reported", "")),
    Filters(labels=("ban", "warn")),
)


def run(*arguments: object) -> int:
    """A command in this process, and the number that it exits with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["evenhand", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
    return int(stopped.value.code or 0)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log with corrections, repeats and gaps."""
    written, folder = tmp_path_factory.mktemp("simulated"), tmp_path_factory.mktemp("log")
    simulate(written, Plan(reviews=1_500, days=30, reviewers=40, seed=3, overlap_share=0.4, gold_share=0.1))
    tables = {path.stem: pl.read_parquet(path) for path in written.glob("*.parquet")}
    awkward_log(folder, {name: rows.with_columns(pl.col(pl.Enum).cast(pl.String)) for name, rows in tables.items()})
    return folder


@pytest.fixture(scope="module")
def rolled_path(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that `evenhand rollup` makes of the log."""
    if not java():
        message = "no Java on this machine, so nothing was rolled up on Spark"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    for name, value in QUICK.items():
        # The command takes the session that there is.
        start_session("local[2]").conf.set(name, value)
    path = tmp_path_factory.mktemp("rolled") / "workspace"
    assert run("rollup", "--master", "local[2]", "--input", log, "--out", path) == 0
    return path


@pytest.fixture(scope="module")
def rolled(rolled_path: Path) -> Iterator[Workspace]:
    """The workspace of summaries, open."""
    with closing(open_workspace(rolled_path)) as found:
        yield found


@pytest.fixture(scope="module")
def loaded(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that loaded the same files."""
    path = tmp_path_factory.mktemp("loaded") / "workspace"
    create_from(log, path, settings=Settings())
    bring_up_to_date(path)
    with closing(open_workspace(path)) as found:
        yield found


def answer(engine: Engine, name: str, filters: Filters, by: tuple[str, ...]) -> pl.DataFrame:
    """The answer to a question, sorted."""
    found = ask(engine, name, filters, by=by, parameters=NO_MARK)
    return found.sort(found.columns)


@pytest.mark.parametrize("by", CUTS, ids="-".join)
@pytest.mark.parametrize("name", [name for name in names() if name not in (*BOOKS, *OF_REVIEWS)])
def test_every_question_has_the_answer_of_a_loaded_log_or_is_refused(name, by, rolled, loaded):
    for filters in FILTERS:
        if reads_log(rolled.engine, name, filters, by, NO_MARK):
            with pytest.raises(NoRowsError, match="summaries and not the reviews"):
                answer(rolled.engine, name, filters, by)
        else:
            assert_frame_equal(answer(rolled.engine, name, filters, by), answer(loaded.engine, name, filters, by))


@pytest.mark.parametrize("name", OF_REVIEWS)
def test_what_came_of_some_reviews_is_refused(name, rolled):
    with pytest.raises(NoRowsError, match="summaries and not the reviews"):
        ask(rolled.engine, name, Filters(), parameters={"item_id": "item 3", "items": ["item 3"], "with_scores": True})


def test_what_the_pages_open_with_needs_no_reviews(rolled):
    asked = ("volume", "distinct_items", "taxonomy", "rating_patterns", "gold_answers")
    assert not any(
        reads_log(rolled.engine, name, Filters(), by) for name in asked for by in ((), ("policy",), ("week",))
    )
    assert lacks_rows(rolled.engine, Filters(since=date(2026, 6, 1)))


def test_the_settings_tell_where_the_summaries_come_from(log, rolled_path):
    assert read_settings(rolled_path).note == f"Summaries that Spark made of the reviews at {log}"


@pytest.mark.parametrize("page", ["today", "agreement", "accuracy", "methods"])
def test_a_page_of_numbers_opens(page, rolled_path, monkeypatch):
    app = opened(rolled_path, monkeypatch, page)
    assert not app.error
    assert [title.value for title in app.title]


@pytest.mark.parametrize("page", ["cases", "health"])
def test_a_page_of_rows_says_where_they_are(page, log, rolled_path, monkeypatch):
    assert f"the place where the reviews came from: {log}" in said(opened(rolled_path, monkeypatch, page))


def test_a_case_is_not_an_empty_answer(rolled_path, monkeypatch):
    assert "the summaries and not the reviews" in said(opened(rolled_path, monkeypatch, "cases", item_id="item 3"))


def test_nothing_is_loaded_into_summaries_nor_erased_from_them(log, rolled_path, capsys):
    assert run("load", "gold", log / "gold" / "1.parquet", "-w", rolled_path) == 2
    assert "holds summaries without their reviews" in capsys.readouterr().err
    with pytest.raises(LogError, match="holds summaries without their reviews"):
        erase(rolled_path, "mod-001")


def test_a_workspace_is_not_rolled_up_over(log, rolled_path, capsys):
    assert run("rollup", "--master", "local[2]", "--input", log, "--out", rolled_path) == 2
    assert "already a workspace. Name a folder that is new or empty." in capsys.readouterr().err


def test_spark_has_to_be_named(log, tmp_path, capsys):
    assert run("rollup", "--input", log, "--out", tmp_path / "new") == 2
    assert "Say where Spark is" in capsys.readouterr().err
