"""Checks of one table against another: on a sound log of four reviews none finds anything, and each finds its own."""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import answers, doubts
from dashboard.measure import HEADLINE, Source, measure, open_source
from data.load import load
from data.settings import Settings
from data.store import create, current_generation, open_workspace, store_name
from queries.checking import CHECKS
from queries.filters import Filters

NOW = dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
HEADERS = {
    "labels": "label,severity,is_violating",
    "standards": "policy,version,effective_at",
    "reviewers": "reviewer_id,team,hired_on,left_on",
    "gold": "item_id,label",
    "reviews": "review_id,item_id,reviewer_id,label,policy,standard_version,decided_at,claimed_at",
    "audits": "review_id,auditor_id,label,audited_at,inclusion_probability,is_blind",
    "appeals": "review_id,opened_at",
    "predictions": "item_id,model,model_version,scored_at,label",
}
SOUND = {
    "labels": ["no,0,false", "yes,1,true"],
    "standards": ["p,v1,2026-01-01T00:00:00Z"],
    "reviewers": ["one,t1,2026-01-05,2026-12-31", "two,t1,2026-01-05,"],
    "gold": ["a,yes", "b,no"],
    "reviews": [
        "r1,a,one,yes,p,v1,2026-03-02T10:00:00Z,2026-03-02T09:59:00Z",
        "r2,a,two,yes,p,v1,2026-03-02T11:00:00Z,2026-03-02T10:59:00Z",
        "r3,b,one,no,p,v1,2026-03-02T12:00:00Z,2026-03-02T11:59:00Z",
        "r4,b,two,yes,p,v1,2026-03-02T13:00:00Z,2026-03-02T12:59:00Z",
    ],
    "audits": ["r1,aud,yes,2026-03-03T10:00:00Z,0.1,true", "r1,two,yes,2026-03-03T11:00:00Z,0.1,true"],
    "appeals": ["r2,2026-03-03T10:00:00Z"],
    "predictions": ["a,m,1,2026-03-01T10:00:00Z,yes"],
}
"""The second audit of r1 is by a reviewer of the same team, which is no fault."""

Rows = Mapping[str, Sequence[str]]


def deliver(workspace: Path, tables: Rows) -> None:
    """Load rows into tables, a delivery each."""
    for table, rows in tables.items():
        path = workspace.with_name(f"{table}.csv")
        path.write_text("\n".join([HEADERS[table], *rows]) + "\n")
        load(workspace, table, [path], now=NOW)


@contextmanager
def opened(workspace: Path, tables: Rows) -> Iterator[Source]:
    """A new workspace that holds these tables and shows numbers however few they rest on."""
    create(workspace, settings=Settings(min_n=1))
    deliver(workspace, tables)
    found = open_workspace(workspace)
    yield open_source(found)
    found.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the sound log."""
    workspace = tmp_path_factory.mktemp("checks") / "sound"
    with opened(workspace, SOUND):
        return workspace


@contextmanager
def planted_in(sound: Path, copy: Path, planted: Rows) -> Iterator[Source]:
    """A copy of the sound log into which these rows came later."""
    shutil.copytree(sound, copy)
    deliver(copy, planted)
    found = open_workspace(copy)
    yield open_source(found)
    found.close()


def doubted(source: Source) -> dict[str, list[str]]:
    """The examples of every check that doubts a row."""
    return {row["check"]: row["examples"] for row in answers.health(source)["checks"].iter_rows(named=True)}


def test_every_check_runs_on_a_sound_log_and_finds_nothing(sound: Path, tmp_path: Path) -> None:
    with planted_in(sound, tmp_path / "workspace", {}) as source:
        health = answers.health(source)
    assert health["checks"].is_empty()
    assert health["effects"].is_empty()
    assert health["not_run"].is_empty()
    assert health["found_nothing"].row(0) == (18, [check.title for check in CHECKS.values()])


@pytest.mark.parametrize(
    ("planted", "expected"),
    [
        ({"gold": ["c,yes"]}, {"gold_without_review": ["c"]}),
        ({"audits": ["r9,aud,yes,2026-03-03T10:00:00Z,,"]}, {"audits_without_review": ["r9"]}),
        ({"appeals": ["r9,2026-03-03T10:00:00Z"]}, {"appeals_without_review": ["r9"]}),
        ({"predictions": ["c,m,1,2026-03-01T10:00:00Z,"]}, {"predictions_without_review": ["c by m 1"]}),
        ({"predictions": ["b,m,1,2026-03-01T10:00:00Z,I cannot say"]}, {"predictions_of_no_label": ["b by m 1"]}),
        (
            {"reviews": ["r5,d,one,yes,p,v1,2026-04-01T09:00:00Z,"], "predictions": ["d,m,1,2026-03-01T10:00:00Z,"]},
            {"scored_long_before_seen": ["d by m 1"]},
        ),
        ({"reviews": ["r5,d,one,yes,p,v1,2026-04-01T09:00:00Z,"], "predictions": ["d,m,1,,no"]}, {}),
        ({"reviews": ["r5,a,one,yes,p,v9,,"]}, {"unknown_standards": ["r5"]}),
        ({"reviews": ["r5,a,one,yes,q,v1,,"]}, {"unknown_standards": ["r5"]}),
        ({"reviews": ["r5,a,one,yes,p,,,", "r6,a,one,yes,,v9,,"]}, {}),
        (
            {"reviews": ["r5,a,one,yes,p,v1,2026-03-02T10:00:00Z,2026-03-02T10:00:01Z"]},
            {"decided_before_claimed": ["r5"]},
        ),
        ({"reviews": ["r5,a,one,yes,p,v1,2026-03-02T10:00:00Z,2026-03-02T10:00:00Z"]}, {}),
        ({"reviews": ["r5,a,one,yes,p,v1,2026-01-04T09:59:59Z,"]}, {"decided_before_hired": ["r5"]}),
        ({"reviews": ["r5,a,one,yes,p,v1,2026-01-04T10:00:00Z,"]}, {}),
        ({"reviews": ["r5,a,one,yes,p,v1,2027-01-01T12:00:00Z,"]}, {"decided_after_left": ["r5"]}),
        ({"reviews": ["r5,a,one,yes,p,v1,2027-01-01T11:59:59Z,", "r6,a,two,yes,p,v1,2027-06-01T12:00:00Z,"]}, {}),
        ({"reviews": ["r5,a,nobody,yes,p,v1,2020-01-01T12:00:00Z,"]}, {}),
        ({"reviews": ["r5,a,one,yes,p,v1,2028-01-02T00:00:00Z,"]}, {"reviews_in_the_future": ["reviews.csv line 2"]}),
        ({"audits": ["r1,one,yes,2026-03-03T10:00:00Z,,"]}, {"self_audits": ["r1 by one"]}),
        ({"audits": ["r1,else,yes,2026-03-02T09:59:59Z,,"]}, {"audited_before_decided": ["r1 by else"]}),
        ({"audits": ["r1,else,yes,2026-03-02T10:00:00Z,,"]}, {}),
        ({"audits": ["r1,aud,no,2026-03-04T10:00:00Z,,"]}, {"repeated_audits": ["r1 by aud"]}),
        ({"audits": ["r2,aud,no,2026-03-04T10:00:00Z,0.5,false"]}, {"audits_not_blind": ["r2 by aud"]}),
        ({"audits": ["r2,aud,no,2026-03-04T10:00:00Z,0,"]}, {"improbable_audits": ["audits.csv line 2"]}),
        ({"audits": ["r2,aud,no,2026-03-04T10:00:00Z,1.01,"]}, {"improbable_audits": ["audits.csv line 2"]}),
        ({"appeals": ["r1,2026-03-02T09:59:59Z"]}, {"appealed_before_decided": ["r1"]}),
        (
            {"reviewers": ["three,t1,,", "three,t2,,", "three,,,", "four,t3,,", "four,t3,,"]},
            {"reviewers_in_two_teams": ["reviewers.csv line 2", "reviewers.csv line 3"]},
        ),
    ],
)
def test_a_check_finds_what_is_planted_and_no_other_does(
    planted: Rows, expected: dict[str, list[str]], sound: Path, tmp_path: Path
) -> None:
    with planted_in(sound, tmp_path / "workspace", planted) as source:
        found = {check: [name.split("/")[-1] for name in names] for check, names in doubted(source).items()}
    assert found == expected


def test_a_check_counts_what_it_doubts_of_what_it_could_judge_and_names_five(sound: Path, tmp_path: Path) -> None:
    """Of eleven reviews one has no time, so ten are judged; six are decided a minute early."""
    early = [f"e{k},c,one,yes,p,v1,2026-03-02T10:00:00Z,2026-03-02T10:01:00Z" for k in range(6)]
    with planted_in(sound, tmp_path / "workspace", {"reviews": [*early, "r5,c,two,yes,p,v1,,"]}) as source:
        found = answers.health(source)["checks"].row(0, named=True)
    assert (found["rows"], found["of"], found["share"]) == (6, 10, 0.6)
    assert found["examples"] == ["e0", "e1", "e2", "e3", "e4"]
    assert found["items"] == ["c"] * 5


def test_a_reviewer_who_is_moved_by_a_later_delivery_is_in_one_team(sound: Path, tmp_path: Path) -> None:
    with planted_in(sound, tmp_path / "workspace", {"reviewers": ["two,t2,2026-01-05,"]}) as source:
        assert doubted(source) == {}
        assert source.engine.fetch("select team from reviewers where reviewer_id = 'two'", {}).item() == "t2"


def test_two_files_of_one_delivery_can_put_a_reviewer_in_several_teams(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    create(workspace)
    for team in ("t1", "t2", "t3"):
        (tmp_path / f"{team}.csv").write_text(f"reviewer_id,team\none,{team}\nonly-{team},{team}\n")
    report = load(workspace, "reviewers", [tmp_path / "t1.csv", tmp_path / "t2.csv", tmp_path / "t3.csv"])
    assert (report.read, report.inserted, report.quarantined) == (6, 3, 3)
    assert report.reasons == {"reviewer one is in 3 teams, t1 and t2 and others, in one delivery": 3}


def test_parquet_that_puts_a_reviewer_in_two_teams_is_set_aside_with_its_rows(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    create(workspace)
    pl.DataFrame({"reviewer_id": ["one", "two", "one"], "team": ["t1", "t1", "t2"]}).write_parquet(
        tmp_path / "r.parquet"
    )
    report = load(workspace, "reviewers", [tmp_path / "r.parquet"])
    assert [row.line for row in report.first_quarantined] == [1, 3]
    assert load(workspace, "reviewers", [tmp_path / "r.parquet"]).unchanged == 1


LONG = [
    f"{name}{k},i{k % 12},{name},{'yes' if (k + shift) % 3 else 'no'},p,v1,2026-03-02T10:00:00Z,"
    for name, shift in (("one", 0), ("two", 0), ("three", 1))
    for k in range(12)
]
GOLDEN = [f"i{k},{'yes' if k % 3 else 'no'}" for k in range(12)]
EARLY = [f"early{k},i{k},one,no,p,v1,2026-03-03T10:00:00Z,2026-03-03T10:01:00Z" for k in range(4)]
"""The last decisions of one reviewer on four items, which hide his first ones."""


def test_the_headline_without_doubted_reviews_is_that_of_a_log_that_never_had_them(tmp_path: Path) -> None:
    """Of 36 answers 28 are right; the four early ones hide two of them."""
    tables = SOUND | {"gold": GOLDEN, "reviews": LONG, "audits": [], "appeals": [], "predictions": []}
    with opened(tmp_path / "clean", tables) as source:
        clean = {name: measure(source, name).row(0, named=True) for name in HEADLINE}
    with opened(tmp_path / "doubted", tables | {"reviews": [*LONG, *EARLY]}) as source:
        health = answers.health(source)
        whole = {name: measure(source, name).row(0, named=True) for name in HEADLINE}
    effects = {row["metric"]: row for row in health["effects"].iter_rows(named=True)}
    assert set(effects) == set(HEADLINE)
    for name, effect in effects.items():
        assert effect["value_without"] == pytest.approx(clean[name]["value"], abs=1e-12)
        # Counts come in any order, so the last digit of their sums may differ.
        assert effect["value"] == pytest.approx(whole[name]["value"], abs=1e-12)
        assert effect["n"] == whole[name]["n"]
        assert effect["n_without"] == clean[name]["n"]
    assert whole["accuracy"]["value"] != clean["accuracy"]["value"]
    assert "Accuracy against gold 72 % → 78 %" in health["checks"]["headline"][0]


def test_every_check_of_reviews_can_be_left_out(sound: Path, tmp_path: Path) -> None:
    """One review for each of the four, and the fifth way of being wrong, which was never loaded."""
    planted = [
        "w1,c,one,yes,p,v9,,",
        "w2,c,one,yes,p,v1,2026-03-02T10:00:00Z,2026-03-02T10:01:00Z",
        "w3,c,one,yes,p,v1,2025-01-01T10:00:00Z,",
        "w4,c,one,yes,p,v1,2027-06-01T10:00:00Z,",
    ]
    names = [check.name for check in CHECKS.values() if check.doubts_reviews]
    with planted_in(sound, tmp_path / "workspace", {"reviews": planted}) as source:
        left = [
            answers.ask(source.engine, "volume", Filters(repeats="all", without=(name,)))["reviews"][0]
            for name in names
        ]
        none = answers.ask(source.engine, "volume", Filters(repeats="all", without=tuple(names)))["reviews"][0]
    assert (left, none) == ([7, 7, 7, 7], 4)


def test_what_a_check_lacks_is_named_and_never_passed(tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    create(workspace)
    (tmp_path / "log.csv").write_text("item_id,reviewer_id,label\na,one,yes\n")
    load(workspace, "reviews", [tmp_path / "log.csv"])
    with opened(tmp_path / "empty", {}) as source:
        empty = answers.health(source)
    found = open_workspace(workspace)
    health = answers.health(open_source(found))
    found.close()
    for report in (health, empty):
        assert report["checks"].is_empty()
        assert report["found_nothing"]["checks"][0] == 0
        assert report["not_run"].height == len(CHECKS)
    needs = dict(health["not_run"].iter_rows())
    assert needs["audits by the reviewer who made the decision"] == "audits"
    assert needs["reviews decided after the reviewer left"] == "reviews.decided_at, reviewers.left_on"
    assert needs["reviews from the future"] == "reviews.decided_at"


def test_columns_that_are_never_filled_together_leave_a_check_not_run(tmp_path: Path) -> None:
    rows = ["r1,a,one,yes,p,,2026-03-02T10:00:00Z,", "r2,a,one,yes,,v1,,2026-03-02T10:00:00Z"]
    with opened(tmp_path / "workspace", SOUND | {"reviews": rows, "audits": [], "appeals": []}) as source:
        needs = dict(answers.health(source)["not_run"].iter_rows())
    assert needs["reviews decided before they were claimed"] == "reviews.decided_at and reviews.claimed_at in one row"


def test_a_workspace_of_an_older_evenhand_opens_and_learns_the_new_column_with_the_next_load(
    sound: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(sound, workspace)
    with duckdb.connect(str(workspace / store_name(current_generation(workspace)))) as connection:
        connection.execute("alter table reviewers drop column left_on")
    old = open_workspace(workspace)
    health = answers.health(open_source(old))
    old.close()
    assert dict(health["not_run"].iter_rows()) == {"reviews decided after the reviewer left": "reviewers.left_on"}
    deliver(workspace, {"reviewers": ["one,t1,2026-01-05,2026-02-01"]})
    new = open_workspace(workspace)
    assert doubted(open_source(new)) == {"decided_after_left": ["r1", "r3"]}
    new.close()


def frames(*, rows: int, without: float | None) -> dict[str, pl.DataFrame]:
    """Doubted rows of a thousand, and an accuracy of 80 % give or take two that would be another without them."""
    check = {"check": "x", "title": "reviews of some kind", "rows": rows, "of": 1000, "share": rows / 1000}
    effect = {"check": "x", "metric": "accuracy", "value": 0.8, "low": 0.78, "high": 0.82, "n": 900}
    schema = {"value_without": pl.Float64, "n_without": pl.Int64, "note_without": pl.String}
    rest = pl.DataFrame([(without, 890, "no answers on gold")], schema=schema, orient="row")
    effects = pl.DataFrame([effect]).hstack(rest)
    return {"checks": pl.DataFrame([check | {"headline": doubts.changed(effects)}]), "effects": effects}


@pytest.mark.parametrize(
    ("rows", "without", "is_mentioned"),
    [
        (5, 0.8, False),
        (5, 0.819, False),
        (5, 0.821, True),
        (5, 0.779, True),
        (5, None, True),
        (10, 0.8, False),
        (11, 0.8, True),
    ],
)
def test_today_mentions_a_check_that_moves_the_headline_or_touches_many_rows(
    rows: int, without: float | None, *, is_mentioned: bool
) -> None:
    assert bool(doubts.faults(frames(rows=rows, without=without))) == is_mentioned


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        (0.8004, "without them, no number of the headline changes in the digits shown"),
        (0.821, "without them: Accuracy against gold 80.0 % → 82.1 %"),
        (None, "without them: Accuracy against gold 80.0 % → – (no answers on gold)"),
    ],
)
def test_the_effect_is_told_in_the_digits_that_are_shown(without: float | None, sentence: str) -> None:
    assert frames(rows=5, without=without)["checks"]["headline"][0] == sentence


def test_a_share_that_rounds_to_nothing_is_not_called_nothing() -> None:
    check = {"title": "audits", "rows": 1, "of": 100_000, "share": 0.00001, "headline": "does not enter the headline"}
    assert doubts.found(check) == "**Audits: 1 of 100,000** (less than 0.1 %); does not enter the headline."
