"""Rows from databases: the same as from files, no secret kept, one clear message for what a person can mend."""

import contextlib
import os
import sqlite3
from pathlib import Path

import adbc_driver_postgresql.dbapi
import polars as pl
import postgres
import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data import databases, marks, store
from data.databases import Query
from data.errors import LogError
from data.load import load
from data.remote import shown

# What databases have and files do not: enumerations, exact numbers, identifiers, times with and without a zone.
TABLE = """
create type verdict as enum ('allow', 'remove');
create table decisions as
select
    n as review_id, md5((n / 3)::text)::uuid as item_id, 'mod-' || n % 7 as reviewer_id,
    (case when n % 5 = 0 then 'remove' else 'allow' end)::verdict as label,
    timestamptz '2026-01-01 00:00:00+02' + n * interval '7.25 second' as decided_at,
    (n % 10)::numeric(3, 1) / 10 as confidence, n % 11 = 0 as is_blind
from generate_series(1, 3000) as n;
create role guest login password 'guest'
"""
ALL = "select * from decisions"


@pytest.fixture(scope="module")
def port():
    """The port of a PostgreSQL that holds decisions."""
    if postgres.programs() is None:
        message = "there is no PostgreSQL on this machine"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    with postgres.running() as port:
        for statement in TABLE.split(";"):
            execute(port, statement)
        yield port


def address(port: int) -> str:
    """Where the server is, with its password."""
    return f"postgresql://ana:{postgres.PASSWORD}@127.0.0.1:{port}/postgres"


def execute(port: int, statement: str) -> None:
    """Change something in the database."""
    with (
        adbc_driver_postgresql.dbapi.connect(address(port), autocommit=True) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def rows(workspace: Path, sql: str) -> pl.DataFrame:
    """What a workspace answers."""
    with contextlib.closing(store.open_workspace(workspace)) as opened:
        return opened.engine.fetch(sql, {})


REVIEWS = "select review_id, item_id, reviewer_id, label, decided_at, day, has_repeats from reviews order by review_id"


def test_a_database_gives_the_same_reviews_as_a_file_with_the_same_rows(port, workspace, tmp_path):
    """The file is written by the database itself, so nothing of ours stands between it and its rows."""
    report = load(workspace, "reviews", [address(port)], which=Query(f"{ALL};"))
    assert (report.read, report.inserted, report.quarantined) == (3000, 3000, 0)
    lines = databases.answer(
        address(port), "select l from (select decisions::text as l from decisions) as t", tmp_path,
        watch=lambda _piece: None, progress=lambda _name, _rows: None,
    )  # fmt: skip
    texts = pl.read_parquet(lines.path)["l"].str.strip_chars("()").to_list()
    head = "review_id,item_id,reviewer_id,label,decided_at,confidence,is_blind"
    (tmp_path / "log.csv").write_text("\n".join([head, *texts]) + "\n")
    store.create(tmp_path / "from-file")
    load(tmp_path / "from-file", "reviews", [tmp_path / "log.csv"])
    assert rows(workspace, REVIEWS).equals(rows(tmp_path / "from-file", REVIEWS))
    assert load(workspace, "reviews", [tmp_path / "log.csv"]).unchanged == 3000


def test_the_ledger_names_the_database_without_its_password(port, workspace):
    url = address(port) + "?password=geheim&host=127.0.0.1"
    load(workspace, "reviews", [url], which=Query(f"{ALL} limit 3", since="decided_at"))
    assert (
        rows(workspace, "select files from loads").item()
        == f"postgresql://ana@127.0.0.1:{port}/postgres?host=127.0.0.1"
    )
    for everything in ("select * from loads", "select * from marks"):
        assert "geheim" not in str(rows(workspace, everything).to_dicts())


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("postgresql://ana:p%40ss@host:5432/db?sslpassword=x&dbname=y", "postgresql://ana@host:5432/db?dbname=y"),
        ("postgresql://ana:p@:s#?w@host/db", "postgresql://ana@host/db"),
        ("postgresql:///db", "postgresql:///db"),
        ("s3://bucket/day=1/a.csv", "s3://bucket/day=1/a.csv"),
        ("https://host/a.csv?signature=secret", "https://host/a.csv"),
    ],
)
def test_an_address_is_kept_without_its_secrets(url, kept):
    assert shown(url) == kept


def test_the_password_may_come_from_the_environment(port, workspace, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", postgres.PASSWORD)
    url = address(port).replace(f":{postgres.PASSWORD}", "")
    assert load(workspace, "reviews", [url], which=Query(f"{ALL} limit 3")).inserted == 3


def test_only_what_is_new_is_asked_for_and_corrections_and_late_rows_by_an_overlap(port, workspace):
    execute(port, "create table growing as select * from decisions where review_id <= 100")
    question = Query("select * from growing -- all of it", since="decided_at")
    assert load(workspace, "reviews", [address(port)], which=question).inserted == 100
    again = load(workspace, "reviews", [address(port)], which=question)
    assert (again.read, again.unchanged, again.generation) == (1, 1, 2)
    execute(port, "insert into growing select * from decisions where review_id between 101 and 120")
    execute(
        port, "insert into growing select 9001, item_id, 'late', label, decided_at from growing where review_id = 60"
    )
    execute(port, "insert into growing select 9002, item_id, 'timeless', label from growing where review_id = 60")
    report = load(workspace, "reviews", [address(port)], which=question)
    assert (report.read, report.inserted) == (22, 21)
    late = Query(question.text, since="decided_at", overlap="1h")
    assert load(workspace, "reviews", [address(port)], which=late).inserted == 1
    total = rows(workspace, "select count(*) as n, count(distinct review_id) as distinct_n from reviews")
    assert total.row(0) == (122, 122)


def test_a_row_from_the_future_does_not_move_the_mark(port, workspace):
    execute(port, "create table ahead as select * from decisions where review_id <= 10")
    execute(port, "update ahead set decided_at = now() + interval '1 year' where review_id = 10")
    question = Query("select * from ahead", since="decided_at")
    first = load(workspace, "reviews", [address(port)], which=question)
    assert first.reasons == {"decided_at lies in the future": 1}
    execute(port, "update ahead set decided_at = now() where review_id = 10")
    assert load(workspace, "reviews", [address(port)], which=question).inserted == 1


def test_a_faulty_row_that_comes_again_is_quarantined_once(port, workspace):
    execute(port, "create table faulty as select * from decisions where review_id <= 10")
    execute(port, "update faulty set reviewer_id = null where review_id in (9, 10)")
    question = Query("select * from faulty", since="decided_at", overlap="7s")
    assert load(workspace, "reviews", [address(port)], which=question).quarantined == 2
    again = load(workspace, "reviews", [address(port)], which=question)
    assert (again.quarantined, again.generation) == (1, 2)
    assert rows(workspace, "select count(*) from quarantine").item() == 2


# What goes wrong, and what is said of it.
FAULTS = [
    ("{bad_password}", ALL, 'password authentication failed for user "guest". Put the password into PGPASSWORD'),
    (
        "postgresql://ana@127.0.0.1:1/x",
        ALL,
        "port 1 failed: Connection refused. Check the address, and that the server",
    ),
    ("postgresql://ana:x@nowhere.invalid/x", ALL, 'could not translate host name "nowhere.invalid"'),
    ("postgresql://ana:se%zz@127.0.0.1/x", ALL, 'invalid percent-encoded token: "…"'),
    ("{url}", "select * from nothing", 'does not answer the query: relation "nothing" does not exist. Nothing was'),
    ("{url}", "select nobody from decisions", 'does not answer the query: column "nobody" does not exist'),
    ("{url}", "delete from decisions", "does not answer the query: syntax error"),
    ("{url}", "select 1 / (3000 - n) from generate_series(1, 9000) as n", "division by zero"),
    (
        "{url}",
        "select label from decisions",
        "lacks the required columns item_id, reviewer_id of reviews. It has 'label'.",
    ),
    ("{url}", "select interval '1 day' as held", "column 'held' is of a type that cannot be read here"),
    (
        "nosuch://host/db",
        ALL,
        "needs a driver that is not installed. Install it: .venv/bin/pip install adbc-driver-nosuch",
    ),
]


@pytest.mark.parametrize(("url", "query", "message"), FAULTS, ids=[message[:40] for _, _, message in FAULTS])
def test_each_fault_is_one_clear_message_and_loads_nothing(port, workspace, url, query, message):
    given = url.format(url=address(port), bad_password=f"postgresql://guest:wrong@127.0.0.1:{port}/postgres")
    with pytest.raises(LogError) as raised:
        load(workspace, "reviews", [given], which=Query(query))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
    assert store.current_generation(workspace) == 1


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (Query(ALL, since="decided"), "The query gives no column 'decided' for --since. It gives review_id, item_id"),
        (Query(ALL, since="label"), "must be a time, a date or a whole number. Cast it in the query."),
        (Query(ALL, since="decided_at", overlap="3"), "--overlap '3' does not fit the mark 2026-01-01"),
        (Query(ALL, since="review_id", overlap="3d"), "--overlap '3d' does not fit the mark 3000"),
        (Query(ALL, overlap="3d"), "--overlap says how far to go back behind --since"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_mark_that_cannot_be_kept_is_refused(port, workspace, query, message):
    with pytest.raises(LogError, match=r".") as raised:
        load(workspace, "reviews", [address(port)], which=query)
    assert message in str(raised.value)


def test_a_missing_driver_names_the_extra_that_brings_it(workspace, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "adbc_driver_postgresql.dbapi", None)
    with pytest.raises(LogError, match=r"Install it: \.venv/bin/pip install -e '\.\[postgres\]'\."):
        load(workspace, "reviews", ["postgres://host/db"], which=Query(ALL))


def test_an_overlap_goes_back_by_time_and_by_number():
    assert marks.less("2026-03-01 12:00:00.000000+00:00", "3d") == "2026-02-26 12:00:00.000000+00:00"
    assert marks.less("2026-03-01", "1w") == "2026-02-22"
    assert marks.less("100", "7") == "93"
    assert marks.less("100", None) == "100"


def test_another_database_is_read_through_its_own_driver(workspace, tmp_path):
    """SQLite: no server, no types to speak of, and a number as the mark."""
    file = tmp_path / "log.db"
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("create table log (n integer, item_id, reviewer_id, label, decided_at)")
        database.executemany(
            "insert into log values (?, ?, 'ana', 'allow', '2026-01-01')", [(n, f"i{n}") for n in range(5)]
        )
    question = Query("select * from log", since="n", overlap="1")
    assert load(workspace, "reviews", [f"sqlite://{file}"], which=question).inserted == 5
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("insert into log values (5, 'i5', 'ana', 'allow', '2026-01-02')")
    report = load(workspace, "reviews", [f"sqlite://{file}"], which=question)
    assert (report.read, report.inserted) == (3, 1)


def test_the_command_asks_a_database(workspace, tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / "log.db")) as database, database:
        database.execute("create table log as select 1 as n, 'i' as item_id, 'ana' as who, 'allow' as label")
        database.execute("insert into log values (2, 'i', null, 'allow')")
    words = ["load", "reviews", f"sqlite://{tmp_path}/log.db", "-w", str(workspace)]
    asked = ["--query", "select * from log", "--since", "n", "--overlap", "1", "--map", "reviewer_id=who"]
    result = CliRunner().invoke(app, [*words, *asked])
    assert "read 2 = loaded 1 + unchanged 0 + quarantined 1" in result.stdout
    assert f"sqlite://{tmp_path}/log.db: reviewer_id is missing" in result.stdout
    for wrong in (["--since", "n"], ["--overlap", "1"], [*asked, "--new"]):
        assert isinstance(CliRunner().invoke(app, [*words, *wrong]).exception, LogError)


def test_a_query_needs_one_address(workspace):
    for given in (["log.csv"], ["postgresql://a/b", "postgresql://c/d"]):
        with pytest.raises(LogError, match="--query asks one database"):
            load(workspace, "reviews", given, which=Query(ALL))
    with pytest.raises(LogError, match="A database is asked with --query"):
        load(workspace, "reviews", ["postgresql://ana:secret@host/db"])
