"""Files in object stores and partitioned folders: found, read with what their folders say, and only once if wanted."""

import contextlib
import errno
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import fsspec
import polars as pl
import pytest

from data import store
from data.errors import LogError
from data.load import load
from data.tidying import SPILL

DAYS = ("2026-01-01", "2026-01-02", "2026-01-03")
MAP_DAY = {"decided_at": "day"}


def table(day: str, **columns: str) -> pl.DataFrame:
    """Two decisions of one day."""
    return pl.DataFrame(
        {"review_id": [f"{day}-{n}" for n in range(2)], "item_id": ["a", "b"], "label": ["allow", "remove"]}
    ).with_columns(reviewer_id=pl.lit("ana"), **{name: pl.lit(value) for name, value in columns.items()})


def partitioned(fs: fsspec.AbstractFileSystem, root: str) -> None:
    """A folder as Spark and Hive write them: a part for each day and queue, and files that hold no rows."""
    for day in DAYS:
        folder = f"{root}/decided_at={day}/queue=live%20video"
        fs.makedirs(folder, exist_ok=True)
        with fs.open(f"{folder}/part-0.parquet", "wb") as file:
            table(day).write_parquet(file)
    fs.pipe(f"{root}/_SUCCESS", b"")


@pytest.fixture(scope="module")
def s3():
    """A stand-in for S3 on this machine, and the environment that leads to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    where = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "us-east-1"}
    who = {"AWS_ACCESS_KEY_ID": "ana", "AWS_SECRET_ACCESS_KEY": "geheim", "AWS_EC2_METADATA_DISABLED": "true"}
    with pytest.MonkeyPatch.context() as patch, subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            for name, value in (where | who).items():
                patch.setenv(name, value)
            yield fsspec.filesystem("s3", skip_instance_cache=True)
        finally:
            server.terminate()


def rows(workspace: Path, sql: str) -> list[tuple[object, ...]]:
    """What a workspace answers."""
    with contextlib.closing(store.open_workspace(workspace)) as opened:
        return opened.engine.fetch(sql, {}).rows()


def check(workspace: Path, fs: fsspec.AbstractFileSystem, root: str, url: str) -> None:
    """Load a partitioned folder, then what is new in it: a further part and a changed one."""
    partitioned(fs, root)
    first = load(workspace, "reviews", [url], which="new")
    assert (first.read, first.inserted, len(first.files)) == (6, 6, 3)
    assert "_SUCCESS" in first.notes[0]
    days = rows(workspace, "select day::varchar, queue, count(*) from reviews group by all order by all")
    assert days == [(day, "live video", 2) for day in DAYS]
    nothing = load(workspace, "reviews", [url], which="new")
    assert (nothing.read, nothing.files, nothing.generation) == (0, (), first.generation)
    assert "3 of 3 files were left out" in nothing.notes[-1]
    with fs.open(f"{root}/decided_at=2026-01-04/queue=live%20video/part-0.parquet", "wb") as file:
        table("2026-01-04").write_parquet(file)
    with fs.open(f"{root}/decided_at=2026-01-01/queue=live%20video/part-0.parquet", "wb") as file:
        pl.concat([table("2026-01-01"), table("2026-01-01x")]).write_parquet(file)
    more = load(workspace, "reviews", [url], which="new")
    assert (more.read, more.inserted, more.unchanged, len(more.files)) == (6, 4, 2, 2)
    assert load(workspace, "reviews", [url]).unchanged == 10


def test_a_partitioned_folder_is_read_with_its_folders_as_columns(workspace, tmp_path):
    local = fsspec.filesystem("file", auto_mkdir=True)
    check(workspace, local, str(tmp_path / "log"), str(tmp_path / "log"))


def test_a_folder_under_an_address_is_read_like_one_under_a_path(workspace, tmp_path):
    local = fsspec.filesystem("file", auto_mkdir=True)
    check(workspace, local, str(tmp_path / "log"), f"file://{tmp_path}/log")


def test_an_object_store_is_read_like_a_folder(workspace):
    memory = fsspec.filesystem("memory")
    try:
        check(workspace, memory, "/bucket/log", "memory://bucket/log")
    finally:
        memory.store.clear()


def test_s3_is_read_like_a_folder(workspace, s3):
    s3.mkdir("logs")
    check(workspace, s3, "logs/reviews", "s3://logs/reviews/")
    s3.pipe("logs/text/a.csv", b"item_id,reviewer_id,label\n1,ana,allow\n2,ana,\n")
    s3.pipe("logs/text/b.csv", b"item_id,reviewer_id,label\n3,ana,allow\n")
    report = load(workspace, "reviews", ["s3://logs/text/*.csv", "s3://logs/text/b.csv"])
    assert (report.files, report.read) == (("s3://logs/text/a.csv", "s3://logs/text/b.csv"), 3)
    assert rows(workspace, "select file, line from quarantine") == [("s3://logs/text/a.csv", 3)]


def test_what_is_wrong_with_an_object_store_is_one_clear_message(workspace, s3, monkeypatch):
    with pytest.raises(
        LogError, match=r"s3://nobody/log (cannot be read: The specified bucket does not exist|holds noth)"
    ):
        load(workspace, "reviews", ["s3://nobody/log"])
    with pytest.raises(LogError, match="memory://nothing holds nothing that can be loaded"):
        load(workspace, "reviews", ["memory://nothing"])
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    type(s3).clear_instance_cache()
    with pytest.raises(LogError, match="Could not connect to the endpoint URL"):
        load(workspace, "reviews", ["s3://logs/reviews"])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", os.devnull)
    type(s3).clear_instance_cache()
    with pytest.raises(LogError, match=r"Unable to locate credentials\. Check the address, .* and your credentials"):
        load(workspace, "reviews", ["s3://logs/reviews"])
    type(s3).clear_instance_cache()


def test_a_full_disk_is_told_as_such(workspace, monkeypatch):
    memory = fsspec.filesystem("memory")
    memory.pipe("/b/log.csv", b"item_id,reviewer_id,label\n1,ana,allow\n")

    def full(*_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(type(memory), "get_file", full)
    with pytest.raises(LogError, match=r"The disk of .* is full"):
        load(workspace, "reviews", ["memory://b"])
    memory.store.clear()


def test_a_missing_driver_names_the_extra_that_brings_it(workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(LogError, match=r"gs://bucket/log needs a driver .* Install it: .*pip install -e '\.\[gcs\]'\."):
        load(workspace, "reviews", ["gs://bucket/log"])


def test_a_file_says_more_of_its_rows_than_its_folder(workspace, tmp_path):
    folder = tmp_path / "label=remove" / "queue=__HIVE_DEFAULT_PARTITION__" / "policy=spam"
    folder.mkdir(parents=True)
    table("2026-01-01").write_parquet(folder / "part-0.parquet")
    load(workspace, "reviews", [tmp_path / "label=remove"])
    found = rows(workspace, "select label, queue, policy from reviews order by label")
    assert found == [("allow", None, "spam"), ("remove", None, "spam")]


def test_two_objects_of_one_name_are_two(workspace):
    memory = fsspec.filesystem("memory")
    for day in DAYS[:2]:
        memory.pipe(f"/b/{day}/log.csv", f"item_id,reviewer_id,label\n{day},ana,allow\n".encode())
    try:
        assert load(workspace, "reviews", ["memory://b", f"memory://b/{DAYS[0]}"]).inserted == 2
    finally:
        memory.store.clear()
    assert not (workspace / SPILL).exists()
