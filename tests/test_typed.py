"""Typed Parquet lands without a detour over text, and gives what the same rows give as text."""

import csv
import datetime as dt
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import reading, store
from data.cleaning import Cleaned, Cleaner
from data.load import load
from data.mapping import Mapping as LogMapping
from data.report import LoadReport
from data.typed import _SPACES, Typed, typed_rows

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
ROWS = 1_000
TAXONOMY = "label,severity\nallow,0\nremove,1\nÄ,2\n"
# Ids as they should be, and as exports spoil them.
CLEAN = [*(f"id-{n}" for n in range(300)), "~tilde", "é", "日本", "a b", "👩‍👩‍👧", "e\u0301", "-", "NULL", "0"]
SPOILED = ["", " ", " id-1", "id-1 ", "\u00a0a", "a\u2003", "\u3000", "\x1f", "a\x00", "\ta", None]
LABELS = [*["allow", "remove", "Ä"] * 9, "Allow", "spam", " allow", "", None]
NUMBERS = [*[0.1, 0.25, 1 / 3, 0.0, -0.0, 1.0, 1e-7, None] * 9, 1.01, -0.1, float("nan"), float("inf")]

Column = tuple[pa.DataType, list[Any]]


def ids(draw: random.Random) -> Column:
    return pa.string(), [draw.choice(SPOILED if draw.random() < 0.02 else CLEAN) for _ in range(ROWS)]


def some(draw: random.Random, kind: pa.DataType, values: list[Any]) -> Column:
    return kind, draw.choices(values, k=ROWS)


def moments(draw: random.Random) -> Column:
    """Times in any type that Parquet has for them: about the present moment, before 1970 and in years far away."""
    kind = draw.choice([pa.date32(), *(pa.timestamp(u, z) for u in ("s", "ms", "us", "ns") for z in (None, "UTC"))])
    latest = NOW.replace(tzinfo=None)
    values: list[dt.datetime | None] = [
        latest - dt.timedelta(microseconds=draw.randrange(10 ** draw.randrange(15))) for _ in range(200)
    ]
    values += [latest, latest + dt.timedelta(seconds=1), dt.datetime(1969, 12, 31, 23, 59, 59), None]  # noqa: DTZ001
    if kind not in {pa.timestamp("ns"), pa.timestamp("ns", "UTC")}:
        values += [dt.datetime(year, 2, 3) for year in (1, 999, 1000, 9999)]  # noqa: DTZ001
    cut = {"s": 10**6, "ms": 10**3}.get(getattr(kind, "unit", ""), 1)
    values = [each and each.replace(microsecond=each.microsecond // cut * cut) for each in values]
    return some(draw, kind, [each and each.date() for each in values] if kind == pa.date32() else values)


def log(seed: int) -> dict[str, Column]:
    """A log of which every row may have anything wrong."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    columns: dict[str, Column] = {
        "item_id": draw.choice([ids(draw), some(draw, pa.int32(), [*range(-9, 300)])]),
        "reviewer_id": ids(draw),
        "label": some(draw, pa.string(), LABELS),
        "review_id": ids(draw),
        "decided_at": moments(draw),
        "claimed_at": moments(draw),
        "queue": ids(draw),
        "is_blind": some(draw, pa.bool_(), [True, False, None]),
        "confidence": some(draw, draw.choice([pa.float32(), pa.float64()]), NUMBERS),
    }
    wanted = [name for name in columns if name in {"item_id", "reviewer_id", "label"} or draw.random() < 0.7]
    return {name: columns[name] for name in draw.sample(wanted, len(wanted))}


def as_parquet(path: Path, columns: Mapping[str, Column]) -> Path:
    arrays = {
        name: pa.array(values, pa.float64() if pa.types.is_float32(kind) else kind).cast(kind)
        for name, (kind, values) in columns.items()
    }
    pq.write_table(pa.table(arrays), path, row_group_size=300, version="2.6")
    return path


def as_csv(path: Path, columns: Mapping[str, Column]) -> Path:
    """The same rows as a person would write them by hand."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        writer.writerows(zip(*(_written(kind, values) for kind, values in columns.values()), strict=True))
    return path


def _written(kind: pa.DataType, values: list[Any]) -> list[str]:
    if pa.types.is_temporal(kind):
        end = "Z" if getattr(kind, "tz", None) else ""
        return ["" if each is None else each.isoformat() + end for each in values]
    single = pa.types.is_float32(kind)
    return ["" if each is None else str(np.float32(each) if single else each) for each in values]


def loaded(
    folder: Path, path: Path, *, labels: bool = True, mapping: LogMapping | None = None
) -> tuple[LoadReport, pl.DataFrame, pl.DataFrame]:
    """The report, the reviews and the quarantine of a workspace with nothing but this file."""
    workspace = folder / f"workspace of {path.name} {len(list(folder.iterdir()))}"
    store.create(workspace)
    if labels:
        (folder / "labels.csv").write_text(TAXONOMY)
        load(workspace, "labels", [folder / "labels.csv"])
    report = load(workspace, "reviews", [path], now=NOW, mapping=mapping)
    opened = store.open_workspace(workspace)
    try:
        reviews = opened.engine.fetch("select * from reviews order by sequence", {})
        quarantined = opened.engine.fetch("select line, column_name, reason, raw from quarantine order by line", {})
    finally:
        opened.close()
    return report, reviews, quarantined


@pytest.fixture
def as_text(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Have every file read as text from now on."""
    return lambda: monkeypatch.setattr(reading, "typed_rows", lambda *_given: None)


@pytest.mark.parametrize(("seed", "zone"), [*((seed, None) for seed in range(7)), (7, "America/New_York")])
def test_dirty_rows_are_the_same_typed_as_text_and_as_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_text: Callable[[], None], seed: int, zone: str | None
) -> None:
    """Row by row and reason by reason; CSV has no numbers of rows, but lines, and the header is one."""
    monkeypatch.setattr("data.typed.ROWS_AT_ONCE", 400)
    columns, labels, mapping = log(seed), seed % 3 > 0, LogMapping(zone=zone)
    parquet = as_parquet(tmp_path / "log.parquet", columns)
    report, reviews, quarantined = loaded(tmp_path, parquet, labels=labels, mapping=mapping)
    assert quarantined.height
    assert reviews.height
    by_hand, csv_reviews, csv_quarantined = loaded(
        tmp_path, as_csv(tmp_path / "log.csv", columns), labels=labels, mapping=mapping
    )
    as_text()
    textual, text_reviews, text_quarantined = loaded(tmp_path, parquet, labels=labels, mapping=mapping)
    assert reviews.equals(text_reviews)
    assert quarantined.equals(text_quarantined)
    assert reviews.equals(csv_reviews)
    assert quarantined.select(pl.col("line") + 1, "reason").equals(csv_quarantined.select("line", "reason"))
    counts = [(each.read, each.inserted, each.unchanged, each.reasons) for each in (report, textual, by_hand)]
    assert counts[0] == counts[1] == counts[2]
    assert report.notes == textual.notes == by_hand.notes


@pytest.mark.parametrize("seed", range(100, 103))
def test_rows_delivered_again_as_csv_are_the_same_rows(tmp_path: Path, seed: int) -> None:
    store.create(tmp_path / "workspace")
    columns = log(seed)
    first = load(tmp_path / "workspace", "reviews", [as_parquet(tmp_path / "log.parquet", columns)], now=NOW)
    again = load(tmp_path / "workspace", "reviews", [as_csv(tmp_path / "log.csv", columns)], now=NOW)
    assert first.inserted
    assert (again.loaded, again.read, again.quarantined) == (0, first.read, first.quarantined)


@pytest.mark.parametrize("first", ["i", "i "])
def test_identical_rows_without_an_id_are_told_apart(tmp_path: Path, first: str) -> None:
    """Also where other rows have one, and where the first of them is doubted."""
    columns: dict[str, Column] = {
        "item_id": (pa.string(), [first, "i", "i", "i"]),
        "reviewer_id": (pa.string(), ["a"] * 4),
        "label": (pa.string(), ["allow"] * 4),
        "review_id": (pa.string(), [None, "", "r", None]),
    }
    found = loaded(tmp_path, as_parquet(tmp_path / "log.parquet", columns))[1]["review_id"].to_list()
    assert found == [found[0], f"{found[0]}-2", "r", f"{found[0]}-3"]


def test_numbers_of_any_size_are_finite(tmp_path: Path) -> None:
    columns: dict[str, Column] = {
        **{name: (pa.string(), ["x", "y", "z"]) for name in ("item_id", "model", "model_version")},
        "scored_at": (pa.timestamp("us", "UTC"), [NOW] * 3),
        "threshold": (pa.float64(), [-7e300, float("inf"), float("nan")]),
    }
    store.create(tmp_path / "workspace")
    report = load(tmp_path / "workspace", "predictions", [as_parquet(tmp_path / "log.parquet", columns)], now=NOW)
    assert (report.inserted, report.reasons) == (1, {"threshold is not a number": 2})


def test_only_doubted_rows_are_read_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """White space, an unknown label and a missing id make three; what is merely empty is no reason to doubt a row."""
    seen: list[pl.DataFrame] = []
    clean = Cleaner.clean

    def seeing(cleaner: Cleaner, raw: pl.DataFrame) -> Cleaned:
        seen.append(raw)
        return clean(cleaner, raw)

    monkeypatch.setattr(Cleaner, "clean", seeing)
    item_ids = [" i0", None, *(f"i{n}" for n in range(2, 100))]
    columns: dict[str, Column] = {
        "item_id": (pa.string(), item_ids),
        "reviewer_id": (pa.string(), ["é", "日本"] * 50),
        "label": (pa.string(), ["allow"] * 99 + ["spam"]),
        "decided_at": (pa.timestamp("us", "UTC"), [NOW, None] * 50),
        "queue": (pa.string(), [""] * 100),
    }
    report, reviews, _ = loaded(tmp_path, as_parquet(tmp_path / "log.parquet", columns))
    assert [frame["item_id"].to_list() for frame in seen if "item_id" in frame.columns] == [[" i0", None, "i99"]]
    assert (report.read, report.inserted, report.quarantined) == (100, 98, 2)
    assert reviews["sequence"].to_list() == [1, *range(3, 100)]
    assert reviews["item_id"].to_list() == ["i0", *(f"i{n}" for n in range(2, 99))]
    assert reviews["queue"].null_count() == reviews.height


SOUND: dict[str, Column] = {
    "item_id": (pa.string(), ["i", "j"]),
    "reviewer_id": (pa.string(), ["a", "b"]),
    "label": (pa.string(), ["allow", "remove"]),
    "decided_at": (pa.timestamp("us"), [dt.datetime(2026, 1, 2, 3), dt.datetime(2026, 1, 2, 4)]),  # noqa: DTZ001
    "is_blind": (pa.bool_(), [True, False]),
}


@pytest.mark.parametrize(
    ("more", "mapping", "typed"),
    [
        ({}, LogMapping(), True),
        ({}, LogMapping(columns={"queue": "label"}), True),
        ({}, LogMapping(values={"label": {"allow": "remove", "remove": "it's", "it's": "no"}}), True),
        ({}, LogMapping(zone="UTC"), True),
        ({}, LogMapping(zone="Europe/Berlin"), False),
        ({}, LogMapping(times="%Y-%m-%d %H:%M:%S"), False),
        ({}, LogMapping(values={"is_blind": {"true": "false"}}), False),
        ({"file_row_number": (pa.int64(), [7, 7])}, LogMapping(columns={"queue": "file_row_number"}), False),
        ({"decided_at": (pa.string(), ["2026-01-02T03:04:05Z", "1700000000"])}, LogMapping(), False),
        ({"decided_at": (pa.int64(), [1700000000, None])}, LogMapping(), False),
        ({"is_blind": (pa.int8(), [1, 0])}, LogMapping(), False),
        ({"item_id": (pa.float64(), [0.1, 2.0])}, LogMapping(), False),
        ({"confidence": (pa.int8(), [1, 0])}, LogMapping(), True),
    ],
)
def test_what_needs_texts_is_read_as_text(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    as_text: Callable[[], None],
    more: dict[str, Column],
    mapping: LogMapping,
    *,
    typed: bool,
) -> None:
    """And gives the same either way."""
    found: list[Typed | None] = []

    def seeing(*given: Any) -> Typed | None:
        found.append(typed_rows(*given))
        return found[-1]

    monkeypatch.setattr(reading, "typed_rows", seeing)
    path = as_parquet(tmp_path / "log.parquet", SOUND | more)
    _, reviews, _ = loaded(tmp_path, path, labels=False, mapping=mapping)
    assert [rows is not None for rows in found] == [typed]
    as_text()
    assert reviews.equals(loaded(tmp_path, path, labels=False, mapping=mapping)[1])
    assert reviews.height == 2


def test_what_is_smaller_than_a_microsecond_is_cut_off(tmp_path: Path, as_text: Callable[[], None]) -> None:
    """Before 1970 as well, where DuckDB would round up."""
    nanoseconds = pa.array([-876_543_211, -1, 1_999, 1_700_000_000_000_000_999], pa.timestamp("ns"))
    table = pa.table(
        {"item_id": ["i", "j", "k", "l"], "reviewer_id": [*"abcd"], "label": [*"wxyz"], "decided_at": nanoseconds}
    )
    pq.write_table(table, tmp_path / "log.parquet", version="2.6")
    reviews = loaded(tmp_path, tmp_path / "log.parquet", labels=False)[1]
    assert reviews["decided_at"].dt.epoch("us").to_list() == [-876_544, -1, 1, 1_700_000_000_000_000]
    as_text()
    assert reviews.equals(loaded(tmp_path, tmp_path / "log.parquet", labels=False)[1])


def test_white_space_is_what_polars_strips() -> None:
    every = pl.Series([chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000])
    assert set(every.filter(every.str.strip_chars() == "")) == set(_SPACES)
    trimmed = duckdb.execute("select trim($1, $2)", [_SPACES[::-1] + "a 　b" + _SPACES, _SPACES]).fetchone()
    assert trimmed == ("a 　b",)
