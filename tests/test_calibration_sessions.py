"""Calibration sessions: chosen from a log, sent out blind, voted on, and told about."""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pages
import polars as pl
import pytest
from pages import said
from typer.testing import CliRunner

from dashboard import ballots, calibration, calibration_paper
from dashboard.cli import app
from dashboard.measure import open_source
from dashboard.session import WORKSPACE_VARIABLE
from data import calibrations, journal
from data.ballots import NO_HEADER, NOT_TEXT, TOO_LONG, read_votes
from data.errors import LogError
from data.load import load
from data.store import create, open_workspace
from data.voting import DECIDED_TWICE, FOREIGN, NO_DECISION, NO_LABEL, NO_VOTE, NO_VOTER, TWICE
from queries.ask import ask
from queries.filters import Filters
from queries.keeping import keep_up

NAME = "week 31"
Votes = Callable[..., calibration.Taken]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of three policies: items 0 to 29 split one to one, others are clear; reviewers are named secret-…."""
    folder = tmp_path_factory.mktemp("split")
    rows = ["item_id,reviewer_id,label,policy,reason_code,decided_at,stage"]
    for k in range(120):
        policy, day = ("hate", "nudity", "scams")[k % 3], f"2026-03-{k % 28 + 1:02}"
        for who in range(2):
            label = "remove" if (k >= 90 or (k < 30 and who)) else "keep"
            code = f"{policy}-{k % 2}" if label == "remove" else ""
            rows.append(f"item-{k},secret-{who},{label},{policy},{code},{day},live")
    (folder / "reviews.csv").write_text("\n".join(rows) + "\n")
    (folder / "gold.csv").write_text("item_id,label\nitem-0,remove\n")
    create(folder / "w")
    for table in ("reviews", "gold"):
        load(folder / "w", table, [folder / f"{table}.csv"], then=keep_up)
    return folder / "w"


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    """The same for one test, with a session of four cases and their controls."""
    path = Path(shutil.copytree(made, tmp_path / "w"))
    new(path, NAME, cases=4)
    return path


def new(path: Path, name: str, *, cases: int = 4, controls: bool = True, filters: Filters | None = None) -> None:
    """Make a session."""
    with closing(open_workspace(path)) as opened:
        source, chosen = open_source(opened), filters or Filters()
        found = calibration.candidates(source, chosen)
        calibration.make(
            path, source, name, filters=chosen, found=found, wish=calibration.Wish(cases, 2, controls=controls)
        )


@pytest.fixture
def vote(workspace: Path) -> Votes:
    """Votes as a file that came back."""

    def counted(*lines: str, head: str = "voter,case_id,label", file: str = "votes.csv") -> calibration.Taken:
        content = "\n".join([head, *lines]).encode()
        return calibration.take_votes(workspace, NAME, {file: content})

    return counted


def case_ids(workspace: Path) -> list[str]:
    return calibrations.cases(workspace, NAME)["case_id"].to_list()


def test_candidates_split_the_room_and_are_no_gold(made: Path) -> None:
    with closing(open_workspace(made)) as opened:
        found = calibration.candidates(open_source(opened), Filters())
        of_one = calibration.candidates(open_source(opened), Filters(policies=("hate",)))
    assert set(found["item_id"]) == {f"item-{k}" for k in range(1, 30)}
    assert set(found.select("policy", "clause").rows()) == {
        (policy, f"{policy}-{k}") for policy in ("hate", "nudity", "scams") for k in (0, 1)
    }
    assert found["harm_by"].unique().to_list() == ["every disagreement alike"]
    assert found["volume"].to_list() == pytest.approx([1 / 3] * 29)
    assert set(of_one["policy"]) == {"hate"}


def test_the_cases_of_a_rollup_are_those_of_the_log(made: Path) -> None:
    patterns = ["1\x1fkeep\x1e1\x1fremove", "2\x1fkeep"]
    with closing(open_workspace(made)) as opened:
        rolled = ask(opened.engine, "split_cases", Filters(), parameters={"patterns": patterns, "most": 3})
        opened.engine.has_rollups = opened.engine.tells_repeats = False
        logged = ask(opened.engine, "split_cases", Filters(), parameters={"patterns": patterns, "most": 3})
    assert rolled.height == 18
    assert rolled.sort(rolled.columns).equals(logged.sort(logged.columns))


def test_a_second_session_has_other_cases_and_a_third_finds_none(workspace: Path) -> None:
    new(workspace, "next", cases=50)
    first, second = (set(calibrations.cases(workspace, name)["item_id"]) for name in (NAME, "next"))
    assert not first & second
    new(workspace, "more", cases=50)
    with pytest.raises(LogError, match="Widen the filters"):
        new(workspace, "last", filters=Filters(policies=("nobody's",)))


@pytest.mark.parametrize(("name", "message"), [(NAME, "already"), ("", "cannot name"), ("../x", "cannot name")])
def test_a_session_needs_a_name_of_its_own(workspace: Path, name: str, message: str) -> None:
    with pytest.raises(LogError, match=message):
        new(workspace, name)


def test_a_ballot_tells_nothing_of_what_others_said(workspace: Path) -> None:
    """No gold, reviewer, clause or earlier label; cases stand by lot and do not say which are controls."""
    outcome = calibration.outcome(workspace, NAME)
    table = ballots.table(outcome.calibration, outcome.cases)
    assert table.columns == [
        *("voter", "case_id", "item_id", "policy", "standard_version", "question", "labels", "vote", "reason")
    ]
    assert table["labels"].unique().to_list() == ["keep | remove"]
    assert table["case_id"].is_sorted()
    assert table.select("voter", "vote", "reason").unique().rows() == [("", "", "")]
    page = ballots.printed(outcome.calibration, outcome.cases)
    for text in (page, table.drop("labels").write_csv()):
        assert not re.search(r"secret|control|hate-\d|nudity-\d|scams-\d|[0-9] × ", text)
        assert all(case in text for case in outcome.cases["case_id"])
    assert page.count("☐ remove") == page.count("☐ keep") == 8
    assert len(case_ids(workspace)) == 8


def test_pages_stand_alone_and_show_names_as_they_are(workspace: Path, vote: Votes) -> None:
    with journal.writing(workspace) as connection:
        connection.execute("update session_cases set item_id = '<script>alert(1)</script>&'")
    vote(*(f"v{n},{case},keep" for n in range(3) for case in case_ids(workspace)))
    outcome = calibration.outcome(workspace, NAME)
    for page in (calibration_paper.printed(outcome), ballots.printed(outcome.calibration, outcome.cases)):
        tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attributes, found=tags: found.append((tag, attributes))
        parser.feed(page)
        assert "script" not in {tag for tag, _ in tags}
        assert not {name for _, attributes in tags for name, _ in attributes} & {"src", "href", "onload"}
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page


def test_a_filled_in_ballot_is_counted_and_a_second_reading_changes_nothing(workspace: Path) -> None:
    """As a spreadsheet saves it: with a byte order mark, semicolons, its own line ends; the file names the voter."""
    outcome = calibration.outcome(workspace, NAME)
    rows = ballots.table(outcome.calibration, outcome.cases).to_dicts()
    filled = io.StringIO()
    writer = csv.DictWriter(filled, rows[0].keys(), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "vote": "keep", "reason": "because; of\nthis"} for row in rows)
    content = b"\xef\xbb\xbf" + filled.getvalue().encode()
    first, second = (calibration.take_votes(workspace, NAME, {"anna.csv": content}) for _ in range(2))
    assert (first.counted, first.unchanged, first.set_aside) == (8, 0, ())
    assert (second.counted, second.unchanged, second.set_aside) == (0, 8, ())
    kept = calibrations.votes(workspace, NAME)
    assert kept["voter"].unique().to_list() == ["anna"]
    assert kept["reason"].unique().to_list() == ["because; of\nthis"]


def test_what_is_no_vote_is_set_aside_with_its_reason(workspace: Path, vote: Votes) -> None:
    case, other = case_ids(workspace)[:2]
    lines = (
        *(f"anna,{case},keep", f"anna,{case},remove", f"anna,{case},keep", "anna,case-foreign,keep"),
        *(f"anna,{other},banana", f"anna,{other},", f",{other},keep", f"anna,{other},keep,too,much"),
    )
    for _ in range(2):
        taken = vote(*lines, file="ballot.csv")
        assert [row.why for row in taken.set_aside] == [TWICE, TWICE, FOREIGN, NO_LABEL, NO_VOTE, NO_VOTER, TOO_LONG]
        assert [row.line for row in taken.set_aside] == list(range(3, 10))
    assert vote(f"anna,{case},remove", file="later.csv").set_aside[0].why == TWICE
    kept = calibrations.set_aside(workspace, NAME)
    assert kept.height == 8
    assert calibrations.votes(workspace, NAME).select("voter", "case_id", "label").rows() == [("anna", case, "keep")]


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"who,what\na,b\n", NO_HEADER), (b"", None), (b"voter,case_id\n", NO_HEADER), (b"case_id,label\n\xff", NOT_TEXT)],
)
def test_a_file_that_is_no_ballot_is_set_aside_as_one_row(content: bytes, why: str | None) -> None:
    assert [row.why for row in read_votes("x.csv", content)] == ([why] if why else [])


def test_a_file_that_breaks_off_keeps_its_rows_and_says_where_it_broke() -> None:
    rows = list(read_votes("x.csv", b'case_id,label\na,keep\nb,"keep" x\nc,keep\n'))
    assert [(row.case_id, row.line, bool(row.why)) for row in rows] == [("a", 2, False), ("", 3, True)]


def test_rows_set_aside_tell_what_they_would_have_changed(workspace: Path, vote: Votes) -> None:
    """All keep; one who votes twice and one who makes up a label would have lowered it, a foreign case nobody knows."""
    every = case_ids(workspace)
    vote(*(f"v{n},{case},keep" for n in range(2) for case in every))
    talked = calibrations.cases(workspace, NAME).filter(~pl.col("is_control"))["case_id"][0]
    vote(f"v0,{talked},remove", f"w,{talked},banana", "w,case-foreign,keep", file="late.csv")
    told = {row["why"]: row for row in calibration.set_aside(workspace).iter_rows(named=True)}
    assert told[FOREIGN]["with"] is None
    for why in (TWICE, NO_LABEL):
        assert (told[why]["rows"], told[why]["without"]) == (1, 1.0)
        assert told[why]["with"] == pytest.approx((3 + 1 / 3) / 4)


def test_decisions_of_the_moderator_are_kept_once_and_votes_for_them_counted(workspace: Path, vote: Votes) -> None:
    case = case_ids(workspace)[0]
    vote(f"anna,{case},keep", f"ben,{case},remove", f"cara,{case},remove")
    head = "case_id,label,decided"
    assert vote(f"{case},,remove", head=head, file="moderator.csv").counted == 1
    assert vote(f"{case},,remove", head=head, file="moderator.csv").unchanged == 1
    aside = vote(f"{case},,keep", f"{case},,banana", head=head, file="again.csv").set_aside
    assert [row.why for row in aside] == [DECIDED_TWICE, NO_DECISION]
    assert "2 of 3 votes are for what was decided." in calibration_paper.printed(calibration.outcome(workspace, NAME))


def test_a_journal_that_was_written_by_an_interrupted_reading_has_nothing_of_it(workspace: Path) -> None:
    def broken():
        yield from read_votes("x.csv", f"voter,case_id,label\na,{case_ids(workspace)[0]},keep\n".encode())
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        calibration.take(workspace, NAME, broken())
    assert calibrations.votes(workspace, NAME).is_empty()


def test_the_commands_lead_through_a_session(workspace: Path, tmp_path: Path) -> None:
    def run(*words: object) -> str:
        result = CliRunner().invoke(app, ["calibration", *map(str, words), "-w", str(workspace)])
        assert result.exit_code == 0, result.output
        return result.output

    chosen = run(
        "new", "august", "--cases", 3, "--per-clause", 1, "--where", "policy=scams", "--where", "policy=nudity"
    )
    assert chosen.count("talked about") == chosen.count("control") == 3
    run("ballot", "august", "--out", tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["august-agenda.csv", "august-ballot.csv", "august-ballot.html"]
    agenda = pl.read_csv(tmp_path / "out" / "august-agenda.csv")
    cases = pl.read_csv(tmp_path / "out" / "august-ballot.csv")["case_id"]
    assert (agenda.height, cases.len()) == (3, 6)
    (tmp_path / "all.csv").write_text(
        "voter,case_id,label\n" + "".join(f"v{n},{case},keep\n" for n in range(3) for case in cases) + "v1,x,keep\n"
    )
    told = run("votes", "august", tmp_path / "all.csv")
    assert "18 votes counted, 0 known before, 1 row set aside." in told
    assert "all.csv, line 20: the case is none of this session" in told
    run("report", "august", "-o", tmp_path / "report.html")
    run("report", "august", "-o", tmp_path / "report.csv")
    assert pl.read_csv(tmp_path / "report.csv")["after"][0] == 1.0
    (first, _) = json.loads(run("list", "--format", "json"))
    found = [first[name] for name in ("name", "cases", "controls", "voters", "votes", "set_aside")]
    assert found == ["august", 3, 3, 3, 18, 1]
    health = CliRunner().invoke(app, ["health", "-w", str(workspace), "--format", "json"])
    assert json.loads(health.output)["votes_set_aside"][0]["why"] == FOREIGN


def test_what_a_person_can_mend_is_told(workspace: Path, tmp_path: Path) -> None:
    for words, message in (
        (("report", "nobody"), "There is no session 'nobody'"),
        (("votes", NAME, tmp_path / "nowhere.csv"), "cannot read"),
        (("report", NAME, "-o", tmp_path / "report.pdf"), "as .html or .csv"),
    ):
        result = CliRunner().invoke(app, ["calibration", *map(str, words), "-w", str(workspace)])
        assert isinstance(result.exception, LogError)
        assert message in str(result.exception)


def test_reports_name_no_voter_and_reviewer(workspace: Path, vote: Votes) -> None:
    vote(*(f"voter-{n},{case},keep" for n in range(3) for case in case_ids(workspace)), "voter-0,x,keep")
    new(workspace, "of one", filters=Filters(reviewers=("secret-0", "secret-1")))
    for name in (NAME, "of one"):
        page = calibration_paper.printed(calibration.outcome(workspace, name))
        assert "voter-" not in page
        assert "secret" not in page
    assert "reviewers: 2 chosen" in page


def test_the_page_shows_cases_makes_a_session_and_tells_what_came_of_it(
    workspace: Path, vote: Votes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(workspace))
    vote(*(f"voter-{n},{case},keep" for n in range(3) for case in case_ids(workspace)), "voter-0,x,keep")
    page = pages.opened("calibration")
    assert not page.error
    assert page.selectbox(key="calibration").value == NAME
    assert "On 4 cases, 0 % of the pairs of earlier reviews agreed, and 100 % of those of votes, by 3 voters" in said(
        page
    )
    assert "1 row set aside: the case is none of this session" in said(page)
    assert not re.search("secret|voter-", said(page) + "".join(str(frame.value) for frame in page.dataframe))
    assert len(page.dataframe[0].value) == 29 - 8
    page.text_input[0].set_value("from the page")
    page.button[0].click().run()
    assert not page.error
    assert page.selectbox(key="calibration").value == "from the page"
    assert "No case has two votes yet" in said(page)
    assert "Votes set aside" in said(pages.opened("health"))


def test_the_page_stands_without_split_cases_and_sessions(
    hatecheck_workspace: Path, empty_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(hatecheck_workspace))
    assert "There is no session yet" in said(pages.opened("calibration"))
    clear = Path(shutil.copytree(empty_workspace, tmp_path / "clear"))
    (tmp_path / "log.csv").write_text("item_id,reviewer_id,label\na,x,keep\na,y,keep\n")
    load(clear, "reviews", [tmp_path / "log.csv"])
    monkeypatch.setenv(WORKSPACE_VARIABLE, str(clear))
    assert "No item that passes the filters got several labels" in said(pages.opened("calibration"))
    assert not (clear / journal.FILE).exists()
