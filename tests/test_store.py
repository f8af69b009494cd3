"""The workspace: one writer, many readers, and always the old state or the new one."""

import contextlib
import gzip
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import store
from data.contract import TABLES
from data.errors import LogError
from data.load import load
from data.samples import SAMPLES, create_sample, load_sample
from data.settings import Settings

NOBODY = 65_534
HEADER = "item_id,reviewer_id,label\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace."""
    store.create(tmp_path / "workspace", settings=Settings(name='Trust & "Safety"', min_n=5))
    return tmp_path / "workspace"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A sound log of one row."""
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "i,a,x\n")
    return path


def reviews(workspace: Path) -> int:
    opened = store.open_workspace(workspace)
    try:
        return int(opened.engine.fetch("select count(*) as rows from reviews", {}).item())
    finally:
        opened.close()


def test_a_new_workspace_has_every_table_and_its_settings(workspace: Path) -> None:
    opened = store.open_workspace(workspace)
    found = opened.engine.fetch("select table_name, column_name from duckdb_columns() where not internal", {})
    for table in TABLES.values():
        columns = found.filter(found["table_name"] == table.name)["column_name"].to_list()
        assert columns[: len(table.names)] == list(table.names)
        assert "sequence" in columns
    assert {"loads", "quarantine"} <= set(found["table_name"])
    assert opened.settings.name == 'Trust & "Safety"'
    assert (opened.settings.min_n, opened.settings.repeats, opened.generation) == (5, "last", 1)
    opened.close()


def test_a_workspace_is_made_only_where_nothing_is(workspace: Path, tmp_path: Path, log: Path) -> None:
    with pytest.raises(LogError, match=r"is already a workspace\. Name a folder that is new or empty"):
        store.create(workspace)
    with pytest.raises(LogError, match=re.escape("is not empty (it holds log.csv)")):
        store.create(tmp_path)
    with pytest.raises(LogError, match=r"log\.csv is a file"):
        store.create(log)
    (tmp_path / "empty").mkdir()
    store.create(tmp_path / "empty")


def test_a_workspace_half_made_by_a_killed_process_is_made_again(workspace: Path) -> None:
    (workspace / "workspace.toml").unlink()
    (workspace / "workspace.toml.tmp").write_text("form")
    (workspace / "store-1.duckdb.tmp").write_text("half")
    (workspace / "store-1.duckdb.tmp.wal").write_text("half")
    with pytest.raises(LogError, match=r"is not a workspace\. Make one with: evenhand init"):
        store.open_workspace(workspace)
    store.create(workspace)
    assert reviews(workspace) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format = 3", "was made by a newer Evenhand (format 3; this one reads 2). Upgrade Evenhand."),
        ("name = 'x'", "has no line `format = 2`"),
        ("format = ", "is not valid TOML"),
        ("format = 1\nrepeats = 'first'", 'repeats is "last" or "all", not \'first\''),
        ("format = 1\nmin_n = 0", "min_n is a whole number above 0, not 0"),
        ("format = 1\nmin_cell = true", "min_cell is a whole number above 0, not True"),
        ("format = 1\ntarget = 90", "target is a share between 0 and 1, such as 0.9, not 90"),
        ("format = 1\ncost_ratio = inf", "cost_ratio is a number above 0, not inf"),
        ('format = 1\nnames = "yes"', "names is true or false, not 'yes'"),
        (
            "format = 1\nmin = 3",
            "has the unknown setting 'min'; the settings are format, repeats, min_n, name, note, created_at, names, ",
        ),
    ],
)
def test_workspaces_that_cannot_be_read(workspace: Path, log: Path, text: str, message: str) -> None:
    (workspace / "workspace.toml").write_text(text)
    for act in (lambda: store.open_workspace(workspace), lambda: load(workspace, "reviews", [log])):
        with pytest.raises(LogError, match=re.escape(message)):
            act()


def test_a_folder_that_is_no_workspace(tmp_path: Path, log: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere", log):
        message = re.escape(f"{folder} is not a workspace. Make one with: evenhand init {folder}")
        for act in (store.open_workspace, store.current_generation, lambda path: load(path, "reviews", [log])):
            with pytest.raises(LogError, match=message):
                act(folder)


def test_a_damaged_workspace_says_what_is_damaged(workspace: Path, log: Path) -> None:
    newest = workspace / "store-1.duckdb"
    whole = newest.read_bytes()
    newest.write_bytes(b"x" * len(whole))
    for act in (lambda: store.open_workspace(workspace), lambda: load(workspace, "reviews", [log])):
        with pytest.raises(LogError, match=r"store-1.duckdb is missing or damaged"):
            act()
    newest.unlink()
    for act in (lambda: store.open_workspace(workspace), lambda: load(workspace, "reviews", [log])):
        with pytest.raises(LogError, match=r"store-1.duckdb is missing or damaged"):
            act()
    newest.write_bytes(whole)
    (workspace / "CURRENT").write_text("store-one\n")
    with pytest.raises(LogError, match=r"CURRENT is damaged"):
        store.open_workspace(workspace)
    (workspace / "CURRENT").unlink()
    with pytest.raises(LogError, match=r"CURRENT is missing: the workspace is damaged"):
        store.open_workspace(workspace)


def test_a_locked_workspace_names_its_writer(workspace: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.locking.SECONDS", 0.05)
    with store.writing(workspace):
        command = [
            sys.executable,
            "-c",
            "from sys import argv as a; from data import load, locking; locking.SECONDS = 0; load.load(*a[1:3], a[3:])",
        ]
        other = subprocess.run([*command, workspace, "reviews", log], capture_output=True, text=True, check=False)
    assert re.search(
        rf"LogError: .*workspace is being written by process {os.getpid()} since \d{{4}}-.* UTC. Wait until",
        other.stderr,
    )
    assert load(workspace, "reviews", [log]).loaded == 1


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anywhere, so for a moment this process is nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_workspace_can_be_read_but_not_loaded(log: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        store.create(workspace)
        (copy := Path(folder) / "log.csv").write_text(log.read_text())
        for path in (Path(folder), workspace, *workspace.iterdir(), copy):
            path.chmod(0o555 if path.is_dir() else 0o444)
        with as_nobody():
            assert reviews(workspace) == 0
            with pytest.raises(LogError, match="workspace is read-only for you: ask for write permission"):
                load(workspace, "reviews", [copy])
            with pytest.raises(LogError, match="is read-only for you"):
                store.create(Path(folder) / "another")
        for path in (Path(folder), workspace):
            path.chmod(stat.S_IRWXU)


def test_a_full_disk_says_so_and_leaves_the_old_state(workspace: Path, tmp_path: Path, log: Path) -> None:
    """A limit on the size of a file is the nearest thing to a full disk that any machine can show."""
    load(workspace, "reviews", [log])
    large = tmp_path / "large.csv"
    large.write_text(HEADER + "".join(f"item-{n * 7919 % 1_000_003},{n},x\n" for n in range(300_000)))
    limited = (
        "import resource, signal, sys; from data.load import load; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000)); load(sys.argv[1], 'reviews', sys.argv[2:])"
    )
    found = subprocess.run(
        [sys.executable, "-c", limited, workspace, large], capture_output=True, text=True, check=False
    )
    assert re.search(r"LogError: .*Make room and try again; nothing was changed\.", found.stderr), found.stderr
    assert reviews(workspace) == 1
    assert load(workspace, "reviews", [large]).loaded == 300_000


def test_an_error_in_the_middle_changes_nothing(workspace: Path) -> None:
    before = sorted(path.name for path in workspace.iterdir())
    with pytest.raises(RuntimeError, match="midway"), store.writing(workspace) as writer:  # noqa: PT012 - the writing is what is tried
        writer.connection.execute("insert into labels (label, severity, sequence) values ('x', 1, 1)")
        writer.changed = True
        raise RuntimeError("midway")
    assert sorted(path.name for path in workspace.iterdir()) == before
    assert store.current_generation(workspace) == 1


def test_two_generations_are_kept_and_leftovers_cleared(workspace: Path, tmp_path: Path) -> None:
    (workspace / "store-9.duckdb").write_text("published by nobody")
    for name in ("store-2.duckdb.tmp", "rows-2.duckdb.tmp", "rows-9.duckdb"):
        (workspace / name).write_text("left by a killed writer")
    (workspace / "spill").mkdir()
    for number in range(3):
        (tmp_path / "log.csv").write_text(f"{HEADER}i{number},a,x\n")
        load(workspace, "reviews", [tmp_path / "log.csv"])
    names = {path.name for path in workspace.iterdir()} - {"writer.lock"}
    stores, parts = {"store-3.duckdb", "store-4.duckdb"}, {"rows-2.duckdb", "rows-3.duckdb", "rows-4.duckdb"}
    assert names == {"CURRENT", "workspace.toml", *stores, *parts}
    assert reviews(workspace) == 3


def test_a_reader_keeps_its_generation_while_others_are_published(workspace: Path, tmp_path: Path, log: Path) -> None:
    load(workspace, "reviews", [log])
    reader = store.open_workspace(workspace)
    for number in range(3):
        (tmp_path / "more.csv").write_text(f"{HEADER}more{number},a,x\n")
        load(workspace, "reviews", [tmp_path / "more.csv"])
    assert reader.engine.fetch("select count(*) as rows from reviews", {}).item() == 1
    newer = store.open_workspace(workspace)
    assert newer.engine.fetch("select count(*) as rows from reviews", {}).item() == 4
    assert reader.fingerprint != newer.fingerprint
    reader.close()
    newer.close()


def test_readers_during_loads_see_whole_loads_only(workspace: Path, tmp_path: Path) -> None:
    """Every load adds 1,000 rows, so any other number would be half a load."""
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(reviews(workspace))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(8):
            (tmp_path / "log.csv").write_text(HEADER + "".join(f"i{number}-{n},a,x\n" for n in range(1_000)))
            load(workspace, "reviews", [tmp_path / "log.csv"])
    finally:
        done.set()
        reader.join()
    assert seen == sorted(seen)
    assert {count % 1_000 for count in seen} == {0}
    assert len(seen) > 8


@pytest.mark.parametrize(
    ("name", "read", "gold"),
    [("hatecheck", 19_505, 3_901), ("adult2", 92_721, 1_517), ("convabuse", 12_768, 0), ("xstest", 4_500, 2_250)],
)
def test_bundled_samples_load_whole(workspace: Path, name: str, read: int, gold: int) -> None:
    reports = {report.table: report for report in load_sample(name, workspace)}
    assert reports["reviews"].loaded == reports["reviews"].read == read
    assert (reports["gold"].loaded if gold else 0) == gold
    assert not any(report.quarantined or report.unmapped for report in reports.values())
    assert all(report.loaded == 0 for report in load_sample(name, workspace))


def test_an_unknown_sample(workspace: Path) -> None:
    assert set(SAMPLES) == {"hatecheck", "adult2", "convabuse", "xstest"}
    with pytest.raises(LogError, match=r"There is no sample 'x'\. The samples are hatecheck, adult2, convabuse"):
        load_sample("x", workspace)


@pytest.mark.parametrize("exists", [False, True])
def test_a_sample_is_made_whole(tmp_path: Path, *, exists: bool) -> None:
    """Where there is no folder, and in an empty one."""
    workspace = tmp_path / "workspace"
    if exists:
        workspace.mkdir()
    reports = create_sample("hatecheck", workspace, settings=Settings(min_n=7))
    assert sum(report.loaded for report in reports if report.table == "reviews") == reviews(workspace) == 19_505
    opened = store.open_workspace(workspace)
    assert opened.settings.min_n == 7
    opened.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["workspace"]


def test_a_sample_is_made_only_where_nothing_is(workspace: Path, tmp_path: Path, log: Path) -> None:
    before = {entry.name: entry.stat().st_mtime_ns for entry in workspace.iterdir()}
    with pytest.raises(LogError, match=r"is already a workspace\. Name a folder that is new or empty"):
        create_sample("hatecheck", workspace, settings=Settings())
    with pytest.raises(LogError, match=r"log\.csv is a file"):
        create_sample("hatecheck", log, settings=Settings())
    with pytest.raises(LogError, match="There is no sample 'x'"):
        create_sample("x", tmp_path / "new", settings=Settings())
    assert {entry.name: entry.stat().st_mtime_ns for entry in workspace.iterdir()} == before
    assert {entry.name for entry in tmp_path.iterdir()} == {"workspace", "log.csv"}


def test_a_sample_that_fails_to_load_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.samples.FOLDER", tmp_path / "sample")
    (tmp_path / "sample" / "hatecheck").mkdir(parents=True)
    for name in ("labels", "gold"):
        (tmp_path / "sample" / "hatecheck" / f"{name}.csv.gz").write_bytes(gzip.compress(b"label,severity\nx,1\n"))
    with pytest.raises(LogError, match="item_id"):
        create_sample("hatecheck", tmp_path / "workspace", settings=Settings())
    assert [entry.name for entry in tmp_path.iterdir()] == ["sample"]


def test_a_sample_whose_loading_is_killed_leaves_no_workspace(tmp_path: Path) -> None:
    """Killed after its first table; the next attempt clears what is left and makes it whole."""
    workspace = tmp_path / "workspace"
    killed = (
        "import os, signal, sys; from data import folders, samples; from data.settings import Settings\n"
        "load = folders.load\n"
        "def once(workspace, table, files, *, progress):\n"
        "    report = load(workspace, table, files)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "folders.load = once; samples.create_sample('hatecheck', sys.argv[1], settings=Settings())"
    )
    assert subprocess.run([sys.executable, "-c", killed, workspace], check=False).returncode == -signal.SIGKILL
    assert [entry.name for entry in tmp_path.iterdir()] == [".workspace.making"]
    create_sample("hatecheck", workspace, settings=Settings())
    assert reviews(workspace) == 19_505
    assert [entry.name for entry in tmp_path.iterdir()] == ["workspace"]


def test_a_sample_does_not_replace_a_mounted_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_mount", lambda _: True)
    with pytest.raises(LogError, match="is a disk of its own"):
        create_sample("hatecheck", tmp_path, settings=Settings())
