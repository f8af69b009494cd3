"""A simulated log as files: all tables of the contract, the same bytes for a plan, one message for a mistake."""

import datetime as dt
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from data import simulate as simulating
from data.contract import TABLES
from data.errors import LogError
from data.load import load
from data.simulate import simulate
from data.simulation import writing
from data.simulation.dealing import FEWEST_AT_WORK
from data.simulation.faults import FAULTS, LARGEST, read_fault
from data.simulation.house import House
from data.simulation.people import at_work, hire
from data.simulation.plan import Plan
from data.store import create, open_workspace

"""Nobody leaves the made-up house."""
REFERENCES = ("labels", "costs", "standards", "reviewers", "events", "gold")
SHARES = {"share", "laggards", "recall", "mix"}
PLAN = Plan(reviews=6_000, days=14, reviewers=40, seed=5, faults=(read_fault("standard_change"), read_fault("fatigue")))
AGAIN = """
import sys
from data.simulate import simulate
from data.simulation.faults import read_fault
from data.simulation.plan import Plan
faults = (read_fault("standard_change"), read_fault("fatigue"))
simulate(sys.argv[1], Plan(reviews=6_000, days=14, reviewers=40, seed=5, faults=faults))
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    """A small log with two faults, as Parquet."""
    folder = tmp_path_factory.mktemp("simulated") / "log"
    simulate(folder, PLAN)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_table_of_the_contract_is_written_with_all_its_columns(log):
    assert set(contents(log)) == {f"{name}.parquet" for name in TABLES} | {"answer_key.json"}
    for name, table in TABLES.items():
        columns = {column.name for column in table.columns}
        assert set(pl.read_parquet_schema(log / f"{name}.parquet")) == columns


def test_the_counts_told_are_those_of_the_files(tmp_path):
    told = simulate(tmp_path / "log", PLAN)
    assert told == {name: len(pl.read_parquet(tmp_path / "log" / f"{name}.parquet")) for name in TABLES}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_row_loads(form, tmp_path):
    simulate(tmp_path / "log", PLAN, form=form)
    create(tmp_path / "workspace")
    for table in (*REFERENCES, *(name for name in TABLES if name not in REFERENCES)):
        report = load(tmp_path / "workspace", table, [tmp_path / "log" / f"{table}.{form}"])
        assert (report.quarantined, report.missing, report.unmapped) == (0, (), ()), table
    workspace = open_workspace(tmp_path / "workspace")
    assert workspace.engine.fetch("select count(*) as reviews from reviews", {}).item() == PLAN.reviews
    workspace.close()


def from_text(column: str, kind: pl.DataType) -> pl.Expr:
    """A column of text as what it was."""
    if isinstance(kind, pl.Datetime):
        return pl.col(column).str.to_datetime(time_unit="us", time_zone="UTC")
    if kind == pl.Date:
        return pl.col(column).str.to_date()
    return pl.col(column) == "true" if kind == pl.Boolean else pl.col(column).cast(kind)


def test_csv_says_what_parquet_says(log, tmp_path):
    simulate(tmp_path / "log", PLAN, form="csv")
    for name in TABLES:
        parquet = pl.read_parquet(log / f"{name}.parquet")
        text = pl.read_csv(tmp_path / "log" / f"{name}.csv", infer_schema=False)
        read = text.select(from_text(column, kind) for column, kind in parquet.schema.items())
        assert_frame_equal(read, parquet, check_exact=True)
    assert (tmp_path / "log" / "answer_key.json").read_bytes() == (log / "answer_key.json").read_bytes()


@pytest.mark.parametrize("threads", ["1", "4"])
def test_another_process_writes_the_same_bytes(threads, log, tmp_path):
    environment = {**os.environ, "PYTHONHASHSEED": f"1{threads}", "POLARS_MAX_THREADS": threads}
    subprocess.run([sys.executable, "-c", AGAIN, tmp_path / "log"], env=environment, check=True)
    assert contents(tmp_path / "log") == contents(log)


def test_another_seed_gives_other_reviews(log, tmp_path):
    simulate(tmp_path / "log", Plan(reviews=6_000, days=14, reviewers=40, seed=6))
    ours, others = contents(log), contents(tmp_path / "log")
    for name in ("reviews", "gold", "audits", "predictions", "appeals", "reviewers"):
        assert ours[f"{name}.parquet"] != others[f"{name}.parquet"]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_many_reviews_come_as_a_folder_of_daily_files(form, log, tmp_path, monkeypatch):
    monkeypatch.setattr(simulating, "MOST_IN_ONE_FILE", PLAN.reviews - 1)
    simulate(tmp_path / "log", PLAN, form=form)
    days = sorted((tmp_path / "log" / "reviews").iterdir())
    assert [path.name for path in days] == [f"{PLAN.at(day).date()}.{form}" for day in range(PLAN.days)]
    read = pl.read_parquet if form == "parquet" else pl.read_csv
    together = pl.concat([read(path) for path in days])["review_id"]
    assert together.equals(pl.read_parquet(log / "reviews.parquet")["review_id"])
    assert not (tmp_path / "log" / f"reviews.{form}").exists()


def test_the_key_tells_the_plan_and_each_fault_with_its_parameters_and_date(log):
    key = json.loads((log / "answer_key.json").read_text())
    assert (key["seed"], key["reviews"], key["reviewers"]) == (PLAN.seed, PLAN.reviews, PLAN.reviewers)
    assert (key["first_day"], key["last_day"]) == ("2026-06-17", "2026-06-30")
    for told, fault in zip(key["faults"], PLAN.faults, strict=True):
        assert told["name"] == fault.name
        assert set(FAULTS[fault.name].parameters) < set(told)
        assert told["date"] == str(PLAN.first_day + dt.timedelta(days=told["day"] - 1))
        assert "auto" not in told.values()


def test_progress_reaches_the_last_day(tmp_path):
    told = []
    simulate(tmp_path / "log", PLAN, progress=lambda done, days: told.append((done, days)))
    assert told == [(day, PLAN.days) for day in range(1, PLAN.days + 1)]


@pytest.mark.parametrize(
    ("size", "message"),
    [
        ({"reviews": 999}, "A simulated log needs at least 1,000 for --reviews, not 999."),
        ({"days": 6}, "A simulated log needs between 7 and 3,650 for --days, not 6."),
        ({"days": 4_000, "reviews": 40_000}, "A simulated log needs between 7 and 3,650 for --days, not 4,000."),
        ({"reviewers": 39}, "A simulated log needs between 40 and 5,000 for --reviewers, not 39."),
        ({"reviewers": 5_001}, "A simulated log needs between 40 and 5,000 for --reviewers, not 5,001."),
        ({"seed": -1}, "A simulated log needs at least 0 for --seed, not -1."),
        ({"reviews": 1_000, "days": 101}, "1,000 reviews are too few for 101 days: take at least ten a day."),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_one_sentence(size, message):
    with pytest.raises(LogError) as refused:
        Plan(**size)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("harsh_reviwer", "There is no fault 'harsh_reviwer'; is 'harsh_reviewer' meant?"),
        ("fatigue:sise=1", "The fault fatigue has no 'sise'; it takes size, site, day."),
        ("fatigue:size", "--fault 'fatigue:size': 'size' is not of the form parameter=value."),
        ("fatigue:size=much", "The fault fatigue: size is a number such as 1.0, not 'much'."),
        ("fatigue:size=nan", "The fault fatigue: size is a number from 0 to 10,000, not nan."),
        ("fatigue:size=1e9", "The fault fatigue: size is a number from 0 to 10,000, not 1000000000.0."),
        ("wrong_gold:share=1.5", "The fault wrong_gold: share is a number from 0 to 1, not 1.5."),
        ("coaching:kind=odd", "The fault coaching: kind is real or regression, not 'odd'."),
        ("fatigue:day=0", "The fault fatigue: day is counted from 1, the log's first day, not 0."),
        (
            "fatigue:day=soon",
            "The fault fatigue: day is a number of days or a date such as 2026-05-04, not 'soon'.",
        ),
        ("fatigue:day=15", "The fault fatigue: day 15 is outside the log, 2026-06-17 to 2026-06-30."),
        (
            "fatigue:site=paris",
            "The fault fatigue: there is no site 'paris'; there are bogota, dublin, istanbul, manila.",
        ),
        ("unclear_clause:clause=5", "The fault unclear_clause: clause is a number from 1 to 4."),
    ],
)
def test_a_fault_that_cannot_be_is_refused_by_one_sentence(text, message):
    with pytest.raises(LogError) as refused:
        House.of(Plan(reviews=1_000, days=14, faults=(read_fault(text),)))
    assert str(refused.value) == message


def test_a_policy_changes_once():
    twice = (read_fault("standard_change:policy=nudity"), read_fault("standard_change:policy=nudity,day=3"))
    with pytest.raises(LogError, match="nudity would change twice; one change a policy"):
        House.of(Plan(faults=twice))


VALUES = st.one_of(
    st.text(max_size=12), st.floats().map(repr), st.integers().map(str), st.just("9" * 400), st.just("all")
)
WRITTEN = st.sampled_from(
    [(name, parameter) for name, kind in FAULTS.items() for parameter in kind.parameters]
).flatmap(lambda known: VALUES.map(lambda value: f"{known[0]}:{known[1]}={value}"))


@given(st.one_of(st.text(max_size=40), WRITTEN))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_whatever_is_written_as_a_fault_is_planted_or_refused(text):
    """No text leads to anything but a house, or a `LogError` of one line."""
    try:
        House.of(Plan(reviews=1_000, days=14, reviewers=40, faults=(read_fault(text),)))
    except LogError as error:
        refused = str(error)
    else:
        refused = ""
    assert "\n" not in refused


def extreme(name: str, *, largest: bool) -> str:
    """A fault with the least or the largest size, number of days and so on that it takes."""
    numbers = [known for known, value in FAULTS[name].parameters.items() if isinstance(value, float)]
    sizes = {known: int(largest) if known in SHARES else LARGEST * largest for known in numbers}
    return f"{name}:{','.join(f'{known}={value}' for known, value in sizes.items())}"


@pytest.mark.parametrize("largest", [False, True])
@pytest.mark.parametrize("name", FAULTS)
def test_the_least_and_the_largest_fault_give_a_log(name, largest, tmp_path):
    fault = read_fault(extreme(name, largest=largest))
    simulate(tmp_path / "log", Plan(reviews=12_000, days=14, reviewers=40, faults=(fault,)))
    assert "NaN" not in (tmp_path / "log" / "answer_key.json").read_text()


@pytest.mark.parametrize("inside", ["kept.txt", "kept/deeper.txt"])
def test_a_folder_that_holds_something_is_left_alone(inside, tmp_path):
    (tmp_path / inside).parent.mkdir(exist_ok=True)
    (tmp_path / inside).write_text("kept")
    with pytest.raises(LogError, match=r"is not an empty folder\. Name a new one for the simulated log"):
        simulate(tmp_path, PLAN)
    assert contents(tmp_path) == {inside: b"kept"}


def test_a_log_of_which_nothing_is_delivered_has_no_reviews(tmp_path):
    held = (read_fault("late_data:days=7,share=1"),)
    counts = simulate(tmp_path / "log", Plan(reviews=1_000, days=7, reviewers=40, faults=held))
    reviews = pl.read_parquet(tmp_path / "log" / "reviews.parquet")
    assert (counts["reviews"], reviews.height) == (0, 0)


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path):
    (tmp_path / "log").write_text("kept")
    with pytest.raises(LogError, match="is not an empty folder"):
        simulate(tmp_path / "log", PLAN)
    assert (tmp_path / "log").read_text() == "kept"


def test_a_folder_inside_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("kept")
    with pytest.raises(LogError, match="could not be written"):
        simulate(tmp_path / "file" / "log", PLAN)


@pytest.mark.parametrize("limit", [PLAN.reviews, PLAN.reviews - 1])
def test_nothing_is_left_when_the_work_is_broken_off(limit, tmp_path, monkeypatch):
    monkeypatch.setattr(simulating, "MOST_IN_ONE_FILE", limit)
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 500)

    def tire(done: int, _days: int) -> None:
        if done == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(tmp_path / "deep" / "log", PLAN, progress=tire)
    assert list((tmp_path / "deep").iterdir()) == []


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_nothing_is_left_when_the_disk_is_full(form, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_AT_ONCE", 500)
    written = []

    def full(frame: pl.DataFrame, *args, **options) -> object:
        written.append(frame)
        if len(written) > 12:
            raise OSError(errno.ENOSPC, "No space left on device")
        return untouched(frame, *args, **options)

    method = "to_arrow" if form == "parquet" else "write_csv"
    untouched = getattr(pl.DataFrame, method)
    monkeypatch.setattr(pl.DataFrame, method, full)
    with pytest.raises(LogError, match=r"is full\. Make room and try again"):
        simulate(tmp_path / "log", PLAN, form=form)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_given_stays_when_the_work_is_broken_off(tmp_path):
    def tire(_done: int, _days: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(tmp_path, PLAN, progress=tire)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reviewers", [40, 300, 5_000])
@pytest.mark.parametrize("days", [9, 12, 28])
@pytest.mark.parametrize("usual", [20, 37.5, 75])
def test_the_gold_pool_is_larger_than_what_anybody_is_asked(reviewers, days, usual):
    """Nobody gets a gold item twice, at any size: the busiest of a thousand reviewers is asked less than the pool."""
    plan = Plan(reviews=round(usual * reviewers / 0.03), days=days, reviewers=reviewers, seed=days)
    people, random = hire(plan), np.random.default_rng(days)
    asked = np.zeros(reviewers, dtype=int)
    for day, volume in enumerate(plan.volumes()):
        working = at_work(plan, people, day)
        assert working.sum() >= FEWEST_AT_WORK
        asked += random.multinomial(round(volume * plan.gold_share), working / working.sum())
    assert asked.max() <= len(House.of(plan).gold.wrong) / 4
