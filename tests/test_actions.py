"""The ledger of actions: what is noted is there, whole or not at all, whoever writes at once; a person can leave it."""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import coaching
from dashboard.cli import app
from dashboard.measure import open_source
from data import journal
from data.actions import Action, note, noted, strike
from data.errors import LogError
from data.load import load
from data.store import open_workspace
from data.unnoting import TEXTS, erase_notes
from queries.keeping import erase

ON = dt.date(2026, 3, 1)
ONE = Action(("mod-7",), ON, 28, signal="below target", cause="new standard", action="talk", made_by="lead")
AWAY = {"action_people"}
"""Tables that hold no text that somebody wrote."""


def test_what_is_noted_is_there_the_newest_first(workspace: Path) -> None:
    later = Action(("a", "b"), ON + dt.timedelta(days=9), 14, team="red")
    assert [note(workspace, each) for each in (ONE, later)] == [1, 2]
    found = noted(workspace)
    assert [replace(each, made_at="", number=0) for each in found] == [later, ONE]
    assert [each.number for each in found] == [2, 1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", found[0].made_at)
    assert (later.since, later.until) == (dt.date(2026, 2, 24), dt.date(2026, 3, 23))


def test_the_same_people_on_the_same_day_are_noted_once(workspace: Path) -> None:
    note(workspace, ONE)
    with pytest.raises(LogError, match="Action 1 is about the same people from 2026-03-01 on: nothing was done"):
        note(workspace, replace(ONE, action="again"))
    assert len(noted(workspace)) == 1


def test_a_number_that_was_struck_out_is_not_given_again(workspace: Path) -> None:
    note(workspace, ONE)
    strike(workspace, 1)
    assert note(workspace, ONE) == 2
    with pytest.raises(LogError, match=r"no action 1 in .*; there are: 2"):
        strike(workspace, 1)


def test_several_who_write_at_once_lose_nothing(workspace: Path) -> None:
    """Four processes note twenty actions each."""
    program = (
        "import sys, datetime as dt\n"
        "from data.actions import Action, note\n"
        "for n in range(20): note(sys.argv[1], Action((f'{sys.argv[2]}-{n}',), dt.date(2026, 3, 1), 28))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(workspace), str(who)]) for who in range(4)]
    assert [each.wait(60) for each in running] == [0] * 4
    found = noted(workspace)
    assert sorted(each.number for each in found) == list(range(1, 81))
    assert {each.reviewers for each in found} == {(f"{who}-{n}",) for who in range(4) for n in range(20)}


def test_of_a_writer_that_is_killed_in_the_middle_nothing_is_there(workspace: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from data import journal\n"
        "with journal.writing(sys.argv[1]) as connection:\n"
        "    connection.execute(\"insert into action_people values (1, 'half')\")\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    note(workspace, ONE)
    killed = subprocess.run([sys.executable, "-c", program, str(workspace)], check=False)
    assert killed.returncode == -9
    assert [each.reviewers for each in noted(workspace)] == [("mod-7",)]
    assert note(workspace, replace(ONE, reviewers=("next",))) == 2


def test_every_table_of_the_journal_is_one_that_a_person_can_leave() -> None:
    assert {*TEXTS, *AWAY} == {*journal.TABLES}


def test_an_erased_reviewer_leaves_the_journal_and_others_stay(workspace: Path) -> None:
    """Actions about them alone go, one about a team keeps its others, and texts lose the name; mod-70 is another."""
    note(workspace, ONE)
    note(workspace, Action(("mod-7", "mod-70"), ON, 28, team="red", signal="mod-7, mod-70 and x.mod-7"))
    with journal.writing(workspace) as connection:
        connection.execute("insert into sessions (name, scope) values ('about mod-7', 'reviewer = mod-7')")
        connection.execute("insert into session_cases (session, case_id) values ('about mod-7', 'c1')")
        rows = [("about mod-7", who, "c1", "asked mod-7") for who in ("mod-7", "mod-70")]
        connection.executemany("insert into session_votes (session, voter, case_id, reason) values (?, ?, ?, ?)", rows)
        row = ("about mod-7", "mod-7.csv", 2, "someone", "c9,mod-7")
        connection.execute(
            "insert into session_set_aside (session, file, line, voter, raw) values (?, ?, ?, ?, ?)", row
        )
    assert erase_notes(workspace, "mod-7") == {
        "actions": 2,
        "action_people": 2,
        "sessions": 1,
        "session_cases": 1,
        "session_votes": 2,
        "session_set_aside": 1,
    }
    (left,) = noted(workspace)
    assert (left.reviewers, left.team, left.signal) == (("mod-70",), "red", "(erased), mod-70 and x.(erased)")
    with journal.reading(workspace) as connection:
        votes = [tuple(row) for row in connection.execute("select session, voter, reason from session_votes")]
    assert votes == [("about (erased)", "mod-70", "asked (erased)")]
    assert not re.search(rb"mod-7(?!0)", (workspace / journal.FILE).read_bytes())
    assert not any(erase_notes(workspace, "mod-7").values())


def test_a_workspace_without_a_journal_has_nothing_to_erase_and_gets_none(workspace: Path) -> None:
    assert erase_notes(workspace, "mod-7") == {}
    assert not (workspace / journal.FILE).exists()


@pytest.fixture(scope="module")
def log(empty_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten people in two teams, who answer gold twice a day, twelve days before the first of March and twelve since.

    p0 errs eight times before and never since; the others err four times before and since.
    """
    folder = tmp_path_factory.mktemp("ledger")
    path = Path(shutil.copytree(empty_workspace, folder / "w"))
    reviews, gold = ["review_id,item_id,reviewer_id,label,decided_at"], ["item_id,label"]
    for who in range(10):
        for n in range(48):
            errs = n % 24 < (4 if who else 8 if n < 24 else 0)
            day = ON + dt.timedelta(days=n // 2 - 12)
            reviews.append(f"r{who}-{n},i{who}-{n},p{who},{'spam' if errs else 'fine'},{day}T12:00:00Z")
            gold.append(f"i{who}-{n},fine")
    for name, lines in {
        "reviews": reviews,
        "gold": gold,
        "reviewers": ["reviewer_id,team", *(f"p{who},{'red' if who < 3 else 'blue'}" for who in range(10))],
    }.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
        load(path, name, [folder / f"{name}.csv"])
    return path


@pytest.fixture
def lively(log: Path, tmp_path: Path) -> Path:
    """A copy of it, to note something in."""
    return Path(shutil.copytree(log, tmp_path / "w"))


def run(*words: str, on: Path) -> str:
    done = CliRunner().invoke(app, [*words, "-w", str(on)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout


def test_the_commands_note_list_and_strike_out_an_action(lively: Path) -> None:
    told = run("coach", "p0", "--on", "2026-03-01", "--days", "12", "--signal", "errors", "--by", "=lead", on=lively)
    assert told == "Noted as action 1; judged by the days from 2026-02-17 to 2026-03-12.\n"
    (row,) = json.loads(run("actions", "--format", "json", on=lively))
    assert (row["reviewers"], row["signal"], row["action"], row["state"]) == (["p0"], "errors", "coaching", "complete")
    assert (row["before"], row["since"], row["n"]) == (pytest.approx(16 / 24), 1, 24)
    assert row["before"] < row["forecast"] < row["since"]
    assert row["low"] < row["value"] < row["high"]
    as_csv = run("actions", "--format", "csv", on=lively).splitlines()
    assert as_csv[1].startswith('1,2026-03-01,2026-03-12,"",p0,errors,"",coaching,\'=lead,')
    assert run("actions", "--strike", "1", "--format", "json", on=lively) == "[]\n"


def test_an_action_for_a_team_is_for_those_who_are_in_it(lively: Path) -> None:
    run("coach", "--team", "red", "--on", "2026-03-01", "--days", "12", on=lively)
    assert noted(lively)[0].reviewers == ("p0", "p1", "p2")
    (row,) = json.loads(run("actions", "--format", "json", on=lively))
    assert (row["team"], row["n"]) == ("red", 72)


def test_who_was_coached_meanwhile_is_nobodys_peer(lively: Path) -> None:
    with closing(open_workspace(lively)) as opened:
        source, action = open_source(opened), Action(("p0",), ON, 12)
        others = [Action(("p8", "p9"), ON + dt.timedelta(days=11), 12), Action(("p7",), ON + dt.timedelta(days=12), 12)]
        assert coaching.effect(source, action).peers - coaching.effect(source, action, others).peers == 2
        shown = coaching.ledger(source, [action, *others], who="p0")
    assert shown.select("reviewers", "peers").rows() == [(["p0"], 7)]


def test_numbers_of_few_answers_are_hidden(lively: Path) -> None:
    run("coach", "p0", "--on", "2026-03-01", "--days", "4", on=lively)
    (row,) = json.loads(run("actions", "--format", "json", on=lively))
    assert {row[name] for name in ("before", "forecast", "since", "value", "low", "high")} == {None}
    assert row["note"] == "hidden: 8 gold answers before or since, fewer than 10"


def test_without_answers_since_the_note_says_so(lively: Path) -> None:
    run("coach", "p0", "--on", "2026-04-20", "--days", "60", on=lively)
    (row,) = json.loads(run("actions", "--format", "json", on=lively))
    assert (row["value"], row["note"]) == (None, "no gold answers since")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("p00", "--on", "2026-03-01"), "No reviewer 'p00' decided anything in this log. Did you mean p0?"),
        (("--on", "2026-03-01"), "Say whom the action was for"),
        (("--team", "rot", "--on", "2026-03-01"), "Nobody who decided anything is in a team 'rot'."),
        (("p0", "--team", "red", "--on", "2026-03-01"), "for reviewers or for a --team, not for both"),
        (("p0", "--on", "2999-03-01"), "2999-03-01 lies in the future: mark an action from its day on"),
        (("p0", "--on", "March"), "--on 'March' is not a day: write it as 2025-03-01"),
        (("p0", "--on", "2026-03-01", "--days", "0"), "judged by 1 to 366 days before and since, not by 0"),
    ],
)
def test_what_cannot_be_noted_is_said_and_nothing_is_done(log: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(LogError, match=re.escape(said)):
        run("coach", *words, on=log)
    assert not (log / journal.FILE).exists()


def test_erasing_a_reviewer_reaches_the_ledger(lively: Path) -> None:
    run("coach", "p0", "--on", "2026-03-01", on=lively)
    run("coach", "--team", "red", "--on", "2026-03-02", on=lively)
    assert erase(lively, "p0").rows["actions"] == 1
    (left,) = noted(lively)
    assert left.reviewers == ("p1", "p2")
    assert run("actions", "--format", "json", on=lively)
