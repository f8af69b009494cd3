"""What a person can mend is said in one clear message; rows that cannot land are kept with line, reason and text."""

import datetime as dt
import gzip
import re
import shutil
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import parsing, store
from data.counting import count_records
from data.errors import LogError
from data.load import load
from data.locking import HOLDER
from data.mapping import Mapping, read_mapping, with_pairs
from data.source import find_sources

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
HEADER = "item_id,reviewer_id,label\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A sound log of one row."""
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "i,a,x\n")
    return path


def rows(workspace: Path, sql: str = "from reviews order by sequence") -> pl.DataFrame:
    opened = store.open_workspace(workspace)
    try:
        return opened.engine.fetch(sql, {})
    finally:
        opened.close()


def refused(
    workspace: Path, path: Path | str, message: str, table: str = "reviews", mapping: Mapping | None = None
) -> None:
    """The load fails with that message and changes nothing at all."""
    before = {entry.name: entry.stat().st_mtime_ns for entry in workspace.glob("*[!k]") if entry.name != HOLDER}
    with pytest.raises(LogError, match=re.escape(message)):
        load(workspace, table, [path], mapping=mapping, now=NOW)
    assert {entry.name: entry.stat().st_mtime_ns for entry in workspace.glob("*[!k]")} == before


def quarantined(workspace: Path, path: Path, **options: Mapping) -> list[tuple[int, str | None, str, str]]:
    """Line, column, reason and text of what did not land, as the report and the store have it."""
    report = load(workspace, "reviews", [path], now=NOW, **options)
    assert report.read == report.loaded + report.unchanged + report.quarantined
    kept = rows(workspace, "select line, column_name, reason, raw from quarantine order by rowid").rows()
    assert [(row.line, row.column, row.reason, row.raw) for row in report.first_quarantined] == kept[:10]
    assert sum(report.reasons.values()) == report.quarantined
    return kept


# ---- whole files


def test_a_missing_file(workspace: Path, tmp_path: Path) -> None:
    refused(workspace, tmp_path / "no.csv", f"There is no file {tmp_path}/no.csv.")


def test_a_pattern_without_a_match(workspace: Path, tmp_path: Path) -> None:
    refused(workspace, f"{tmp_path}/*.jsonl", f"No file matches {tmp_path}/*.jsonl.")


def test_an_empty_file(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").touch()
    refused(workspace, tmp_path / "log.csv", f"{tmp_path}/log.csv is empty (0 bytes). Export it again.")


@pytest.mark.parametrize("text", ["\n\n", "\ufeff"])
def test_a_file_of_nothing(workspace: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    refused(workspace, tmp_path / "log.csv", "log.csv has no header line with column names.")


def test_a_header_alone_is_an_empty_log(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER)
    report = load(workspace, "reviews", [tmp_path / "log.csv"])
    assert (report.read, report.generation) == (0, 1)


def test_a_folder_with_nothing_in_it(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "readme.txt").write_text("no log")
    refused(
        workspace, tmp_path / "logs", f"The folder {tmp_path}/logs holds nothing that can be loaded (.csv, .tsv, .jsonl"
    )


def test_an_unknown_ending(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.xlsx").write_text("x")
    refused(workspace, tmp_path / "log.xlsx", "log.xlsx has an unknown ending. Known are .csv, .tsv, .jsonl")


def test_an_unknown_table(workspace: Path, log: Path) -> None:
    refused(workspace, log, "There is no table 'review'. The tables are reviews, gold", table="review")


def test_a_wrong_encoding(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes((HEADER + "i,a,x\nStraße,a,x\n").encode("latin-1"))
    expected = "log.csv, line 3, is not valid UTF-8. If the file is in another encoding, put for instance  encoding ="
    refused(workspace, tmp_path / "log.csv", expected)
    assert load(workspace, "reviews", [tmp_path / "log.csv"], mapping=Mapping(encoding="latin-1")).loaded == 2


def test_a_wrong_encoding_in_the_header(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes("item_id,reviewer_id,label,Größe\n".encode("latin-1"))
    refused(workspace, tmp_path / "log.csv", "log.csv, line 1, is not valid UTF-8.")


def test_utf_16_is_recognised(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + "i,a,x\n", encoding="utf-16")
    refused(workspace, tmp_path / "log.csv", 'log.csv is in UTF-16, not UTF-8. Put  encoding = "utf-16"  in a mapping.')


@pytest.mark.parametrize(
    ("ending", "keep"), [("csv.gz", 0.5), ("csv.zst", 0.5), ("jsonl.gz", 0.99), ("csv.zst", 0.999)]
)
def test_a_truncated_compressed_file(workspace: Path, tmp_path: Path, ending: str, keep: float) -> None:
    text = (HEADER + "".join(f"i{n},a{n * 7919 % 1013},x\n" for n in range(5_000))).encode()
    packed = gzip.compress(text) if ending.endswith("gz") else pa.Codec("zstd").compress(text, asbytes=True)
    (tmp_path / f"log.{ending}").write_bytes(packed[: int(len(packed) * keep)])
    refused(workspace, tmp_path / f"log.{ending}", f"log.{ending} is cut short or damaged")


def test_a_file_that_is_not_compressed_as_its_name_says(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv.gz").write_text(HEADER)
    refused(workspace, tmp_path / "log.csv.gz", "log.csv.gz is cut short or damaged")


@pytest.mark.parametrize("content", [b"PAR1 no more than this", b"PAR1" * 20, b"not at all"])
def test_broken_parquet(workspace: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "log.parquet").write_bytes(content)
    refused(workspace, tmp_path / "log.parquet", "log.parquet is damaged or no parquet file")


def test_parquet_that_is_broken_inside(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "log.parquet"
    count = 20_000
    pl.DataFrame({"item_id": [f"{n * 7919}" for n in range(count)], "reviewer_id": "a", "label": "x"}).write_parquet(
        path
    )
    content = bytearray(path.read_bytes())
    content[1_000:9_000] = b"\xff" * 8_000
    path.write_bytes(content)
    refused(workspace, path, "log.parquet is damaged")


def test_a_missing_required_column(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("item_id,reviewer,verdict,when\ni,a,x,1\n")
    expected = (
        "log.csv lacks the required columns reviewer_id, label of reviews. "
        "It has 'item_id', 'reviewer', 'verdict', 'when'. "
        "If one of these is meant, write --map reviewer_id=reviewer --map label=…."
    )
    refused(workspace, tmp_path / "log.csv", expected)


def test_a_missing_column_because_of_the_delimiter(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("item_id;reviewer_id;label\ni;a;x\n")
    refused(
        workspace, tmp_path / "log.csv", 'Or does it separate values by ";"? Then put  delimiter = ";"  in a mapping.'
    )
    assert load(workspace, "reviews", [tmp_path / "log.csv"], mapping=Mapping(delimiter=";")).loaded == 1


def test_reviews_given_for_costs(workspace: Path, log: Path) -> None:
    refused(workspace, log, "log.csv lacks the required columns true, assigned, cost of costs.", table="costs")


def test_duplicate_columns(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("item_id,reviewer_id,label,label\n")
    refused(
        workspace, tmp_path / "log.csv", "log.csv has the column 'label' more than once. Rename or remove one of them."
    )


def test_a_mapping_of_an_unknown_column_of_ours(workspace: Path, log: Path) -> None:
    expected = (
        "The mapping names 'reviewer', which reviews does not have (closest: 'reviewer_id'). Its columns are item_id,"
    )
    refused(workspace, log, expected, mapping=Mapping({"reviewer": "reviewer_id"}))


def test_a_mapping_of_an_unknown_column_of_theirs(workspace: Path, log: Path) -> None:
    expected = "The mapping takes label from 'labl', which"
    refused(workspace, log, expected, mapping=Mapping({"label": "labl"}))
    refused(workspace, log, "does not have (closest: 'label').", mapping=Mapping({"label": "labl"}))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns", "is not valid TOML"),
        ("[column]\na = 'b'", "has the unknown entry 'column'"),
        ("[columns]\na = 1", "hold lines like"),
        ("zone = 'Europe/Berln'", "Unknown time zone 'Europe/Berln'"),
        ("encoding = 'utf8000'", "Unknown encoding 'utf8000'"),
        ("delimiter = ';;'", "The delimiter ';;' is not one plain character."),
        ("values = 3", "values are given per column"),
    ],
)
def test_broken_mappings(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(LogError, match=re.escape(message)):
        read_mapping(tmp_path / "m.toml")


def test_an_unknown_mapping_and_a_broken_pair() -> None:
    with pytest.raises(LogError, match="No mapping 'nothing': name a TOML file or one of argilla, coop, crowd, "):
        read_mapping("nothing")
    with pytest.raises(LogError, match="--map 'label' is not of the form ours=theirs"):
        with_pairs(Mapping(), ["label"])


def test_one_bad_file_among_good_ones_refuses_all(workspace: Path, tmp_path: Path, log: Path) -> None:
    (tmp_path / "more.csv").write_bytes((HEADER + "\xff,a,x\n").encode("latin-1"))
    with pytest.raises(LogError, match=r"more.csv, line 2, is not valid UTF-8"):
        load(workspace, "reviews", [log, tmp_path / "more.csv"])
    assert rows(workspace).height == 0


# ---- rows


def test_rows_with_missing_values_and_wrong_widths(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        HEADER + 'i1,a,x\n\n ,a,x\ni2,a\ni3,"",x\n"i\n4",b,x\ni5,a,x,y\ni6,a,""\ni7,a,x\n'
    )
    assert quarantined(workspace, tmp_path / "log.csv") == [
        (4, "item_id", "item_id is missing", " ,a,x"),
        (5, None, "2 values where the header has 3", "i2,a"),
        (6, "reviewer_id", "reviewer_id is missing", 'i3,"",x'),
        (9, None, "4 values where the header has 3", "i5,a,x,y"),
        (10, "label", "label is missing", 'i6,a,""'),
    ]
    assert rows(workspace)["item_id"].to_list() == ["i1", "i\n4", "i7"]


def test_a_stray_quote_costs_its_own_line_only(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + 'i1,a,x\ni2,"a,x\ni3,a,x\ni4,"b"c,x\ni5,b"c,x\n' + "i6,a,x\n" * 3)
    reason = "a quote is opened but not closed, or text follows a closing quote"
    assert quarantined(workspace, tmp_path / "log.csv") == [
        (3, None, reason, 'i2,"a,x'),
        (5, None, reason, 'i4,"b"c,x'),
    ]
    assert rows(workspace)["item_id"].to_list() == ["i1", "i3", "i5", "i6", "i6", "i6"]


def test_thousands_of_stray_quotes_are_kept_one_by_one(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + 'i,"a"b,x\ni,a,x\n' * 4_000)
    report = load(workspace, "reviews", [tmp_path / "log.csv"])
    assert (report.read, report.inserted, report.quarantined) == (8_000, 4_000, 4_000)
    lines = rows(workspace, "select line from quarantine order by line")["line"].to_list()
    assert lines == list(range(2, 8_002, 2))


def test_a_stray_quote_in_a_large_file_loses_nothing(workspace: Path, tmp_path: Path) -> None:
    """DuckDB's reader alone drops what stands between the quote and its next buffer."""
    sound = "".join(f"i{n},some-reviewer,x\n" for n in range(60_000))
    (tmp_path / "log.csv").write_text(HEADER + sound + 'bad,"a,x\n' + sound)
    report = load(workspace, "reviews", [tmp_path / "log.csv"])
    assert (report.read, report.inserted, report.quarantined) == (120_001, 120_000, 1)
    assert report.first_quarantined[0].line == 60_002
    assert "slower, careful reader" in " ".join(report.notes)


LOSSY = [
    ("log.csv", HEADER + "{many}"),
    ("log.csv", HEADER + "{many}\n\n" + 'i,"a ""b""\n\nc",x\n' * 5),
    ("log.csv", HEADER + '{many}i,a "b" c",x\n'),
    ("log.csv.gz", HEADER + "{many}"),
    ("log.jsonl", "{json}\n\n{json}"),
]


@pytest.mark.parametrize(("name", "text"), LOSSY)
def test_rows_that_duckdb_loses_without_a_word_are_found_missing(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    """A reader that skips a third of the rows and rejects none: the careful one takes over and finds every row."""
    rows_of = {
        "{many}": "".join(f"m{n},a,x\n" for n in range(2_000)),
        "{json}": '{"item_id": "i", "reviewer_id": "a", "label": "x"}\n' * 1_000,
    }
    for word, many in rows_of.items():
        text = text.replace(word, many)
    (tmp_path / name).write_bytes(gzip.compress(text.encode()) if name.endswith("gz") else text.encode())
    whole = load(workspace, "reviews", [tmp_path / name])
    assert not whole.notes
    statement = parsing._statement  # noqa: SLF001 - what DuckDB is asked, to be made lossy
    monkeypatch.setattr(
        parsing,
        "_statement",
        lambda *given: f"from ({statement(*given)}) select * qualify row_number() over () % 3 > 0",
    )
    store.create(tmp_path / "other")
    again = load(tmp_path / "other", "reviews", [tmp_path / name])
    assert (again.read, again.inserted, again.quarantined) == (whole.read, whole.inserted, whole.quarantined)
    assert whole.read > 1_999
    assert "slower, careful reader" in " ".join(again.notes)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("i,a,x", 1),
        ("i,a,x\r\n\r\nj,b,y\r\n", 2),
        ('i,"a\n\n,""b""\r\n",x\n\n\nj,"",""\n', 2),
        ('i,""a"",x\n', None),
        ('i,a"b,x\n', None),
        ('i, "b",x\n', None),
        ('i,"b"c,x\n', None),
        ('i,"b,x\n', None),
        ("\n\n", 0),
    ],
)
@pytest.mark.parametrize("chunk", [1, 5, 1_000])
def test_records_are_counted_where_quotes_stand_as_they_should(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, records: int | None, chunk: int
) -> None:
    """Wherever the file is cut into pieces; by the careful reader where they do not."""
    monkeypatch.setattr("data.counting.CHUNK", chunk)
    (tmp_path / "log.csv").write_bytes((HEADER + text).encode())
    (source,) = find_sources([tmp_path / "log.csv"])
    assert count_records(source, delimiter=",", skip=1) == records


@pytest.mark.parametrize("ends", [("\n", "\r\n"), ("\r\n", "\n"), ("\r", "\r"), ("\r\n", "\r")])
def test_mixed_line_endings_load(workspace: Path, tmp_path: Path, ends: tuple[str, str]) -> None:
    one, two = ends
    (tmp_path / "log.csv").write_bytes(f'item_id,reviewer_id,label{one}i1,"a",x{two}i2,,x{one}i3,a,x{two}'.encode())
    assert quarantined(workspace, tmp_path / "log.csv") == [(3, "reviewer_id", "reviewer_id is missing", "i2,,x")]
    assert rows(workspace)["item_id"].to_list() == ["i1", "i3"]


def test_broken_json_lines(workspace: Path, tmp_path: Path) -> None:
    good = '{"item_id": "i", "reviewer_id": 7, "label": "x"}'
    lines = [good, "", "{broken", "[1, 2]", '{"item_id": null, "reviewer_id": "a", "label": "x"}', good + good, good]
    (tmp_path / "log.jsonl").write_text("\n".join(lines))
    assert quarantined(workspace, tmp_path / "log.jsonl") == [
        (3, None, "not valid JSON", "{broken"),
        (4, None, "not a JSON object", "[1, 2]"),
        (5, "item_id", "item_id is missing", lines[4]),
        (6, None, "not valid JSON", good + good),
    ]
    assert rows(workspace)["reviewer_id"].to_list() == ["7", "7"]


def test_an_unknown_label(workspace: Path, tmp_path: Path, log: Path) -> None:
    (tmp_path / "labels.csv").write_text("label,severity\nallow,0\nremove,1\n")
    load(workspace, "labels", [tmp_path / "labels.csv"])
    reason = "unknown label 'x'; known: allow, remove"
    assert quarantined(workspace, log) == [(2, "label", reason, "i,a,x")]
    (tmp_path / "more.csv").write_text("label,severity\nx,2\n")
    load(workspace, "labels", [tmp_path / "more.csv"])
    assert quarantined(workspace, log) == [], "the same file again: what lands now leaves the quarantine"
    (tmp_path / "costs.csv").write_text("true,assigned,cost\nallow,remove,1\nallow,spam,1\n")
    assert load(workspace, "costs", [tmp_path / "costs.csv"]).reasons == {
        "unknown label 'spam'; known: allow, remove, x": 1
    }


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("decided_at", "yesterday", "decided_at is not a time: write ISO 8601, or seconds since 1970"),
        ("decided_at", "2026-06-01T00:00:01Z", "decided_at lies in the future"),
        ("claimed_at", "2199-01-01", "claimed_at lies in the future"),
        ("is_blind", "maybe", "is_blind is not true or false"),
        ("confidence", "high", "confidence is not a number"),
        ("confidence", "nan", "confidence is not a number"),
        ("confidence", "1.01", "confidence is not between 0 and 1"),
        ("confidence", "-0.1", "confidence is not between 0 and 1"),
    ],
)
def test_values_that_cannot_be(workspace: Path, tmp_path: Path, column: str, value: str, reason: str) -> None:
    (tmp_path / "log.csv").write_text(f"item_id,reviewer_id,label,{column}\ni,a,x,{value}\ni,b,x,\n")
    assert quarantined(workspace, tmp_path / "log.csv") == [(2, column, reason, f"i,a,x,{value}")]
    assert rows(workspace)["reviewer_id"].to_list() == ["b"]


@pytest.mark.parametrize(("value", "sound"), [("0", False), ("1", True), ("0.001", True), ("1.5", False)])
def test_inclusion_probabilities(workspace: Path, tmp_path: Path, value: str, *, sound: bool) -> None:
    header = "review_id,auditor_id,label,audited_at,inclusion_probability\n"
    (tmp_path / "audits.csv").write_text(f"{header}r,a,x,2026-01-01,{value}\n")
    report = load(workspace, "audits", [tmp_path / "audits.csv"], now=NOW)
    assert list(report.reasons) == ([] if sound else ["inclusion_probability is not above 0 and at most 1"])


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("megabytes", [1.5, 10])
def test_a_huge_field(workspace: Path, tmp_path: Path, megabytes: float, quote: str) -> None:
    huge = "b" * int(megabytes * 1e6)
    (tmp_path / "log.csv").write_text(f"{HEADER}i1,a,x\ni2,{quote}{huge}{quote},x\ni3,a,x\n")
    ((line, column, reason, raw),) = quarantined(workspace, tmp_path / "log.csv")
    assert (line, column, reason) == (3, None, "a field is longer than 1 MB")
    assert raw == f"i2,{quote}{huge}"[:2_000]
    assert rows(workspace)["item_id"].to_list() == ["i1", "i3"]


def test_a_huge_field_in_json_and_parquet(workspace: Path, tmp_path: Path) -> None:
    frame = pl.DataFrame({"item_id": ["i", "b" * 10_000_000], "reviewer_id": "a", "label": "x"})
    frame.write_ndjson(tmp_path / "log.jsonl")
    frame.write_parquet(tmp_path / "log.parquet")
    for name in ("log.jsonl", "log.parquet"):
        report = load(workspace, "reviews", [tmp_path / name])
        assert report.reasons == {"a field is longer than 1 MB": 1}
        assert [(row.line, row.column, len(row.raw)) for row in report.first_quarantined] == [(2, "item_id", 2_000)]


def test_a_long_row_of_short_fields_lands(workspace: Path, tmp_path: Path) -> None:
    long = "b" * 700_000
    (tmp_path / "log.csv").write_text(f"item_id,reviewer_id,label,note\n{long},{long},x,{long}\ni,a,x,y\n")
    assert quarantined(workspace, tmp_path / "log.csv") == []
    assert rows(workspace)["item_id"].str.len_bytes().to_list() == [700_000, 1]


def test_control_characters_do_no_harm(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(HEADER + "i\x00j,a\x1fb,x\n\x07,\x0b,x\n\x00,a,x\n")
    report = load(workspace, "reviews", [tmp_path / "log.csv"])
    assert report.reasons == {"reviewer_id is missing": 1}
    assert rows(workspace)["item_id"].to_list() == ["i\x00j", "\x00"]


def test_formula_like_cells_are_kept_as_they_are(workspace: Path, tmp_path: Path) -> None:
    """Exports escape them; a store keeps what was written."""
    (tmp_path / "log.csv").write_text(HEADER + "=cmd|' /C calc'!A0,@a,+x\n")
    load(workspace, "reviews", [tmp_path / "log.csv"])
    assert rows(workspace).select("item_id", "reviewer_id", "label").rows() == [("=cmd|' /C calc'!A0", "@a", "+x")]


# ---- all at once

FIELDS = st.text(st.sampled_from('ab",\n\r é=0'), max_size=4)
LINES = st.one_of(
    st.tuples(FIELDS, FIELDS, FIELDS).map(
        lambda cells: ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    ),
    st.lists(st.sampled_from(["a", "b c", "", '"q"', '"', "é"]), max_size=5).map(",".join),
    st.text(st.sampled_from('ab",\r '), max_size=8),
)


@settings(max_examples=40, deadline=None)
@given(lines=st.lists(LINES, max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_counts_add_up_and_lines_are_right_whatever_the_file(
    empty_workspace: Path, tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str
) -> None:
    """Every line that is not blank is part of a row that landed or of one that is kept with its line."""
    folder = tmp_path_factory.mktemp("any")
    text = "item_id,reviewer_id,label" + end + end.join(lines)
    (folder / "log.csv").write_bytes(text.encode())
    shutil.copytree(empty_workspace, folder / "workspace")
    report = load(folder / "workspace", "reviews", [folder / "log.csv"])
    assert report.read == report.loaded + report.unchanged + report.quarantined
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line, raw in rows(folder / "workspace", "select line, raw from quarantine").rows():
        assert physical[line - 1] == re.split("\r\n|\r|\n", raw)[0]
    again = load(folder / "workspace", "reviews", [folder / "log.csv"])
    assert (again.loaded, again.read, again.quarantined) == (0, report.read, report.quarantined)


def test_a_workspace_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LogError, match="Not a directory"):
        store.create(tmp_path / "file" / "w")
