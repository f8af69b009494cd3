"""A change between two windows is explained in words, from a log or not at all."""

from contextlib import closing
from datetime import date
from pathlib import Path

import pages
import polars as pl
import pytest
from typer.testing import CliRunner

from dashboard import explanation
from dashboard.cli import app
from dashboard.measure import Source, open_source
from dashboard.session import WORKSPACE_VARIABLE
from data.errors import LogError
from data.load import load
from data.settings import Settings
from data.store import create, open_workspace
from queries.filters import Filters

MARCH = (date(2026, 3, 1), date(2026, 3, 31))
APRIL = (date(2026, 4, 1), date(2026, 4, 30))
# Policy, month, answers, of which right: each policy grows better, and the whole worse, for the hard one grows.
ANSWERS = (("easy", 3, 90, 81), ("hard", 3, 10, 5), ("easy", 4, 40, 38), ("hard", 4, 60, 36))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months of answers to gold, one answer an item."""
    folder = tmp_path_factory.mktemp("explanation")
    create(folder / "w", settings=Settings(min_n=1))
    reviews, gold = ["review_id,item_id,reviewer_id,label,policy,decided_at"], ["item_id,label"]
    for policy, month, answers, right in ANSWERS:
        for number in range(answers):
            item = f"{policy}-{month}-{number}"
            label = "yes" if number < right else "no"
            reviews.append(f"{item},{item},r{number % 7},{label},{policy},2026-0{month}-{number % 28 + 1:02}T10:00:00Z")
            gold.append(f"{item},yes")
    for table, lines in {"gold": gold, "reviews": reviews, "events": EVENTS}.items():
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n")
        load(folder / "w", table, [folder / f"{table}.csv"])
    return folder / "w"


@pytest.fixture(scope="module")
def source(home: Path):
    """The log, ready to be measured."""
    with closing(open_workspace(home)) as workspace:
        yield open_source(workspace)


EVENTS = [
    "happened_at,kind,title",
    "2026-04-01T00:00:00Z,policy,hard cases come here now",
    "2026-02-01T00:00:00Z,model,m",
]


def test_a_change_of_cases_is_told_from_a_change_of_answers(source: Source) -> None:
    told = explanation.explain(source, "accuracy", explanation.Windows(MARCH, APRIL), filters=Filters())
    assert told.levels == ("policy",)
    assert (told.before["value"], told.after["value"]) == (0.86, 0.74)
    assert told.found.at_former_mix[0] == pytest.approx(0.9 * 0.95 + 0.1 * 0.6)
    said = explanation.sentence(told)
    assert said.startswith("Accuracy against gold fell by **12.0 points**, from 86 % (")
    assert "Other cases account for −18.8 points" in said
    assert "with the earlier mix of cases it would be 92 %" in said
    assert said.endswith(
        "**The mix hides the rest:** the cases changed so much that the whole moved against its parts."
    )
    assert told.events["title"].to_list() == ["hard cases come here now"]


def test_terms_are_named_by_what_they_are_part_of(source: Source) -> None:
    windows = explanation.Windows(MARCH, APRIL)
    told = explanation.explain(source, "accuracy", windows, filters=Filters(), levels=("policy", "reviewer"))
    largest = told.terms.row(0, named=True)
    assert (largest["kind"], largest["level"], largest["segment"]) == ("mix", "policy", "hard")
    assert "hard · r3" in told.terms["segment"]


@pytest.mark.parametrize(
    ("name", "windows", "message"),
    [
        ("krippendorff_alpha", (MARCH, APRIL), "unknown from 2026-03-01 to 2026-03-31: no item has two ratings"),
        ("gold_kappa", (MARCH, APRIL), "is no mean of its parts, so its change cannot be split over them"),
        (
            "accuracy",
            ((date(2025, 1, 1), date(2025, 2, 1)), APRIL),
            "unknown from 2025-01-01 to 2025-02-01: no answers",
        ),
    ],
)
def test_what_cannot_be_explained_says_why(source: Source, name: str, windows: tuple, message: str) -> None:
    with pytest.raises(LogError, match=message):
        explanation.explain(source, name, explanation.Windows(*windows), filters=Filters())


def test_the_default_is_the_last_four_weeks_against_those_before(source: Source) -> None:
    found = explanation.windows(source, None, None, None)
    assert found.after == (date(2026, 4, 1), date(2026, 4, 28))
    assert found.before == (date(2026, 3, 4), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((date(2026, 4, 2), date(2026, 4, 1), None), "--since comes after --until"),
        ((date(2026, 4, 1), None, (date(2026, 3, 9), date(2026, 3, 1))), "--against ends before it begins"),
        ((date(2026, 4, 1), None, (date(2026, 3, 9), date(2026, 4, 1))), "The windows overlap"),
    ],
)
def test_windows_that_are_none_are_refused(source: Source, arguments: tuple, message: str) -> None:
    with pytest.raises(LogError, match=message):
        explanation.windows(source, *arguments)


def test_the_command_prints_the_sentence_and_the_terms(home: Path) -> None:
    asked = ["explain", "accuracy", "-w", str(home), "--since", "2026-04-01", "--against", "2026-03-01..2026-03-31"]
    assert "with the earlier mix of cases it would be 92 %" in CliRunner().invoke(app, asked).output
    done = CliRunner().invoke(app, [*asked, "--format", "csv"])
    assert set(pl.read_csv(done.output.encode())["kind"]) == {"mix", "value"}


def test_a_log_without_times_cannot_have_changed(hatecheck_workspace: Path) -> None:
    with pytest.raises(LogError, match="This log has no times"):
        CliRunner().invoke(app, ["explain", "accuracy", "-w", str(hatecheck_workspace)], catch_exceptions=False)


def test_a_window_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(LogError, match="--against takes a window such as"):
        explanation.read_window("March")


def test_the_page_says_the_same_and_what_happened_meanwhile(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(home))
    page = pages.opened("explain", number="accuracy", days="28")
    told = pages.said(page)
    assert "Accuracy against gold fell by **" in told
    assert "01 Apr to 28 Apr 2026, against 04 Mar to 31 Mar 2026" in told
    assert "01 Apr: hard cases come here now" in told
    assert page.dataframe[0].value["where"][0] == "hard"
