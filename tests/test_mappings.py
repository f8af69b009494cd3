"""What people have lands as it should: each bundled mapping on its sample, nested and wide records, every table."""

import datetime as dt
import json
import re
from pathlib import Path

import polars as pl
import pytest

from data import store
from data.contract import TABLES
from data.errors import LogError
from data.load import load
from data.mapping import Mapping, bundled_mappings, mapping_text, read_mapping
from data.report import LoadReport
from data.schema import quoted

LOGS = Path(__file__).parent / "logs"
NOW = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def fetch(workspace: Path, sql: str) -> list[tuple[object, ...]]:
    opened = store.open_workspace(workspace)
    try:
        return opened.engine.fetch(sql, {}).rows()
    finally:
        opened.close()


def utc(*parts: int) -> dt.datetime:
    """A moment as the store has it: in UTC, without saying so."""
    return dt.datetime(*parts)  # noqa: DTZ001 - see above


def landed(workspace: Path) -> list[tuple[object, ...]]:
    return fetch(workspace, "select item_id, reviewer_id, label from reviews order by sequence")


def take(workspace: Path, path: Path, mapping: Mapping) -> LoadReport:
    """Load once, and once more: the counts add up and the second time changes nothing."""
    report = load(workspace, "reviews", [path], mapping=mapping, now=NOW)
    assert report.read == report.loaded + report.quarantined
    assert sum(report.reasons.values()) == report.quarantined
    again = load(workspace, "reviews", [path], mapping=mapping, now=NOW)
    assert (again.read, again.unchanged, again.quarantined) == (report.read, report.loaded, report.quarantined)
    return report


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


# ---- the bundled mappings


def test_every_bundled_mapping_has_a_sample() -> None:
    assert set(bundled_mappings()) == {path.stem for path in LOGS.iterdir()} - {"plain"}


@pytest.mark.parametrize("name", bundled_mappings())
def test_a_mapping_is_written_as_the_toml_that_reads_as_it(tmp_path: Path, name: str) -> None:
    mapping = read_mapping(name)
    assert read_mapping(write(tmp_path, f"{name}.toml", mapping_text(mapping))) == mapping


def test_label_studio(workspace: Path) -> None:
    """Tasks with annotations of several people; one skipped, one without a choice, one task that nobody annotated."""
    report = take(workspace, LOGS / "label_studio.json", read_mapping("label_studio"))
    assert landed(workspace) == [
        ("101", "3", "remove"),
        ("101", "ben@example.org", "remove"),
        ("102", "3", "allow"),
        ("102", "5", "remove"),
        ("103", "5", "allow"),
        ("105", "5", "age-gate + remove"),
        ("105", "3", "age-gate + remove"),
    ]
    assert fetch(workspace, "select review_id, decided_at from reviews order by sequence limit 1") == [
        ("1001", utc(2026, 2, 2, 9, 0, 0, 112233))
    ]
    assert [(row.line, row.reason) for row in report.first_quarantined] == [
        (3, "left out by the mapping: annotations.was_cancelled is true"),
        (4, "nothing in annotations: no decision"),
        (6, "label is missing"),
    ]
    assert report.first_quarantined[2].raw.startswith('0: {"annotations":{"id":1009,')


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_label_studio_with_one_row_an_annotation(workspace: Path, ending: str) -> None:
    report = take(workspace, LOGS / f"label_studio_min.{ending}", read_mapping("label_studio_min"))
    assert (report.loaded, report.quarantined) == (8, 0)
    assert landed(workspace)[3:6] == [
        ("202", "2", "Neutral"),
        ("203", "1", "Negative + Neutral"),
        ("203", "2", "Negative + Neutral"),
    ]


def test_argilla(workspace: Path) -> None:
    """Three lists side by side; drafts and discarded responses are no decisions."""
    report = take(workspace, LOGS / "argilla.parquet", read_mapping("argilla"))
    assert [(item, reviewer[-1], label) for item, reviewer, label in landed(workspace)] == [
        ("r1", "1", "spam"),
        ("r1", "2", "spam"),
        ("r2", "1", "ham"),
        ("r2", "3", "spam"),
        ("r3", "2", "ham"),
        ("r4", "2", "ham"),
        ("r6", "1", "ham"),
        ("r6", "2", "ham"),
        ("r7", "2", "spam"),
        ("r7", "3", "ham"),
    ]
    assert [row.line for row in report.first_quarantined] == [4, 5, 6]


def test_hugging_face(workspace: Path) -> None:
    report = take(workspace, LOGS / "huggingface.parquet", read_mapping("huggingface"))
    assert report.loaded == 10
    assert landed(workspace)[:2] == [("47777", "10873", "0"), ("47777", "2790", "0")]
    assert fetch(workspace, "select language, max(decided_at) from reviews group by all") == [
        ("en", utc(2026, 1, 5, 10, 9))
    ]


def test_prodigy(workspace: Path) -> None:
    """Accept or reject, or what was chosen; what was ignored is no decision."""
    report = take(workspace, LOGS / "prodigy.jsonl", read_mapping("prodigy"))
    assert landed(workspace) == [
        ("77001", "queue-ann1", "reject"),
        ("77001", "queue-ann0", "accept"),
        ("77002", "queue-ann1", "accept"),
        ("77003", "queue-ann1", "remove"),
        ("77003", "queue-ann0", "remove"),
        ("77004", "queue-ann0", "age-gate + remove"),
        ("77004", "queue-ann1", "age-gate + remove"),
        ("77005", "queue-ann1", "reject"),
    ]
    assert report.reasons == {"left out by the mapping: answer is ignore": 2}
    assert [row.line for row in report.first_quarantined] == [3, 10]


def test_coop(workspace: Path) -> None:
    """Lists in cells, American times with a narrow space, and rows in which nobody decided about content."""
    report = take(workspace, LOGS / "coop.csv", read_mapping("coop"))
    sql = "select item_id[-2:], reviewer_id, label, policy, decided_at, claimed_at from reviews order by sequence"
    found = fetch(workspace, sql)
    assert found[2] == (
        "j3",
        "Jane Doe",
        "Ban User + Remove Post",
        "Hate Speech",
        utc(2026, 8, 5, 11, 14, 45),
        utc(2026, 8, 5, 11, 14, 20),
    )
    assert found[3][4] == utc(2026, 8, 5, 12, 35, 45), "the twelfth hour of PM is noon"
    assert [row[0] for row in found] == ["j1", "j2", "j3", "j6", "j8", "j9", "10"]
    assert [row.line for row in report.first_quarantined] == [5, 6, 8]
    assert not report.notes, "the mapping declares the zone"


def test_wide(workspace: Path) -> None:
    """An empty cell is no decision; an item without any is said."""
    report = take(workspace, LOGS / "wide.csv", read_mapping("wide"))
    assert landed(workspace)[2:6] == [
        ("s-1", "rater_cem", "allow"),
        ("s-2", "rater_ana", "allow"),
        ("s-2", "rater_cem", "allow"),
        ("s-3", "rater_ana", "remove"),
    ]
    assert (report.loaded, report.quarantined, report.unmapped) == (9, 1, ("note",))
    assert (report.first_quarantined[0].line, report.first_quarantined[0].raw) == (5, "s-4,,,,nobody came")


def test_long(workspace: Path) -> None:
    report = take(workspace, LOGS / "long.csv", read_mapping("long"))
    assert (report.loaded, report.unmapped) == (8, ())
    assert landed(workspace)[:2] == [("doc-0", "ben", "allow"), ("doc-0", "ana", "remove")]


def test_crowd(workspace: Path) -> None:
    assert take(workspace, LOGS / "crowd.csv", read_mapping("crowd")).loaded == 10


# ---- JSON arrays

ROW = {"item_id": "i", "reviewer_id": "a", "label": "x"}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_a_log(workspace: Path, tmp_path: Path, indent: int | None) -> None:
    content = [ROW, {**ROW, "item_id": None}, 7, {**ROW, "reviewer_id": 8, "label": True}]
    report = take(workspace, write(tmp_path, "log.json", "\n " + json.dumps(content, indent=indent)), Mapping())
    assert landed(workspace) == [("i", "a", "x"), ("i", "8", "true")]
    assert [(row.line, row.reason) for row in report.first_quarantined] == [
        (2, "item_id is missing"),
        (3, "not a JSON object"),
    ]


def test_a_json_array_gives_what_its_lines_give(workspace: Path, tmp_path: Path, monkeypatch) -> None:
    """However small the pieces are in which it is read."""
    monkeypatch.setattr("data.entries.CHUNK", 7)
    content = [{**ROW, "item_id": f'"[{{é{n}', "reviewer_id": n} for n in range(200)]
    lines = write(tmp_path, "log.jsonl", "".join(json.dumps(row) + "\n" for row in content))
    array = write(tmp_path, "log.json", json.dumps(content, ensure_ascii=False))
    assert load(workspace, "reviews", [array]).loaded == 200
    assert load(workspace, "reviews", [lines]).unchanged == 200


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[{"item_id": "i", "reviewer_id": "a", "label": "x"}, {"item_id": ', "it breaks after element 1."),
        ('[{"item_id": "i", "reviewer_id": "a", "label": "x"} {"item_id": "j"}]', "it breaks after element 1."),
        ('[{"item_id": "i" "reviewer_id": "a", "label": "x"}' + 100 * " " + "]", "it breaks after element 0."),
        ('[{"item_id": "i", "reviewer_id": "a", "label": "x"},]', "it breaks after element 1."),
        ('[{"item_id": "i", "reviewer_id": "a", "label": "x"}', "it breaks after element 1."),
        ('[{"item_id": "i", "reviewer_id": "a", "label": "x"}]\n{}', "it breaks after element 1."),
        ("[]", "it holds no JSON object. Write one object a line, or one array of objects."),
        ("[", "it breaks after element 0."),
    ],
)
def test_a_broken_json_array_is_refused_whole(workspace: Path, tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, "log.json", text)
    with pytest.raises(LogError, match=re.escape(message)):
        load(workspace, "reviews", [path])
    assert landed(workspace) == []


# ---- shapes of one's own


def test_paths_alternatives_and_numbers_in_lists(workspace: Path, tmp_path: Path) -> None:
    """A path may pass keys with dots and places of lists; of alternatives, the first with a value counts."""
    nested = [
        {"a.b": {"id": 1}, "who": {"name": "", "id": "u1"}, "tags": [["x"], ["y"]]},
        {"a.b": {"id": 2}, "who": {"name": "Ann", "id": "u2"}, "tags": [["x"]]},
    ]
    path = write(tmp_path, "log.jsonl", "".join(json.dumps(row) + "\n" for row in nested))
    mapping = Mapping({"item_id": "a.b.id", "reviewer_id": "who.name | who.id", "label": "tags.1 | tags"})
    assert take(workspace, path, mapping).loaded == 2
    assert landed(workspace) == [("1", "u1", "y"), ("2", "Ann", "x")]


def test_an_optional_column_may_have_none_of_its_alternatives(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", "item_id,reviewer_id,label\ni,a,x\n")
    assert take(workspace, path, Mapping({"queue": "queue_name | team"})).loaded == 1
    with pytest.raises(LogError, match=r"The mapping takes label from 'verdict . vote'"):
        load(workspace, "reviews", [path], mapping=Mapping({"label": "verdict | vote"}))


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (Mapping(each=("votes",)), "gives no row: nothing stands in votes, which the mapping takes one by one."),
        (Mapping(raters=("judge*",)), "gives no row: no filled column is called judge*, the raters of the mapping."),
        (Mapping({"label": "votes.label"}, each=("label",)), "gives no row: nothing stands in label"),
        (Mapping({"label": "lab.el"}), "The mapping takes label from 'lab.el', which"),
    ],
)
def test_a_shape_that_is_not_there(workspace: Path, tmp_path: Path, mapping: Mapping, message: str) -> None:
    path = write(tmp_path, "log.csv", "item_id,reviewer_id,label\ni,a,x\n")
    with pytest.raises(LogError, match=re.escape(message)):
        load(workspace, "reviews", [path], mapping=mapping)


def test_lists_side_by_side_must_be_equally_long(workspace: Path, tmp_path: Path) -> None:
    rows = [{"id": 1, "who": ["a", "b"], "what": ["x", "y"]}, {"id": 2, "who": ["a"], "what": ["x", "y"]}]
    path = write(tmp_path, "log.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    mapping = Mapping({"item_id": "id", "reviewer_id": "who", "label": "what"}, each=("who", "what"))
    report = take(workspace, path, mapping)
    assert landed(workspace) == [("1", "a", "x"), ("1", "b", "y")]
    assert report.reasons == {"who, what are lists of different lengths": 1}


def test_broken_records_of_a_wide_table_keep_their_lines(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", 'item;r1;r2\ni;x;"y\nz"\nj;x\nk;;\nl;"x" y;y\nm;y;x\n')
    mapping = Mapping({"item_id": "item", "reviewer_id": "@column", "label": "@cell"}, delimiter=";", raters=("r?",))
    report = take(workspace, path, mapping)
    assert landed(workspace) == [("i", "r1", "x"), ("i", "r2", "y\nz"), ("m", "r1", "y"), ("m", "r2", "x")]
    assert [(row.line, row.raw) for row in report.first_quarantined] == [(4, "j;x"), (5, "k;;"), (6, 'l;"x" y;y')]


def test_two_raters_of_one_name_are_refused(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "log.csv", "item_id,rater_a,rater_a\ni,x,y\n")
    with pytest.raises(LogError, match="has the column 'rater_a' more than once"):
        load(workspace, "reviews", [path], mapping=read_mapping("wide"))


@pytest.mark.parametrize(
    ("layout", "text", "expected"),
    [
        ("%d.%m.%Y %H:%M", "31.12.2025 23:30", utc(2025, 12, 31, 22, 30)),
        ("%m/%d/%Y", "12/31/2025", utc(2025, 12, 30, 23)),
        ("%d/%b/%Y:%H:%M:%S %z", "31/Dec/2025:23:30:00 -0500", utc(2026, 1, 1, 4, 30)),
        ("%m/%d/%y %I:%M %p", "01/02/26 12:05 AM", utc(2026, 1, 1, 23, 5)),
    ],
)
def test_times_that_are_not_iso_8601(workspace: Path, tmp_path: Path, layout: str, text: str, expected) -> None:
    """They are read as the mapping says and in no other way; those without an offset in its zone."""
    path = write(tmp_path, "log.csv", f"item_id,reviewer_id,label,decided_at\ni,a,x,{text}\nj,a,x,2025-12-31\n")
    report = take(workspace, path, Mapping(times=layout, zone="Europe/Berlin"))
    assert fetch(workspace, "select decided_at from reviews") == [(expected,)]
    assert list(report.reasons) == [f"decided_at is not a time such as {layout} that exists in Europe/Berlin"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("each = 3", "each names one text in quotes, or several"),
        ("raters = []", "raters names one text in quotes, or several"),
        ("skip = 'x'", "skip is a table, as [skip]."),
        ("[skip]\nanswer = [1]", "skip names one text in quotes, or several"),
        ("times = 3", "times is a text in quotes, not 3."),
    ],
)
def test_broken_shapes_in_a_mapping(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LogError, match=re.escape(message)):
        read_mapping(write(tmp_path, "m.toml", text))


# ---- every table

VALUES = {
    "timestamp": "2026-01-31T10:00:00Z",
    "date": "2026-01-31",
    "number": "0.5",
    "integer": "3",
    "flag": "true",
    "text": "word",
}
CLOSED = {"outcome": "upheld"}
"""The columns that take some texts only."""


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet"])
@pytest.mark.parametrize("name", TABLES)
def test_every_table_loads_through_a_mapping_with_other_names(
    workspace: Path, tmp_path: Path, name: str, ending: str
) -> None:
    """All columns under other names, in any format; the values land in the columns that they are meant for."""
    table = TABLES[name]
    given = {column.name: CLOSED.get(column.name, VALUES[column.kind]) for column in table.columns}
    frame = pl.DataFrame({f"their {column}": [value] for column, value in given.items()})
    path = tmp_path / f"log.{ending}"
    {
        "csv": frame.write_csv,
        "jsonl": frame.write_ndjson,
        "json": lambda path: path.write_text(json.dumps(frame.to_dicts())),
        "parquet": frame.write_parquet,
    }[ending](path)
    mapping = Mapping({column.name: f"their {column.name}" for column in table.columns})
    report = load(workspace, name, [path], mapping=mapping, now=NOW)
    assert (report.loaded, report.quarantined, report.missing, report.unmapped) == (1, 0, (), ())
    names = ", ".join(map(quoted, table.names))
    (row,) = fetch(workspace, f"select {names} from {name}")  # noqa: S608 - the names are the contract's
    typed = {
        "timestamp": utc(2026, 1, 31, 10),
        "date": dt.date(2026, 1, 31),
        "number": 0.5,
        "integer": 3,
        "flag": True,
        "text": "word",
    }
    assert row == tuple(CLOSED.get(column.name, typed[column.kind]) for column in table.columns)


def test_a_wide_table_of_models_feeds_predictions(workspace: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "scores.csv", "clip,day,v1,v2\nc,2026-01-01,0.2,0.9\nd,2026-01-01,0.3,1.4\n")
    columns = {"item_id": "clip", "scored_at": "day", "model_version": "@column", "score": "@cell", "model": "@column"}
    report = load(workspace, "predictions", [path], mapping=Mapping(columns, raters=("v?",)), now=NOW)
    assert report.reasons == {"score is not between 0 and 1": 1}
    assert fetch(workspace, "select item_id, model_version, score from predictions order by sequence") == [
        ("c", "v1", 0.2),
        ("c", "v2", 0.9),
        ("d", "v1", 0.3),
    ]
