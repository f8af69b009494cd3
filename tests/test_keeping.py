"""A workspace packed, shortened and rid of a person: what must stay the same does, and what must go is gone."""

# ruff: noqa: S311, S607, S608 - made-up rows, programs of every machine, and names of ours

import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from test_refresh import FIRST, some_change, some_reviews
from test_sources import PARAMETERS, QUESTIONS, Rows, some_filters, sorted_rows
from typer.testing import CliRunner

from dashboard.cli import app
from data.engine import DuckDBEngine
from data.errors import LogError
from data.load import load
from data.merging import merge
from data.parts import listed
from data.store import create, open_workspace, writing
from queries.ask import ask
from queries.checking import CHECKS
from queries.keeping import compact, erase, forget, keep_up
from queries.refresh import KEPT, refresh

FORGOTTEN = FIRST + timedelta(days=5)
STEPS = 5


@contextmanager
def opened(workspace: Path) -> Iterator[DuckDBEngine]:
    """The engine of a workspace."""
    with closing(open_workspace(workspace)) as found:
        yield found.engine


def rollups(workspace: Path) -> dict[str, pl.DataFrame]:
    """The rollups of a store, as they are."""
    with opened(workspace) as engine:
        assert engine.has_rollups
        return {name: engine.fetch(f"select * from {name}", {}) for name in KEPT}


def assert_same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, rows in one.items():
        try:
            assert_frame_equal(rows, other[name], check_row_order=False, check_column_order=False)
        except AssertionError as error:
            error.add_note(f"in {name}")
            raise


def rebuilt(workspace: Path) -> dict[str, pl.DataFrame]:
    """The rollups that the rows of a store give, without changing it."""
    with writing(workspace) as writer:
        writer.connection.execute("delete from rollups")
        refresh(writer)
        return {name: writer.connection.sql(f"select * from {name}").pl() for name in KEPT}


def rows(workspace: Path, table: str = "reviews") -> pl.DataFrame:
    """The rows of a table in their order."""
    with opened(workspace) as engine:
        return engine.fetch(f"select * from {table} order by sequence", {}).drop("part", strict=False)


def files(workspace: Path, pattern: str) -> list[str]:
    return sorted(entry.name for entry in workspace.glob(pattern))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log to which all kinds of things have happened, with rollups after each."""
    folder, chance, seen = tmp_path_factory.mktemp("lively"), random.Random(1), list[pl.DataFrame]()
    create(folder / "w")
    for _ in range(8):
        some_change(folder / "w", folder, chance, seen)
        with writing(folder / "w") as writer:
            refresh(writer)
            writer.changed = True
    return folder / "w"


@pytest.fixture
def lively(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "w"))


def test_a_packed_store_says_the_same_in_one_file_and_less_space(lively: Path) -> None:
    before, reviews, scores = rollups(lively), rows(lively), rows(lively, "predictions")
    packed = compact(lively)
    assert packed.parts > 1
    assert packed.bytes_after < packed.bytes_before
    assert len(files(lively, "rows-*")) == len(files(lively, "store-*")) == 1
    assert_same(rollups(lively), before)
    assert_same(rebuilt(lively), before)
    assert_frame_equal(rows(lively), reviews)
    assert_frame_equal(rows(lively, "predictions"), scores)
    days = sorted_by_file(lively)
    assert days == sorted(days, key=lambda day: day or date.min)


def sorted_by_file(workspace: Path) -> list[date | None]:
    with opened(workspace) as engine:
        return engine.fetch("select day from reviews", {})["day"].to_list()


def test_a_packed_store_takes_loads_corrections_and_repeats_as_before(lively: Path, tmp_path: Path) -> None:
    compact(lively)
    chance, seen = random.Random(2), [some_reviews(random.Random(3), 5_000)]
    for _ in range(4):
        some_change(lively, tmp_path, chance, seen)
    with writing(lively) as writer:
        keep_up(writer)
        writer.changed = True
    assert_same(rollups(lively), rebuilt(lively))
    sequences = rows(lively)["sequence"]
    assert sequences.n_unique() == len(sequences)


def test_small_parts_are_merged_so_that_there_are_few(tmp_path: Path) -> None:
    """Loads of changing size: the parts stay a handful, and their rows are those of the loads."""
    chance, workspace, total = random.Random(4), tmp_path / "w", 0
    create(workspace)
    for number in range(24):
        size = chance.randint(1, 300)
        lines = [f"v{number}-{n},i{chance.randint(0, 99)},r{n % 9},keep,2026-03-0{n % 9 + 1}\n" for n in range(size)]
        (tmp_path / "log.csv").write_text("review_id,item_id,reviewer_id,label,decided_at\n" + "".join(lines))
        load(workspace, "reviews", [tmp_path / "log.csv"], then=keep_up)
        total += size
        assert len(files(workspace, "rows-*.duckdb")) <= 8
    assert rows(workspace).height == total
    assert_same(rollups(workspace), rebuilt(workspace))


def test_parts_are_not_merged_while_the_rollups_lag(lively: Path, tmp_path: Path) -> None:
    """What changed since the rollups were made could no longer be told; a refresh comes first."""
    some_reviews(random.Random(5), 9_000).write_csv(tmp_path / "more.csv")
    with pytest.raises(ValueError, match="rollups"), writing(lively) as writer:
        merge(writer, listed(writer.connection))
    load(lively, "reviews", [tmp_path / "more.csv"], then=keep_up)
    assert_same(rollups(lively), rebuilt(lively))


def since_forgotten(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of a delivery that are of the day from which on rows are kept."""
    return frame.filter(pl.col("decided_at") >= str(FORGOTTEN))


def change_both(folder: Path, chance: random.Random, seen: list[pl.DataFrame], items: list[str]) -> None:
    """The same change to the store that forgot and to the one that did not."""
    kind = chance.choice(["new", "new", "corrected", "gold", "scores"])
    table, frame = "reviews", since_forgotten(some_reviews(chance, 10_000 + sum(each.height for each in seen)))
    frame = frame.with_columns(item_id=pl.Series([chance.choice(items) for _ in range(frame.height)], dtype=pl.String))
    if kind == "corrected":
        known = since_forgotten(pl.concat(seen)).unique("review_id", maintain_order=True)
        frame = known.sample(min(9, known.height), seed=chance.randint(0, 99)).with_columns(
            label=pl.lit("limit"), queue=pl.lit("a")
        )
    elif kind == "gold":
        table = "gold"
        frame = pl.DataFrame([{"item_id": chance.choice(items[:8]), "label": chance.choice(["keep", "remove"])}])
    elif kind == "scores":
        table = "predictions"
        said = {"model": "m", "model_version": "1", "scored_at": f"{FORGOTTEN}T00:00:00Z", "label": "keep"}
        frame = pl.DataFrame([{"item_id": chance.choice(items), **said, "score": round(chance.random(), 2)}])
    if table == "reviews" and kind == "new":
        seen.append(frame)
    frame.write_csv(folder / "log.csv")
    for name in ("short", "whole"):
        load(folder / name, table, [folder / "log.csv"], then=keep_up)


def two_stores(folder: Path, seed: int) -> tuple[random.Random, list[pl.DataFrame], list[str]]:
    """A store that forgot its first days and its twin that did not; and the items that both can tell apart."""
    chance, seen = random.Random(seed), list[pl.DataFrame]()
    for name in ("short", "whole"):
        create(folder / name)
    gold = pl.DataFrame({"item_id": [f"i{n}" for n in range(0, 26, 3)], "label": "keep"})
    for number in range(3):
        seen.append(some_reviews(chance, number * 100))
        for table, frame in (("reviews", seen[-1]), ("gold", gold)):
            frame.write_csv(folder / "log.csv")
            for name in ("short", "whole"):
                load(folder / name, table, [folder / "log.csv"], then=keep_up)
    with opened(folder / "whole") as engine:
        told = engine.fetch("select item_id from shared_items union select item_id from gold_reviews", {})
    everything = {item for frame in seen for item in frame["item_id"]}
    items = (
        sorted(set(told["item_id"])) + [f"new{n}" for n in range(5)] + sorted({f"i{n}" for n in range(26)} - everything)
    )
    gone = rows(folder / "short").filter(pl.col("day") < FORGOTTEN).height
    assert gone
    assert forget(folder / "short", FORGOTTEN).reviews == gone
    return chance, seen, items


@pytest.mark.parametrize("seed", range(3))
def test_what_comes_after_forgetting_gives_the_rollups_of_a_store_that_never_forgot(tmp_path: Path, seed: int) -> None:
    """New and corrected reviews, gold and scores, of items that have rows, narrow rows, or are new."""
    chance, seen, items = two_stores(tmp_path, seed)
    for _ in range(STEPS):
        change_both(tmp_path, chance, seen, items)
        assert_same(rollups(tmp_path / "short"), rollups(tmp_path / "whole"))
    compact(tmp_path / "short")
    assert_same(rollups(tmp_path / "short"), rollups(tmp_path / "whole"))
    left = rows(tmp_path / "whole").filter((pl.col("day") >= FORGOTTEN) | pl.col("day").is_null())
    assert_frame_equal(rows(tmp_path / "short").drop("has_repeats"), left.drop("has_repeats"))


def test_what_only_rows_tell_is_refused_for_days_that_were_forgotten_and_right_after(tmp_path: Path) -> None:
    two_stores(tmp_path, 7)
    chance = random.Random(8)
    with opened(tmp_path / "short") as short, opened(tmp_path / "whole") as whole:
        for name in QUESTIONS * 3:
            filters = some_filters(chance)
            expected = ask(Rows(whole), name, filters, parameters=PARAMETERS)
            if filters.since is not None and filters.since >= FORGOTTEN:
                assert_frame_equal(
                    *(sorted_rows(each) for each in (ask(Rows(short), name, filters, parameters=PARAMETERS), expected))
                )
            else:
                with pytest.raises(LogError, match=f"those of before {FORGOTTEN} were forgotten"):
                    ask(Rows(short), name, filters, parameters=PARAMETERS)
            assert_frame_equal(sorted_rows(ask(whole, name, filters, parameters=PARAMETERS)), sorted_rows(expected))


def test_forgotten_rows_that_come_again_are_set_aside_without_their_text(tmp_path: Path) -> None:
    two_stores(tmp_path, 9)
    before = rollups(tmp_path / "short")
    log = "review_id,item_id,reviewer_id,label,decided_at\n"
    again = f"v0,i1,r1,keep,{FORGOTTEN - timedelta(days=1)}T10:00:00Z\nnew,i2,r2,keep,\n"
    (tmp_path / "again.csv").write_text(log + again)
    pl.read_csv(tmp_path / "again.csv", try_parse_dates=True).write_parquet(tmp_path / "again.parquet")
    for name in ("again.csv", "again.parquet"):
        report = load(tmp_path / "short", "reviews", [tmp_path / name], then=keep_up)
        assert report.quarantined == report.read == 2
        assert sorted(report.reasons) == [
            f"decided_at is before {FORGOTTEN}, whose rows were forgotten",
            f"decided_at is missing, so it may be before {FORGOTTEN}, whose rows were forgotten",
        ]
    with opened(tmp_path / "short") as engine:
        assert engine.fetch("select distinct raw from quarantine", {})["raw"].to_list() == [""]
    assert_same(rollups(tmp_path / "short"), before)
    (tmp_path / "again.csv").write_text("item_id,reviewer_id,label\ni,a,keep\n")
    with pytest.raises(LogError, match="needs decided_at"):
        load(tmp_path / "short", "reviews", [tmp_path / "again.csv"])


def test_forgetting_says_what_cannot_be_forgotten(lively: Path) -> None:
    with pytest.raises(LogError, match="lies in the future"):
        forget(lively, date.max)
    nothing = forget(lively, date(2000, 1, 1))
    assert (nothing.reviews, nothing.predictions) == (0, 0)
    with opened(lively) as engine:
        assert engine.forgotten is None


def test_answers_of_models_stay_as_long_as_their_item_has_a_review(tmp_path: Path) -> None:
    create(tmp_path / "w")
    early, late = FORGOTTEN - timedelta(days=1), FORGOTTEN
    for table, text in {
        "reviews": "item_id,reviewer_id,label,decided_at\n"
        f"old,a,x,{early}\nold,b,x,{early}\nkept,a,x,{early}\nkept,a,x,{late}\n",
        "predictions": "item_id,model,model_version,scored_at\n"
        + "".join(f"{item},m,1,{early}\n" for item in ("old", "kept", "other")),
    }.items():
        (tmp_path / f"{table}.csv").write_text(text)
        load(tmp_path / "w", table, [tmp_path / f"{table}.csv"], then=keep_up)
    gone = forget(tmp_path / "w", FORGOTTEN)
    assert (gone.reviews, gone.predictions) == (3, 2)
    assert rows(tmp_path / "w", "predictions")["item_id"].to_list() == ["kept"]


def holds(workspace: Path, text: str) -> list[str]:
    """The files of a workspace in whose bytes a text stands."""
    return [entry.name for entry in workspace.rglob("*") if entry.is_file() and text.encode() in entry.read_bytes()]


PERSON = "Quillon-Abernathy_77"
"""A reviewer whose id stands nowhere else by chance."""
ABOUT = {
    "reviewers": "reviewer_id,team\n{0},north\nr1,south\n{0}8,south\n",
    "audits": "review_id,auditor_id,label,audited_at\n"
    "v1,r1,keep,2026-04-02\nv2,{0},keep,2026-04-02\nv3,r1,keep,2026-04-02\n",
    "appeals": "review_id,opened_at\nv1,2026-04-03\nv3,2026-04-03\n",
    "gold": "item_id,label\ni1,keep\ni2,remove\n",
    "predictions": "item_id,model,model_version,scored_at\ni1,m,1,2026-04-01\n",
}


def a_log_with(person: str, folder: Path) -> Path:
    """A workspace in which a person did everything a person can do; the reviews of others are in the same parts."""
    workspace = folder / "w"
    create(workspace)
    header = "review_id,item_id,reviewer_id,label,decided_at\n"
    first = "".join(
        f"v{n},i{n % 40},{person if n % 7 == 1 else f'r{n % 5}'},"
        f"{('keep', 'remove')[n % 3 == 0]},2026-04-{n % 28 + 1:02}\n"
        for n in range(200)
    )
    corrected = f"v8,i8,r3,keep,2026-04-09\nv1,i1,{person},remove,2026-04-02\n"
    broken = f"x1,i1,{person},keep,no time\nx2,i1,{person}8,keep,no time\n"
    for n, text in enumerate((first, corrected, broken)):
        (folder / f"log-{person}-{n}.csv").write_text(header + text)
        load(workspace, "reviews", [folder / f"log-{person}-{n}.csv"], then=keep_up)
    for table, text in ABOUT.items():
        (folder / f"{table}.csv").write_text(text.format(person))
        load(workspace, table, [folder / f"{table}.csv"], then=keep_up)
    return workspace


def test_of_an_erased_reviewer_no_byte_is_left_and_the_numbers_follow(tmp_path: Path) -> None:
    workspace = a_log_with(PERSON, tmp_path)
    assert len(holds(workspace, PERSON)) > 2
    others = rows(workspace).filter(pl.col("reviewer_id") != PERSON)
    erased = erase(workspace, PERSON)
    assert erased.rows == {
        "reviews": 28,
        "audits": 2,
        "appeals": 1,
        "reviewers": 1,
        "quarantine": 1,
        "marks": 0,
        "loads": 3,
    }
    # Another's id begins with this one.
    assert holds(workspace, PERSON) == holds(workspace, f"{PERSON}8")
    with opened(workspace) as engine:
        assert engine.fetch("select reviewer_id from reviewers order by all", {})["reviewer_id"].to_list() == [
            f"{PERSON}8",
            "r1",
        ]
        assert engine.fetch("select raw from quarantine", {}).height == 1
        assert engine.fetch("select * from loads where contains(files, '(erased)')", {}).height == 3
    assert_frame_equal(rows(workspace), others)
    assert_same(rollups(workspace), rebuilt(workspace))
    assert not any(erase(workspace, PERSON).rows.values())


def test_of_a_reviewer_in_an_old_version_of_a_row_no_byte_is_left(tmp_path: Path) -> None:
    workspace = a_log_with("mod", tmp_path)
    (tmp_path / "more.csv").write_text(f"review_id,item_id,reviewer_id,label\n{'y' * 9},i,{PERSON},keep\n")
    load(workspace, "reviews", [tmp_path / "more.csv"], then=keep_up)
    (tmp_path / "more.csv").write_text(f"review_id,item_id,reviewer_id,label\n{'y' * 9},i,r1,keep\n")
    load(workspace, "reviews", [tmp_path / "more.csv"], then=keep_up)
    assert holds(workspace, PERSON)
    erased = erase(workspace, PERSON)
    assert erased.rows["reviews"] == 0
    assert holds(workspace, PERSON) == []
    assert len(files(workspace, "store-*")) == 1


def test_the_only_reviewer_can_be_erased_and_places_are_not_given_again(tmp_path: Path) -> None:
    create(tmp_path / "w")
    for who in ("alone", "next"):
        (tmp_path / "log.csv").write_text(f"review_id,item_id,reviewer_id,label\n{who},i,{who},keep\n")
        load(tmp_path / "w", "reviews", [tmp_path / "log.csv"], then=keep_up)
        if who == "alone":
            erase(tmp_path / "w", who)
            assert rows(tmp_path / "w").is_empty()
    assert rows(tmp_path / "w")["sequence"].to_list() == [2]


def test_an_erased_reviewer_leaves_forgotten_days_too(tmp_path: Path) -> None:
    """Where rows are gone, narrow rows tell who gave which label; totals alone still count what is under no name."""
    chance, seen, items = two_stores(tmp_path, 10)
    who = rows(tmp_path / "whole").filter(pl.col("day") < FORGOTTEN)["reviewer_id"][0]
    for name in ("short", "whole"):
        erase(tmp_path / name, who)
    short, whole = rollups(tmp_path / "short"), rollups(tmp_path / "whole")
    for name in ("multi_rated", "gold_reviews", "pairs", "pair_totals", "patterns", "shared_items"):
        assert_frame_equal(short[name], whole[name], check_row_order=False)
    with opened(tmp_path / "short") as engine:
        assert who not in engine.fetch("select reviewer_id from reviewer_places", {})["reviewer_id"]
        assert engine.fetch(
            "select reviewer from reviewer_daily except select place from reviewer_places", {}
        ).is_empty()
    for _ in range(2):
        change_both(tmp_path, chance, seen, items)


def test_the_commands_say_what_they_did_and_what_remains(tmp_path: Path) -> None:
    workspace, run = a_log_with(PERSON, tmp_path), CliRunner()
    place = ["-w", str(workspace)]
    assert " files of rows became one: " in run.invoke(app, ["compact", *place]).stdout
    with pytest.raises(LogError, match="say --yes"):
        run.invoke(app, ["forget", "--before", "2026-04-10", *place], catch_exceptions=False)
    done = run.invoke(app, ["forget", "--before", "2026-04-10", "--yes", *place]).stdout
    assert "reviews and 0 predictions of before 2026-04-10 left. Their numbers stand" in done
    shown = run.invoke(app, ["show", "gwet_ac1", *place])
    assert "The rows of before 2026-04-10 were forgotten: numbers stand, cases do not." in shown.stderr
    checks = run.invoke(app, ["health", *place]).stdout
    assert CHECKS["audits_without_review"].title in checks.split("Not run")[1]
    done = run.invoke(app, ["erase", "reviewer", PERSON, "--yes", *place]).stdout
    assert "Totals of before 2026-04-10" in done
    assert "Loaded again, such a file brings the rows back." in done
    assert "No row of a reviewer" in run.invoke(app, ["erase", "reviewer", PERSON, "--yes", *place]).stdout


@pytest.mark.parametrize("harm", ["shortened", "missing", "overwritten"])
@pytest.mark.parametrize("kind", ["store", "rows"])
def test_a_damaged_file_is_named_to_readers_and_writers(lively: Path, tmp_path: Path, kind: str, harm: str) -> None:
    victim = max(lively.glob(f"{kind}-*"), key=lambda path: int(path.stem.partition("-")[2]))
    if harm == "missing":
        victim.unlink()
    else:
        content = victim.read_bytes()
        victim.write_bytes(content[: len(content) // 2] if harm == "shortened" else b"x" * len(content))
    some_reviews(random.Random(6), 9_000).write_csv(tmp_path / "more.csv")
    for act in (
        lambda: open_workspace(lively),
        lambda: load(lively, "reviews", [tmp_path / "more.csv"]),
        lambda: compact(lively),
    ):
        with pytest.raises(LogError, match=f"{victim.name} is missing or damaged"):
            act()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of that size, where this machine lets us have one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_says_so_and_everything_is_as_before(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        create(disk / "w")
        some_reviews(random.Random(6), 1).write_csv(tmp_path / "log.csv")
        load(disk / "w", "reviews", [tmp_path / "log.csv"], then=keep_up)
        before, kept = rollups(disk / "w"), rows(disk / "w")
        header = "item_id,reviewer_id,label,decided_at\n"
        lines = (f"item-{n * 7919 % 1_000_003},{n},x,2026-04-01\n" for n in range(600_000))
        (tmp_path / "large.csv").write_text(header + "".join(lines))
        room = shutil.disk_usage(disk).free
        with pytest.raises(LogError, match=r"Make room and try again; nothing was changed\."):
            load(disk / "w", "reviews", [tmp_path / "large.csv"], then=keep_up)
        (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free - 100_000))
        acts = (lambda: compact(disk / "w"), lambda: erase(disk / "w", kept["reviewer_id"][0]))
        for act in acts:
            with pytest.raises(LogError, match=r"Make room and try again; nothing was changed\."):
                act()
        assert_same(rollups(disk / "w"), before)
        assert_frame_equal(rows(disk / "w"), kept)
        (disk / "ballast").unlink()
        assert shutil.disk_usage(disk).free >= room
        for act in acts:
            act()


def test_a_second_writer_is_told_of_the_first(lively: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.locking.SECONDS", 0.05)
    acts = (lambda: compact(lively), lambda: forget(lively, FORGOTTEN), lambda: erase(lively, "r1"))
    with writing(lively):
        for act in acts:
            with pytest.raises(LogError, match="is being written by process"):
                act()


def test_a_workspace_of_a_newer_version_is_left_alone(lively: Path) -> None:
    (lively / "workspace.toml").write_text("format = 3")
    for act in (lambda: compact(lively), lambda: forget(lively, FORGOTTEN), lambda: erase(lively, "r1")):
        with pytest.raises(LogError, match="was made by a newer Evenhand"):
            act()
