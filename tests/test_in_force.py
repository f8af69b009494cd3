"""Reviews that name no standard are judged by the one in force on their day."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from data.load import load
from data.report import LoadReport
from data.store import create, open_workspace

STANDARDS = ["policy,version,effective_at", "p,v1,2026-03-01T00:00:00Z", "p,v2,2026-03-10T12:00:00Z"]
HEAD = "item_id,reviewer_id,label,policy,decided_at"
REVIEWS = [
    HEAD,
    "a,one,keep,p,2026-02-20T10:00:00Z",
    "b,one,keep,p,2026-03-10T11:59:59Z",
    "c,one,keep,p,2026-03-10T12:00:00Z",
    "d,one,keep,q,2026-03-10T12:00:00Z",
    "e,one,keep,,2026-03-10T12:00:00Z",
]
JUDGED = {"a": None, "b": "v1", "c": "v2", "d": None, "e": None}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty workspace."""
    create(tmp_path / "w")
    return tmp_path / "w"


def delivered(home: Path, table: str, lines: Sequence[str]) -> LoadReport:
    """A load of these lines."""
    path = home.with_name(f"{table}.csv")
    path.write_text("\n".join(lines) + "\n")
    return load(home, table, [path])


def versions(home: Path) -> dict[str, str | None]:
    """By which version each item was judged."""
    with closing(open_workspace(home)) as workspace:
        rows = workspace.engine.fetch("select item_id, standard_version from reviews order by sequence", {})
    return dict(rows.iter_rows())


def test_a_review_is_judged_by_the_version_of_its_day(home: Path) -> None:
    delivered(home, "standards", STANDARDS)
    report = delivered(home, "reviews", REVIEWS)
    assert versions(home) == JUDGED
    assert report.notes == ("Reviews that name no standard are judged by the one in force on their day.",)


def test_a_version_that_a_review_names_itself_stands(home: Path) -> None:
    delivered(home, "standards", STANDARDS)
    delivered(home, "reviews", [f"{HEAD},standard_version", f"{REVIEWS[2]},v9", f"{REVIEWS[3]},"])
    assert versions(home) == {"b": "v9", "c": "v2"}


@pytest.mark.parametrize("column", ["", ",standard_version"])
def test_the_same_rows_again_change_nothing(home: Path, column: str) -> None:
    delivered(home, "standards", STANDARDS)
    lines = [HEAD + column, *(line + "," * bool(column) for line in REVIEWS[1:])]
    delivered(home, "reviews", lines)
    again = delivered(home, "reviews", lines)
    assert (again.inserted, again.replaced, again.unchanged) == (0, 0, 5)


@pytest.mark.parametrize("column", ["", ",standard_version"])
def test_standards_that_come_later_are_looked_up_when_the_reviews_come_again(home: Path, column: str) -> None:
    """Under the same ids, whatever the standards were when they came first."""
    lines = [HEAD + column, *(line + "," * bool(column) for line in REVIEWS[1:])]
    delivered(home, "reviews", lines)
    assert set(versions(home).values()) == {None}
    said = delivered(home, "standards", STANDARDS).notes
    assert said == ("4 reviews that came before name no standard: load them again to judge them by that of their day.",)
    assert delivered(home, "reviews", lines).replaced == 2
    assert versions(home) == JUDGED


def test_identical_rows_stay_apart(home: Path) -> None:
    """They are told apart by their number among rows that say the same, which is not what was looked up."""
    delivered(home, "standards", STANDARDS)
    lines = [f"{HEAD},review_id,standard_version", *[f"{REVIEWS[3]},,"] * 2]
    assert delivered(home, "reviews", lines).inserted == 2
    assert delivered(home, "reviews", lines).unchanged == 2
