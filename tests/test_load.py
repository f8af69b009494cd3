"""Loading: every row lands or is quarantined, the counts add up, and the same rows load once."""

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import store
from data.load import load
from data.mapping import Mapping, read_mapping, with_pairs
from data.report import LoadReport

LOGS = Path(__file__).parent / "logs"
NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
HEADER = "review_id,item_id,reviewer_id,label,decided_at\n"
ODD_IDS = [
    'say "hi"',
    "emoji 👩‍👩‍👧 id",
    "=cmd|' /C calc'!A0",
    "+1",
    "@x",
    "-1",
    "a,b",
    "Ünïcode",
    "007",
    "1e5",
    "NULL",
    "x'; --",
]


def rows(workspace: Path, sql: str = "from reviews order by sequence") -> pl.DataFrame:
    opened = store.open_workspace(workspace)
    try:
        return opened.engine.fetch(sql, {})
    finally:
        opened.close()


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    raw = text.encode() if isinstance(text, str) else text
    if name.endswith(".gz"):
        raw = gzip.compress(raw)
    if name.endswith(".zst"):
        raw = pa.Codec("zstd").compress(raw, asbytes=True)
    path.write_bytes(raw)
    return path


def utc(*parts: int) -> dt.datetime:
    """A moment as the store holds it: in UTC, without saying so."""
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)  # type: ignore[arg-type,misc]


def counts(report: LoadReport) -> tuple[int, int, int, int, int]:
    assert report.read == report.loaded + report.unchanged + report.quarantined
    return report.read, report.inserted, report.replaced, report.unchanged, report.quarantined


LOG = [
    {"review_id": "r1", "item_id": "i1", "reviewer_id": "a", "label": "ok", "decided_at": "2026-01-02T03:04:05Z"},
    {"review_id": "r2", "item_id": "i1", "reviewer_id": "b", "label": "bad", "decided_at": "2026-01-02T03:04:06.5Z"},
    {"review_id": "r3", "item_id": "i,2", "reviewer_id": 'c "q"', "label": "ok", "decided_at": None},
]


def delimited(delimiter: str) -> str:
    quoted = [
        [*LOG[0]],
        *([f'"{(value or "").replace(chr(34), chr(34) * 2)}"' for value in row.values()] for row in LOG),
    ]
    return "".join(delimiter.join(line) + "\r\n" for line in quoted)


def json_lines() -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in LOG)


TEXTS: dict[str, Callable[[], str]] = {
    "csv": lambda: delimited(","),
    "tsv": lambda: delimited("\t"),
    "jsonl": json_lines,
    "ndjson": json_lines,
    "json": json_lines,
}


@pytest.mark.parametrize("packed", ["", ".gz", ".zst"])
@pytest.mark.parametrize("ending", TEXTS)
def test_every_text_format_gives_the_same_rows(workspace: Path, tmp_path: Path, ending: str, packed: str) -> None:
    report = load(workspace, "reviews", [write(tmp_path, f"log.{ending}{packed}", TEXTS[ending]())], now=NOW)
    assert counts(report) == (3, 3, 0, 0, 0)
    found = rows(
        workspace, "select review_id, item_id, reviewer_id, label, decided_at, day, sequence from reviews order by all"
    )
    assert found["item_id"].to_list() == ["i1", "i1", "i,2"]
    assert found["reviewer_id"].to_list() == ["a", "b", 'c "q"']
    assert found["decided_at"].to_list() == [
        utc(2026, 1, 2, 3, 4, 5),
        utc(2026, 1, 2, 3, 4, 6, 500_000),
        None,
    ]
    assert found["day"].to_list() == [dt.date(2026, 1, 2), dt.date(2026, 1, 2), None]
    assert found["sequence"].to_list() == [1, 2, 3]


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd", "snappy"])
def test_parquet_loads_with_its_own_types(workspace: Path, tmp_path: Path, compression: str) -> None:
    berlin = dt.timezone(dt.timedelta(hours=2))
    table = pa.table(
        {
            "item_id": [1, 2],
            "reviewer_id": ["a", "b"],
            "label": pa.array(["ok", "bad"]).dictionary_encode(),
            "decided_at": pa.array(
                [dt.datetime(2026, 5, 1, 12, tzinfo=berlin), None], pa.timestamp("ms", "Europe/Berlin")
            ),
            "claimed_at": pa.array([utc(2026, 5, 1, 9), utc(2026, 5, 1, 9, 0, 1)], pa.timestamp("ns")),
            "is_blind": [True, False],
            "confidence": [0.25, None],
        }
    )
    path = tmp_path / "log.parquet"
    pq.write_table(table, path, compression=compression)
    assert counts(load(workspace, "reviews", [path], now=NOW)) == (2, 2, 0, 0, 0)
    found = rows(workspace)
    assert found["item_id"].to_list() == ["1", "2"]
    assert found["label"].to_list() == ["ok", "bad"]
    assert found["decided_at"].to_list() == [utc(2026, 5, 1, 10), None]
    assert found["claimed_at"].to_list() == [utc(2026, 5, 1, 9), utc(2026, 5, 1, 9, 0, 1)]
    assert found["is_blind"].to_list() == [True, False]
    assert found["confidence"].to_list() == [0.25, None]


def test_quarantined_parquet_rows_are_named_by_their_number(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    pq.write_table(pa.table({"item_id": ["i", None], "reviewer_id": ["a", "b"], "label": ["x", "y"]}), path)
    report = load(workspace, "reviews", [path])
    (row,) = report.first_quarantined
    assert (row.line, row.column, row.reason) == (2, "item_id", "item_id is missing")
    assert json.loads(row.raw) == {"item_id": None, "reviewer_id": "b", "label": "y"}


def test_folders_and_patterns_load_as_one_sorted_load(workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "days"
    (folder / "more").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "more/c.csv"):
        write(folder, name, f"item_id,reviewer_id,label\n{name},a,x\n")
    write(folder, "notes.txt", "no log")
    write(folder, ".hidden", "no log")
    write(folder, "more/page.html", "no log")
    report = load(workspace, "reviews", [folder])
    assert report.files == tuple(str(folder / n) for n in ("a.csv", "b.csv", "more/c.csv"))
    assert report.notes == (f"Skipped in {folder}, because their endings are unknown: more/page.html, notes.txt.",)
    assert rows(workspace)["item_id"].to_list() == ["a.csv", "b.csv", "more/c.csv"]
    assert counts(load(workspace, "reviews", [str(folder / "?.csv"), folder / "a.csv"])) == (2, 0, 0, 2, 0)
    assert rows(workspace, "from loads").height == 1


def test_a_file_name_is_no_pattern(workspace: Path, tmp_path: Path) -> None:
    for name in ("log [1]*?.csv", 'it\'s "mine".jsonl'):
        text = (
            "item_id,reviewer_id,label\ni,a,x\n"
            if name.endswith("csv")
            else '{"item_id":"j","reviewer_id":"a","label":"x"}'
        )
        assert load(workspace, "reviews", [write(tmp_path, name, text)]).inserted == 1


def test_loading_the_same_file_twice_changes_nothing(workspace: Path) -> None:
    first = load(workspace, "reviews", [LOGS / "plain.csv"], now=NOW)
    before, files = rows(workspace), sorted(path.name for path in workspace.iterdir())
    again = load(workspace, "reviews", [LOGS / "plain.csv"], now=NOW)
    assert first.quarantined == again.quarantined == 1
    assert (again.loaded, again.unchanged, again.generation) == (0, first.loaded, first.generation)
    assert rows(workspace).equals(before)
    assert sorted(path.name for path in workspace.iterdir()) == files
    assert rows(workspace, "from loads").height == 1
    assert rows(workspace, "from quarantine").height == 1


def test_ids_that_a_log_lacks_are_the_same_under_any_name_and_format(workspace: Path, tmp_path: Path) -> None:
    text = "item_id,reviewer_id,label\ni1,a,x\ni1,a,x\ni2,b,y\ni1,a,x\n"
    load(workspace, "reviews", [write(tmp_path, "one.csv", text)])
    ids = rows(workspace)["review_id"].to_list()
    assert ids[1] == f"{ids[0]}-2"
    assert ids[3] == f"{ids[0]}-3"
    other = write(tmp_path, "two.tsv.gz", text.replace(",", "\t"))
    assert counts(load(workspace, "reviews", [other])) == (4, 0, 0, 4, 0)


def test_the_id_is_the_md5_of_the_filled_columns(workspace: Path, tmp_path: Path) -> None:
    """The documented serialisation, by Python's hashlib."""
    import hashlib  # noqa: PLC0415 - the oracle of this one test

    log = "item_id,reviewer_id,label,decided_at,queue,confidence\ni1,a,x,2026-01-02T03:04:05Z,,0.5\n"
    load(workspace, "reviews", [write(tmp_path, "log.csv", log)], now=NOW)
    parts = ["item_id=i1", "reviewer_id=a", "label=x", "decided_at=2026-01-02 03:04:05", "confidence=0.5"]
    content = "".join(f"{part}\x1f" for part in parts)
    assert rows(workspace)["review_id"].to_list() == [hashlib.md5(content.encode()).hexdigest()]  # noqa: S324


def test_a_longer_export_adds_only_its_new_rows(workspace: Path, tmp_path: Path) -> None:
    short = "item_id,reviewer_id,label\ni1,a,x\ni1,a,x\n"
    load(workspace, "reviews", [write(tmp_path, "log.csv", short)])
    longer = write(tmp_path, "log.csv", short + "i1,a,x\ni2,a,x\n")
    assert counts(load(workspace, "reviews", [longer])) == (4, 2, 0, 2, 0)
    assert rows(workspace)["sequence"].to_list() == [1, 2, 5, 6]
    assert rows(workspace)["has_repeats"].to_list() == [True, True, True, False]


def test_a_corrected_row_replaces_the_old_one_and_keeps_its_place(workspace: Path, tmp_path: Path) -> None:
    load(
        workspace,
        "reviews",
        [write(tmp_path, "log.csv", "review_id,item_id,reviewer_id,label,queue\nr1,i1,a,x,q\nr2,i1,b,x,q\n")],
    )
    corrected = write(
        tmp_path,
        "fix.csv",
        "review_id,item_id,reviewer_id,label,decided_at\nr1,i1,a,y,2026-01-01\nr2,i1,b,x,\nr3,i3,a,x,\n",
    )
    assert counts(load(workspace, "reviews", [corrected], now=NOW)) == (3, 1, 1, 1, 0)
    found = rows(workspace)
    assert found["review_id"].to_list() == ["r1", "r2", "r3"]
    assert found["label"].to_list() == ["y", "x", "x"]
    assert found["day"].to_list() == [dt.date(2026, 1, 1), None, None]
    assert found["queue"].to_list() == ["q", "q", None], "a column that the load does not have keeps its values"


def test_the_last_row_of_a_key_within_a_load_wins(workspace: Path, tmp_path: Path) -> None:
    one = write(tmp_path, "1.csv", "review_id,item_id,reviewer_id,label\nr1,i1,a,x\nr2,i2,a,x\nr1,i1,a,y\n")
    two = write(tmp_path, "2.csv", "review_id,item_id,reviewer_id,label\nr1,i1,a,z\n")
    assert counts(load(workspace, "reviews", [one, two])) == (4, 2, 0, 2, 0)
    assert dict(rows(workspace).select("review_id", "label").iter_rows()) == {"r1": "z", "r2": "x"}
    assert counts(load(workspace, "reviews", [one, two])) == (4, 0, 0, 4, 0)


def test_rows_with_and_without_ids_mix(workspace: Path, tmp_path: Path) -> None:
    log = write(tmp_path, "log.csv", "review_id,item_id,reviewer_id,label\nr1,i,a,x\n,i,a,x\n,i,a,x\nr1,i,a,y\n")
    assert counts(load(workspace, "reviews", [log])) == (4, 3, 0, 1, 0)
    ids = set(rows(workspace)["review_id"].to_list()) - {"r1"}
    assert {len(each) for each in ids} == {32, 34}
    assert counts(load(workspace, "reviews", [log])) == (4, 0, 0, 4, 0)


def test_keys_with_empty_parts_are_equal(workspace: Path, tmp_path: Path) -> None:
    load(workspace, "gold", [write(tmp_path, "gold.csv", "item_id,label\ni1,x\ni2,x\n")])
    changed = write(tmp_path, "gold.csv", "item_id,label,policy\ni1,y,\ni2,x,\ni2,z,p\ni1,z,\n")
    assert counts(load(workspace, "gold", [changed])) == (4, 1, 1, 2, 0)
    found = rows(workspace, "select item_id, policy, label from gold order by sequence")
    assert found.rows() == [("i1", None, "z"), ("i2", None, "x"), ("i2", "p", "z")]


def test_repeats_are_marked_where_rows_come_change_and_leave(workspace: Path, tmp_path: Path) -> None:
    header = "review_id,item_id,reviewer_id,label,standard_version\n"

    def marked(text: str) -> dict[str, bool]:
        load(workspace, "reviews", [write(tmp_path, "log.csv", header + text)])
        return dict(rows(workspace).select("review_id", "has_repeats").iter_rows())

    assert marked("r1,i,a,x,\nr2,i,a,x,2\n") == {"r1": False, "r2": False}
    assert marked("r3,i,a,y,\n") == {"r1": True, "r2": False, "r3": True}
    assert marked("r3,i,a,y,2\n") == {"r1": False, "r2": True, "r3": True}


def test_odd_ids_survive_exactly(workspace: Path, tmp_path: Path) -> None:
    frame = pl.DataFrame({"item_id": ODD_IDS, "reviewer_id": ["a"] * len(ODD_IDS), "label": ["x"] * len(ODD_IDS)})
    frame.write_csv(tmp_path / "log.csv")
    frame.write_ndjson(tmp_path / "log.jsonl")
    load(workspace, "reviews", [tmp_path / "log.csv"])
    assert rows(workspace)["item_id"].to_list() == ODD_IDS
    assert counts(load(workspace, "reviews", [tmp_path / "log.jsonl"])) == (len(ODD_IDS), 0, 0, len(ODD_IDS), 0)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-01T10:00:00Z", None, "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00 UTC", None, "2026-03-01 10:00:00"),
        ("2026-03-01 10:00:00.250", None, "2026-03-01 10:00:00.25"),
        ("2026-03-01T10:00:00+02:00", None, "2026-03-01 08:00:00"),
        ("2026-03-01T10:00:00.123456789+0530", None, "2026-03-01 04:30:00.123456"),
        ("2026-03-01 10:00:00-08", None, "2026-03-01 18:00:00"),
        ("2026-03-01 10:00", None, "2026-03-01 10:00:00"),
        ("2026-03-01", None, "2026-03-01 00:00:00"),
        ("1772359200", None, "2026-03-01 10:00:00"),
        ("1772359200.5", None, "2026-03-01 10:00:00.5"),
        ("1772359200123", None, "2026-03-01 10:00:00.123"),
        ("2026-03-01T10:00:00", "Europe/Berlin", "2026-03-01 09:00:00"),
        ("2026-03-01T10:00:00+00:00", "Europe/Berlin", "2026-03-01 10:00:00"),
        ("2026-01-01", "America/New_York", "2026-01-01 05:00:00"),
        # Clocks went back at 03:00: the hour from 02:00 came twice, and the first one is meant.
        ("2025-10-26T02:30:00", "Europe/Berlin", "2025-10-26 00:30:00"),
        # Clocks went forward at 02:00: this time did not exist.
        ("2026-03-29T02:30:00", "Europe/Berlin", None),
        ("31/12/2025", None, None),
        ("2026-02-30", None, None),
        ("20260301", None, None),
        ("soon", None, None),
        ("2027-01-01", None, None),
    ],
)
@pytest.mark.parametrize("first", ["2026-01-01T00:00:00Z", "2026-01-01 00:00:00.5", "1700000000", "2026-01-01"])
def test_times_become_utc(
    workspace: Path, tmp_path: Path, first: str, text: str, zone: str | None, expected: str | None
) -> None:
    """Whatever layout the column began with."""
    log = write(tmp_path, "log.csv", f"{HEADER}r0,i,a,x,{first}\nr1,i,b,x,{text}\n")
    report = load(workspace, "reviews", [log], mapping=Mapping(zone=zone), now=NOW)
    found = rows(workspace)["decided_at"].to_list()[1:]
    assert found == ([dt.datetime.fromisoformat(expected)] if expected else [])
    assert report.quarantined == (expected is None)


def test_the_report_says_which_zone_naive_times_were_in(workspace: Path) -> None:
    report = load(workspace, "reviews", [LOGS / "plain.csv"], now=NOW)
    assert report.zone == "UTC"
    assert "Times without an offset were taken to be UTC: the mapping declares no zone." in report.notes


@pytest.mark.parametrize(
    ("times", "zone", "naive"),
    [
        (["2026-01-01T00:00:00Z", "2026-01-01 00:00:00 UTC", "1700000000", ""], None, False),
        (["2026-01-01T00:00:00+02:00", "2026-01-01T00:00-08", "2026-01-01T00:00:00Z"], None, False),
        (["1700000000", "1700000000123"], None, False),
        (["", "soon"], None, False),
        (["2026-01-01 00:00:00", "2026-01-01T00:00:00Z"], None, True),
        (["2026-01-01T00:00:00Z", "2026-01-01 00:00:00"], None, True),
        (["1700000000", "2026-01-01"], None, True),
        (["2026-01-01 00:00:00", "2026-01-01"], "UTC", False),
    ],
)
def test_the_zone_is_noted_only_where_it_was_taken(
    workspace: Path, tmp_path: Path, times: list[str], zone: str | None, *, naive: bool
) -> None:
    log = write(tmp_path, "log.csv", HEADER + "".join(f"r{n},i,a,x,{time}\n" for n, time in enumerate(times)))
    report = load(workspace, "reviews", [log], mapping=Mapping(zone=zone), now=NOW)
    assert any("Times without an offset" in note for note in report.notes) == naive


def test_flags_and_numbers_are_read(workspace: Path, tmp_path: Path) -> None:
    log = "item_id,reviewer_id,label,is_blind,confidence\n" + "".join(
        f"i{n},a,x,{flag},{number}\n"
        for n, (flag, number) in enumerate(
            [("true", "0"), ("T", "1"), ("Yes", "0.5"), ("1", "1e-3"), ("0", ""), ("no", ""), ("F", ""), ("", "")]
        )
    )
    load(workspace, "reviews", [write(tmp_path, "log.csv", log)])
    found = rows(workspace)
    assert found["is_blind"].to_list() == [True, True, True, True, False, False, False, None]
    assert found["confidence"].to_list() == [0, 1, 0.5, 0.001, None, None, None, None]


def test_report_names_what_was_not_used_and_not_there(workspace: Path, tmp_path: Path) -> None:
    log = write(tmp_path, "log.csv", "item_id,reviewer_id,label,mood,weather\ni,a,x,good,fair\n")
    report = load(workspace, "reviews", [log])
    assert report.unmapped == ("mood", "weather")
    assert "policy" in report.missing
    assert "item_id" not in report.missing
    ledger = rows(workspace, "from loads").row(0, named=True)
    assert (ledger["unmapped"], ledger["rows_read"], ledger["inserted"]) == ("mood, weather", 1, 1)


def test_progress_is_told(workspace: Path) -> None:
    seen: list[tuple[str, int]] = []
    load(workspace, "reviews", [LOGS / "plain.csv"], now=NOW, progress=lambda file, read: seen.append((file, read)))
    assert seen[-1] == (str(LOGS / "plain.csv"), 10)


def test_values_are_renamed_and_pairs_win_over_the_file(workspace: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "ours.toml",
        'zone = "Europe/Berlin"\nencoding = "latin-1"\ndelimiter = ";"\n[columns]\n'
        'item_id = "wrong"\nlabel = "urteil"\n'
        '[values.label]\n"schlecht" = "remove"\n',
    )
    log = write(tmp_path, "log.csv", "inhalt;reviewer_id;urteil\nStraße;Jürgen;schlecht\nb;c;gut\n".encode("latin-1"))
    mapping = with_pairs(read_mapping(file), ["item_id=inhalt"])
    load(workspace, "reviews", [log], mapping=mapping)
    found = rows(workspace).select("item_id", "reviewer_id", "label").rows()
    assert found == [("Straße", "Jürgen", "remove"), ("b", "c", "gut")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "utf-16-le"])
def test_declared_encodings_are_read(workspace: Path, tmp_path: Path, encoding: str) -> None:
    log = write(tmp_path, "log.csv", "item_id,reviewer_id,label\r\nü,é,x\r\n".encode(encoding))
    load(workspace, "reviews", [log], mapping=Mapping(encoding=encoding))
    assert rows(workspace).select("item_id", "reviewer_id").rows() == [("ü", "é")]


def test_a_byte_order_mark_is_no_part_of_a_name(workspace: Path, tmp_path: Path) -> None:
    log = write(tmp_path, "log.csv", b"\xef\xbb\xbf" + b"item_id,reviewer_id,label\ni,a,x\n")
    assert counts(load(workspace, "reviews", [log])) == (1, 1, 0, 0, 0)


@pytest.fixture
def one_row_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches so small that every boundary is crossed."""
    monkeypatch.setattr("data.parsing.BATCH_ROWS", 1)
    monkeypatch.setattr("data.parsing.CAREFUL_ROWS", 1)
    monkeypatch.setattr("data.locating.LOCATED_ROWS", 1)


@pytest.mark.usefixtures("one_row_batches")
def test_batches_join_without_a_seam(workspace: Path) -> None:
    assert counts(load(workspace, "reviews", [LOGS / "plain.csv"], now=NOW)) == (10, 9, 0, 0, 1)
    assert rows(workspace)["sequence"].to_list() == [1, 2, 3, 4, 5, 7, 8, 9, 10]


def test_files_that_overlap_load_the_same_together_and_one_after_the_other(tmp_path: Path) -> None:
    """Rows without ids that two files share are one delivery; rows alike within a file are repeats."""
    head, row = "item_id,reviewer_id,label\n", "1,ann,x\n"
    (tmp_path / "january.csv").write_text(head + row * 2 + "2,ann,y\n")
    (tmp_path / "both.csv").write_text(head + row * 2 + "2,ann,y\n3,ann,y\n")
    files = [tmp_path / "january.csv", tmp_path / "both.csv"]
    store.create(tmp_path / "together")
    report = load(tmp_path / "together", "reviews", files)
    assert (report.read, report.inserted, report.unchanged) == (7, 4, 3)
    store.create(tmp_path / "apart")
    assert [load(tmp_path / "apart", "reviews", [file]).inserted for file in files] == [3, 1]
    assert load(tmp_path / "apart", "reviews", files).loaded == 0
