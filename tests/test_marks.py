"""Loads of what is new, killed at any moment: nothing is missed, and nothing counts twice."""

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from data import store
from data.load import load

# Loads what is new in a database and in a folder, both of which grow between the loads.
LOADER = """
import sys
from data.databases import Query
from data.load import load
print("ready", flush=True)
workspace, database, folder = sys.argv[1:]
load(workspace, "reviews", [f"sqlite://{database}"], which=Query("select * from log", since="n"))
load(workspace, "reviews", [folder], which="new")
"""
ROWS = 3_000
GROWTHS = 3
KILLS = 10


def grow(folder: Path, growth: int) -> None:
    """Rows come into the database, the first with the number of the last before it, and a file into the folder."""
    numbers = range(growth * ROWS, (growth + 1) * ROWS)
    with contextlib.closing(sqlite3.connect(folder / "log.db")) as database, database:
        database.execute("create table if not exists log (n integer, review_id, item_id, reviewer_id, label)")
        database.executemany(
            "insert into log values (?, ?, ?, 'ana', 'allow')",
            [(max(n - 1, 0) if n == numbers[0] else n, f"database-{n}", f"i{n}") for n in numbers],
        )
    (folder / "log").mkdir(exist_ok=True)
    pl.DataFrame({"review_id": [f"file-{n}" for n in numbers], "item_id": [f"i{n}" for n in numbers]}).with_columns(
        reviewer_id=pl.lit("ben"), label=pl.lit("allow")
    ).write_parquet(folder / "log" / f"part-{growth}.parquet")


def attempt(folder: Path, seconds: float) -> tuple[bool, float]:
    """Load what is new and kill that after some seconds; whether it was done before, and the time that it took."""
    command = [sys.executable, "-c", LOADER, folder / "w", folder / "log.db", folder / "log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        started = time.monotonic()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        assert process.wait() in {0, -signal.SIGKILL}, process.stderr.read().decode()
        return process.returncode == 0, time.monotonic() - started


def reviews(workspace: Path) -> pl.DataFrame:
    """The ids of all reviews, and how often each of them is there."""
    with contextlib.closing(store.open_workspace(workspace)) as opened:
        return opened.engine.fetch("select review_id, count(*) as times from reviews group by all order by all", {})


def test_a_mark_survives_kills_at_any_moment(tmp_path):
    moments = random.Random(4)  # noqa: S311 - moments of death, no secret
    store.create(tmp_path / "w")
    seconds, fell = 1.0, 0
    for growth in range(GROWTHS):
        grow(tmp_path, growth)
        done = False
        while not done:
            mortal = fell < KILLS * (growth + 1) // GROWTHS
            done, took = attempt(tmp_path, moments.uniform(0, seconds) if mortal else 600)
            fell += not done
            assert set(reviews(tmp_path / "w")["times"]) <= {1}
        seconds = took
        expected = sorted(f"{origin}-{n}" for origin in ("database", "file") for n in range((growth + 1) * ROWS))
        assert reviews(tmp_path / "w")["review_id"].to_list() == expected
    assert fell >= KILLS // 2


@pytest.mark.parametrize("change", ["as they are", "touched"])
def test_files_are_told_by_their_state_and_not_by_the_way_they_are_named(tmp_path, monkeypatch, change):
    store.create(tmp_path / "w")
    grow(tmp_path, 0)
    load(tmp_path / "w", "reviews", [tmp_path / "log"], which="new")
    monkeypatch.chdir(tmp_path)
    if change == "touched":
        Path("log/part-0.parquet").touch()
    report = load("w", "reviews", ["log/part-0.parquet"], which="new")
    assert report.read == (ROWS if change == "touched" else 0)
    assert report.inserted == 0


def test_a_table_has_marks_of_its_own(tmp_path):
    store.create(tmp_path / "w")
    (tmp_path / "log.csv").write_text("item_id,label,reviewer_id\n1,allow,ana\n")
    assert load(tmp_path / "w", "reviews", [tmp_path / "log.csv"], which="new").inserted == 1
    assert load(tmp_path / "w", "gold", [tmp_path / "log.csv"], which="new").inserted == 1
    assert load(tmp_path / "w", "gold", [tmp_path / "log.csv"], which="new").read == 0
