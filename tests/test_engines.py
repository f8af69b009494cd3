"""The same questions have the same answers on DuckDB, Spark and ClickHouse."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from engines import QUICK, ClickHouseEngine, awkward_log, connect_server
from java import java
from polars.testing import assert_frame_equal

from data.contract import TABLES
from data.engine import Engine
from data.engine_spark import SparkEngine
from data.errors import LogError
from data.folders import load_folder
from data.simulate import simulate
from data.simulation.plan import Plan
from data.spark_sessions import connect_session, start_session
from data.store import Workspace, create, open_workspace
from queries.ask import ask
from queries.checking import CHECKS
from queries.filters import Filters, Mark
from queries.numbering import NUMBERED
from queries.refresh import KEPT, bring_up_to_date
from queries.rolling import roll
from queries.statements import names

LABELS = ["no_violation", "borderline", "restrict", "warn", "interrupt", "ban"]
BOOKS = ("loads", "quarantine")
PAGE = {
    "with_scores": True,
    "taxonomy": LABELS,
    "page_size": 40,
    "page_start": 3,
    "most": 3,
    "patterns": ["1\x1fno_violation\x1e1\x1frestrict", "1\x1fborderline\x1e1\x1fno_violation", "2\x1fwarn"],
    "items": [f"clip-{number:09}" for number in range(400)],
}
SOME = Filters(
    since=date(2026, 6, 8),
    until=date(2026, 6, 24),
    queues=("priority", "reported", ""),
    labels=("ban", "warn", "no_violation"),
    stages=("overlap", "gold", "live"),
)

SPARK_ONLY = pytest.mark.parametrize("engine", ["spark", "spark connect"], indirect=True, scope="module")
# A page of cases takes marks, and filters but no slices.
ASKED = {
    "case_reviews": [(Filters(repeats="all"), (), Mark(item_id="item 3"))],
    "cases": [
        (SOME, (), Mark(gold_label="ban", label_a="warn")),
        (Filters(repeats="all"), (), Mark(reviewer_a="mod-001", label_b="ban", is_split=True)),
    ],
}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a log with corrections, repeats and gaps."""
    written = tmp_path_factory.mktemp("simulated")
    simulate(written, Plan(reviews=1_500, days=30, reviewers=40, seed=3, overlap_share=0.4, gold_share=0.1))
    tables = {path.stem: pl.read_parquet(path) for path in written.glob("*.parquet")}
    folder = tmp_path_factory.mktemp("log")
    awkward_log(folder, {name: rows.with_columns(pl.col(pl.Enum).cast(pl.String)) for name, rows in tables.items()})
    return folder


@pytest.fixture(scope="module")
def workspace(log: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The log as it was loaded, on DuckDB."""
    path = tmp_path_factory.mktemp("workspaces") / "log"
    create(path)
    load_folder(path, log)
    with closing(open_workspace(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def rolled_workspace(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The same with its rollups."""
    path = tmp_path_factory.mktemp("rolled") / "log"
    shutil.copytree(workspace.path, path)
    bring_up_to_date(path)
    with closing(open_workspace(path)) as opened:
        yield opened


@pytest.fixture(scope="module")
def rolled_engine(engine: Engine) -> Engine:
    """An engine that has made the rollups of its rows."""
    roll(engine)
    return engine


def loaded(workspace: Workspace, name: str) -> pl.DataFrame:
    """A table of the store."""
    return workspace.engine.fetch(f"select * from {name}", {})  # noqa: S608 - a name of ours


@pytest.fixture(scope="module", params=["spark", "spark connect", "clickhouse"])
def engine(
    request: pytest.FixtureRequest, log: Path, workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Each other engine: Spark reads the log where it lies, ClickHouse the tables of the store."""
    folder = tmp_path_factory.mktemp("engine")
    if request.param == "clickhouse":
        with closing(ClickHouseEngine(folder, {name: loaded(workspace, name) for name in (*TABLES, *BOOKS)})) as other:
            yield other
        return
    if not java():
        message = "no Java on this machine, so nothing was compared on Spark"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    if request.param == "spark":
        yield from on_spark(start_session("local[2]"), log, workspace, folder)
    else:
        with connect_server(folder) as address:
            yield from on_spark(connect_session(address), log, workspace, folder)


def on_spark(session, log: Path, workspace: Workspace, folder: Path) -> Iterator[Engine]:
    """Spark on the files of the log, and on what loading noted, which only a store has."""
    for name, value in QUICK.items():
        session.conf.set(name, value)
    with closing(SparkEngine(session, {path.name: [str(path)] for path in log.iterdir()})) as other:
        for name in BOOKS:
            loaded(workspace, name).write_parquet(folder / f"{name}.parquet")
        for name in TABLES:
            # Settled once: Spark would plan it anew for every question, which takes longer than to answer it.
            session.table(name).write.parquet(str(folder / f"{name}.parquet"))
        for name in (*TABLES, *BOOKS):
            session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
        yield other


def assert_same(answer: pl.DataFrame, expected: pl.DataFrame) -> None:
    """The same rows in the same types, in any order; ClickHouse counts without a sign and calls true 1."""
    assert answer.columns == expected.columns
    assert_frame_equal(answer.cast(dict(expected.schema)), expected, check_row_order=False, check_exact=True)


@pytest.mark.parametrize("name", names())
def test_a_question_has_the_same_answer(name, engine, workspace):
    for filters, by, mark in ASKED.get(name, [(Filters(), (), Mark()), (SOME, ("policy", "week"), Mark())]):
        parameters = PAGE | mark.parameters()
        expected = ask(workspace.engine, name, filters, by=by, parameters=parameters)
        assert_same(ask(engine, name, filters, by=by, parameters=parameters), expected)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_doubts_the_same_rows(name, engine, workspace):
    assert_same(engine.fetch(CHECKS[name].sql, {}), workspace.engine.fetch(CHECKS[name].sql, {}))


@pytest.mark.parametrize("name", [*NUMBERED, *KEPT])
def test_a_rollup_has_the_rows_that_the_store_keeps(name, rolled_engine, rolled_workspace):
    """All but the numbers of reviews and items, which every engine may number as it likes."""
    made, kept = (
        rows.drop("sequence", "item", strict=False)
        for rows in (rolled_engine.fetch(f"select * from {name}", {}), loaded(rolled_workspace, name))  # noqa: S608 - ours
    )
    assert made.height
    assert_same(made.select(kept.columns), kept)


def refused(engine: SparkEngine, paths: dict[str, Path]) -> str:
    """What is said of tables that Spark cannot read as the contract's."""
    with pytest.raises(LogError) as told:
        SparkEngine(engine.session, {name: [str(path)] for name, path in paths.items()}).fetch(
            "select count(distinct item_id) as n from reviews", {}
        )
    return str(told.value)


@SPARK_ONLY
def test_a_path_without_files_is_said(engine, tmp_path):
    assert refused(engine, {"reviews": tmp_path / "nowhere"}).startswith("Spark cannot read the reviews at")
    assert refused(engine, {"reviews": tmp_path}).startswith("Spark cannot read the reviews at")


@SPARK_ONLY
def test_a_table_without_a_column_that_it_needs_is_said(engine, log, tmp_path):
    pl.read_parquet(log / "reviews" / "1.parquet").drop("label").write_parquet(tmp_path / "no labels.parquet")
    told = refused(engine, {"reviews": tmp_path / "no labels.parquet"})
    assert told == f"The reviews at {tmp_path}/no labels.parquet have no column 'label', which they need."


@SPARK_ONLY
def test_a_row_without_a_value_that_it_needs_is_said(engine, log, tmp_path):
    """The last test of each engine: its reviews are now these."""
    rows = pl.read_parquet(log / "reviews" / "1.parquet")
    rows.with_columns(item_id=pl.lit("").replace("", None)).write_parquet(tmp_path / "rows.parquet")
    assert "a row of reviews has no item_id" in refused(engine, {"reviews": tmp_path / "rows.parquet"})
