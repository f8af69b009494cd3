"""Votes as they come back: CSV files of ballots that people filled in, read row by row."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

NO_HEADER = "the header lacks `case_id`, or `label` or `vote`"
NOT_TEXT = "the file is not UTF-8 text: save it as CSV UTF-8"
NOT_CSV = "from here on the file is no CSV: {}"
TOO_LONG = "the row has more fields than the header"
_VOTE = ("label", "vote")
_UNNAMED = "ballot"
"""What files are called that nobody put their name to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file of votes; `why` says what keeps it from being a vote at all, and is empty otherwise."""

    file: str
    line: int
    raw: str
    voter: str = ""
    case_id: str = ""
    label: str = ""
    reason: str = ""
    decided: str = ""
    why: str = ""


def read_votes(file: str, content: bytes) -> Iterator[Row]:
    """The rows of a file with `case_id`, `label` or `vote`, and maybe `voter`, `reason` and `decided`.

    Where no voter is named, the file's name is the voter's. Separators may be commas, semicolons or tabs.
    """
    name = PurePath(file).name
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Row(name, 1, "", why=NOT_TEXT)
        return
    line = 0
    try:
        header: list[str] = []
        for line, cells in _records(text):
            if not header:
                header = [cell.lower() for cell in cells]
                if "case_id" not in header or not set(_VOTE) & set(header):
                    yield Row(name, line, ",".join(cells), why=NO_HEADER)
                    return
            else:
                yield _row(name, line, cells, header)
    except csv.Error as error:
        yield Row(name, line + 1, "", why=NOT_CSV.format(error))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a file that are not empty, each with its last line."""
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, [cell.strip() for cell in cells]


def _row(name: str, line: int, cells: list[str], header: list[str]) -> Row:
    found: Mapping[str, str] = dict(zip(header, cells, strict=False))
    stem = PurePath(name).stem
    return Row(
        name,
        line,
        raw=",".join(cells),
        voter=found.get("voter") or ("" if _UNNAMED in stem.lower() else stem),
        case_id=found.get("case_id", ""),
        label=next((found[column] for column in _VOTE if found.get(column)), ""),
        reason=found.get("reason", ""),
        decided=found.get("decided", ""),
        why=TOO_LONG if len(cells) > len(header) else "",
    )
