"""A guess says what a file seems to be, and the mapping that it proposes loads the file."""

import gzip
import json
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli import app
from data import store
from data.errors import LogError
from data.guessing import Guess, guess
from data.load import load
from data.mapping import mapping_text, read_mapping

LOGS = Path(__file__).parent / "logs"
SAMPLES = Path(__file__).parents[1] / "data" / "sample"


def fed(found: Guess) -> dict[str, str]:
    return {each.ours: each.theirs.name for each in found.like.fed}


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    (folder / name).write_text(text, encoding=encoding)
    return folder / name


@pytest.mark.parametrize(
    ("log", "bundled"),
    [
        ("argilla.parquet", "argilla"),
        ("coop.csv", "coop"),
        ("crowd.csv", "long"),
        ("huggingface.parquet", "huggingface"),
        ("label_studio.json", "label_studio"),
        ("label_studio_min.csv", "label_studio_min"),
        ("label_studio_min.json", "label_studio_min"),
        ("long.csv", "long"),
        ("prodigy.jsonl", "prodigy"),
        ("wide.csv", "wide"),
    ],
)
def test_a_bundled_mapping_that_fits_is_named(tmp_path: Path, log: str, bundled: str) -> None:
    """And the guess's own mapping loads the file, too."""
    found = guess(LOGS / log)
    assert (found.like.table.name, found.bundled, found.needs_mapping) == ("reviews", bundled, True)
    store.create(tmp_path / "w")
    path = write(tmp_path, "own.toml", mapping_text(found.mapping))
    report = load(tmp_path / "w", "reviews", [LOGS / log], mapping=read_mapping(path))
    assert report.loaded > report.quarantined


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*/*.csv.gz")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_contracts_own_names_need_no_mapping(path: Path) -> None:
    found = guess(path)
    assert found.like.table.name == path.name.removesuffix(".csv.gz")
    assert not found.needs_mapping
    assert not found.like.missing


TABLES = {
    "audits": "decision_id,qa_id,qa_label,audit_time,sampling_probability\nr1,q,remove,2026-01-01T10:00:00Z,0.1\n",
    "predictions": "clip_id,model_name,version,predicted_at,probability\nc,m,3,2026-01-01T10:00:00Z,0.25\n",
    "appeals": "review_id,appealed_at,resolution\nr1,2026-01-01T10:00:00Z,upheld\n",
    "reviewers": "moderator,squad,location,hire_date\nana,a,Lisbon,2024-01-31\n",
    "standards": "policy,version,effective_from,changes\nhate,2,2026-01-01,clearer\n",
    "events": "occurred_at,event_type,description\n2026-01-01T10:00:00Z,tooling,a new queue\n",
    "gold": "content_id,ground_truth\nc,remove\n",
    "labels": "label,rank,violating\nallow,0,no\nremove,1,yes\n",
    "costs": "actual,predicted,cost\nallow,remove,2\nremove,allow,5\n",
    "reviews": "clip,moderator,verdict,area,finished\nc,ana,remove,spam,2026-01-01T10:00:00Z\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_known_under_other_names(tmp_path: Path, name: str) -> None:
    """All columns are found, and the proposed mapping loads them."""
    path = write(tmp_path, "export.csv", TABLES[name])
    found = guess(path)
    assert found.like.table.name == name
    assert (found.like.missing, found.unused) == ((), ())
    store.create(tmp_path / "w")
    assert load(tmp_path / "w", name, [path], mapping=found.mapping).quarantined == 0


def test_delimiter_encoding_and_times_are_found(tmp_path: Path) -> None:
    """What a spreadsheet in Germany writes."""
    rows = "".join(f"Straße {n};Jürgen;gut;{n + 13}.01.2026 09:30\n" for n in range(4))
    path = write(tmp_path, "log.csv", "Inhalt;reviewer;Decision;timestamp\n" + rows, encoding="cp1252")
    found = guess(path)
    assert (found.mapping.delimiter, found.mapping.encoding) == (";", "cp1252")
    assert found.mapping.times == "%d.%m.%Y %H:%M"
    assert found.naive_times == ("timestamp",)
    assert fed(found) == {
        "item_id": "Inhalt",
        "reviewer_id": "reviewer",
        "label": "Decision",
        "decided_at": "timestamp",
    }
    store.create(tmp_path / "w")
    assert load(tmp_path / "w", "reviews", [path], mapping=found.mapping).loaded == 4


def test_raters_without_a_common_name_are_found_by_their_labels(tmp_path: Path) -> None:
    rows = "".join(f"d{n},{'xy'[n % 2]},{'xy'[n % 3 % 2]},{'yx'[n % 2]},some text {n}\n" for n in range(20))
    found = guess(write(tmp_path, "log.csv", "doc,ana,ben,cem,body\n" + rows))
    assert found.mapping.raters == ("ana", "ben", "cem")
    assert fed(found) == {"item_id": "doc", "reviewer_id": "@column", "label": "@cell"}


def test_a_nested_list_is_found(tmp_path: Path) -> None:
    tasks = [{"doc": n, "votes": [{"user": {"name": who}, "choice": "x"} for who in "ab"]} for n in range(5)]
    found = guess(write(tmp_path, "log.json", json.dumps(tasks)))
    assert found.mapping.each == ("votes",)
    assert fed(found) == {"item_id": "doc", "reviewer_id": "votes.user.name", "label": "votes.choice"}


def test_a_required_column_that_nothing_feeds_is_named(tmp_path: Path) -> None:
    found = guess(write(tmp_path, "log.csv", "moderator,decided_at,verdict\nana,2026-01-01,remove\n" * 1))
    assert found.like.missing == ("item_id",)


def test_a_file_that_lacks_a_required_column_needs_a_mapping(tmp_path: Path) -> None:
    """Though all that it has bears the contract's own names."""
    found = guess(write(tmp_path, "log.csv", "item_id,reviewer_id,label\na,ana,\nb,ben,\n"))
    assert (found.like.missing, found.needs_mapping) == (("label",), True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("log.csv", b"\x8d\xff\n", "is not valid CP1252"),
        ("log.csv.gz", b"item,reviewer,label\n", "is cut short or damaged"),
        ("log.csv.gz", gzip.compress(b"item,reviewer,label\na,ana,x\n", mtime=0)[:30], "is cut short or damaged"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(LogError, match=message):
        guess(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("log.csv", "", "is empty (0 bytes)"),
        ("log.csv", "a,b\n", "holds no record to guess from."),
        ("log.jsonl", "{broken\n", "holds no record to guess from: not valid JSON."),
        (
            "log.csv",
            "colour,weight\nred,3 kg\n",
            "looks like no table of the contract: none of its columns ('colour', ",
        ),
        ("log.xlsx", "x", "has an unknown ending."),
    ],
)
def test_a_file_that_is_nothing_is_one_sentence(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(LogError) as refused:
        guess(write(tmp_path, name, text))
    assert message in str(refused.value)


def test_a_folder_of_several_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "x\n1\n")
    write(tmp_path, "b.csv", "x\n1\n")
    with pytest.raises(LogError, match="means 2 files: guess from one of them"):
        guess(tmp_path)


# ---- the command


def test_the_command_shows_the_guess_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it proposes to save and to run then works."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "march.csv", TABLES["reviews"])
    result = CliRunner().invoke(app, ["load", "--guess", "march.csv", "-w", "w"])
    assert result.exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["march.csv"]
    assert "march.csv looks like the table reviews" in result.output
    proposed = result.output.partition("Save this mapping as march.toml:\n\n")[2].partition("\nThen run\n")
    write(tmp_path, "march.toml", proposed[0])
    store.create(tmp_path / "w")
    done = CliRunner().invoke(app, shlex.split(proposed[2])[1:])
    assert "loaded 1 + unchanged 0 + quarantined 0" in done.output


def test_a_file_without_reviewers_is_gold_only_if_its_labels_are_right(tmp_path: Path) -> None:
    """The guess cannot know, and asks."""
    path = write(tmp_path, "log.csv", "item,label\na,spam\nb,fine\n")
    told = CliRunner().invoke(app, ["load", "--guess", str(path)]).output
    assert "looks like the table gold" in told
    assert "Is each of these labels known to be right" in told


def test_the_command_prints_json() -> None:
    result = CliRunner().invoke(app, ["load", "--guess", str(LOGS / "prodigy.jsonl"), "--json"])
    found = json.loads(result.output)
    assert (found["table"], found["bundled"], found["missing"]) == ("reviews", "prodigy", [])
    assert found["command"].endswith("prodigy.jsonl -w WORKSPACE --mapping prodigy")


@pytest.mark.parametrize("words", [["reviews"], ["reviews", "a.csv"], ["reviews", "a.csv", "--guess", "a.csv"], []])
def test_a_load_without_its_parts_is_one_sentence(words: list[str]) -> None:
    result = CliRunner().invoke(app, ["load", *words])
    assert isinstance(result.exception, LogError)
    assert "A load is a table, files and -w WORKSPACE." in str(result.exception)
