"""Raw texts to the contract's values, one batch at a time, and what is wrong with the rows that do not become some."""

import datetime as dt
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Renames
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from data.contract import LABEL_COLUMNS, Column, Table
from data.records import LONGEST_FIELD, TOO_LONG
from data.times import utc_times

Range = tuple[Callable[[pl.Expr], pl.Expr], str]
FLAGS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(("false", "f", "no", "n", "0"), False)
EXPECTED = {
    "timestamp": "a time: write ISO 8601, or seconds since 1970",
    "date": "a date: write it as 2026-01-31",
    "number": "a number",
    "integer": "a whole number",
    "flag": "true or false",
}
OUTCOMES = ("upheld", "overturned")
_SHARE: Range = (lambda value: (value < 0) | (value > 1), "not between 0 and 1")
# What the values of some columns must be: when one is not, and how that is said.
RANGES: dict[str, Range] = {
    "inclusion_probability": (lambda value: (value <= 0) | (value > 1), "not above 0 and at most 1"),
    "outcome": (lambda value: ~value.is_in(OUTCOMES), f"neither {' nor '.join(OUTCOMES)}"),
    "score": _SHARE,
    "confidence": _SHARE,
}
# What `Cleaner.clean` says of a row at fault.
FAULTS = {"row": pl.Int64(), "column_name": pl.String(), "reason": pl.String()}
# The column that tells whether a row is of before the day whose earlier rows were forgotten.
DATED = {"reviews": "decided_at", "predictions": "scored_at"}
FORGOTTEN = "whose rows were forgotten"
LISTED_LABELS = 12
LISTED_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a row can fail: the column, when, and what to say."""

    column: str
    fails: pl.Expr
    reason: pl.Expr


class Cleaned(NamedTuple):
    """A batch told apart: the good rows with their `row`, and `row, column_name, reason` of the others.

    `row` counts from 0 in each batch. `naive`: whether a time had no offset.
    """

    good: pl.DataFrame
    faults: pl.DataFrame
    naive: bool


@dataclass(frozen=True, slots=True)
class Cleaner:
    """How the rows of one file are cleaned.

    `present`: the contract's columns that the file has. `zone`: where naive times were taken. `labels`: the taxonomy,
    empty when there is none yet. `now`: the moment, in naive UTC, after which a past time is a fault. `times`: how they
    are written where that is not ISO 8601. `contested`: the reviewers whose teams are not known, and why. `forgotten`:
    the day whose earlier rows were forgotten: what is delivered of them again would count twice.
    """

    table: Table
    present: tuple[str, ...]
    zone: str
    now: dt.datetime
    labels: tuple[str, ...] = ()
    renames: Renames[str, dict[str, str]] = field(default_factory=dict)
    times: str | None = None
    contested: Renames[str, str] = field(default_factory=dict)
    forgotten: dt.date | None = None

    def clean(self, raw: pl.DataFrame) -> Cleaned:
        """The rows of a batch told apart."""
        columns = [self.table.column(name) for name in self.present]
        rules = [rule for column in columns for rule in self._rules(column)]
        texts = self._texts(raw)
        times = [self._times(texts[column.name], column) for column in columns if _is_time(column)]
        checked = (
            texts.lazy()
            .with_row_index("row")
            .with_columns(read for read, _ in times)
            .with_columns(_typed(column) for column in columns if not _is_time(column))
            .with_columns(faulty=pl.any_horizontal(rule.fails for rule in rules).fill_null(value=False))
            .collect()
        )
        values = [pl.col(_value(column)).alias(column.name) for column in columns]
        good = checked.lazy().filter(~pl.col("faulty")).select("row", *values).collect()
        return Cleaned(good, _faults(checked.filter("faulty"), rules), any(naive for _, naive in times))

    def _texts(self, raw: pl.DataFrame) -> pl.DataFrame:
        """The texts without white space around them, the empty ones null, and the log's words replaced by ours."""
        texts = raw.lazy().select(pl.col(self.present).str.strip_chars()).collect()
        empty = texts.lazy().select((pl.all().str.len_bytes() == 0).any()).collect().row(0)
        blank = [name for name, found in zip(self.present, empty, strict=True) if found]
        renamed = [pl.col(name).replace(words) for name, words in self.renames.items() if name in self.present]
        return texts.lazy().with_columns(pl.col(blank).replace("", None)).with_columns(renamed).collect()

    def _times(self, texts: pl.Series, column: Column) -> tuple[pl.Series, bool]:
        # A date is the same date wherever it was written down.
        if column.kind == "date":
            return utc_times(texts, zone="UTC", layout=self.times)[0].alias(_value(column)).dt.date(), False
        times, naive = utc_times(texts, zone=self.zone, layout=self.times)
        return times.alias(_value(column)), naive

    def _rules(self, column: Column) -> Iterator[Rule]:
        name, text, value = column.name, pl.col(column.name), pl.col(_value(column))
        if column.required:
            yield Rule(name, text.is_null(), pl.lit(f"{name} is missing"))
        yield Rule(name, text.str.len_bytes() > LONGEST_FIELD, pl.lit(TOO_LONG))
        if column.kind != "text":
            where = f" that exists in {self.zone}" if column.kind == "timestamp" and self.zone != "UTC" else ""
            unread = text.is_not_null() & value.is_null()
            expected = f"a time such as {self.times}" if self.times and _is_time(column) else EXPECTED[column.kind]
            yield Rule(name, unread, pl.lit(f"{name} is not {expected}{where}"))
        if column.past:
            yield Rule(name, value > self.now, pl.lit(f"{name} lies in the future"))
        if self.forgotten and name == DATED.get(self.table.name):
            yield Rule(name, value < self.forgotten, pl.lit(f"{name} is before {self.forgotten}, {FORGOTTEN}"))
            undated = f"{name} is missing, so it may be before {self.forgotten}, {FORGOTTEN}"
            yield Rule(name, text.is_null(), pl.lit(undated))
        if name in RANGES:
            fails, reason = RANGES[name]
            yield Rule(name, fails(value), pl.lit(f"{name} is {reason}"))
        if self.labels and name in LABEL_COLUMNS.get(self.table.name, ()):
            yield self._known_label(name)
        if self.contested and name == "team":
            why = pl.col("reviewer_id").replace_strict(self.contested, default=None, return_dtype=pl.String)
            yield Rule(name, text.is_not_null() & why.is_not_null(), why)

    def _known_label(self, name: str) -> Rule:
        text = pl.col(name)
        known = ", ".join(self.labels[:LISTED_LABELS]) + (", …" if len(self.labels) > LISTED_LABELS else "")
        reason = pl.concat_str(
            pl.lit("unknown label '"), text.str.slice(0, LISTED_LENGTH), pl.lit(f"'; known: {known}")
        )
        return Rule(name, text.is_not_null() & ~text.is_in(self.labels), reason)


def _faults(rows: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """What is wrong with rows of which something is: the first rule that each of them breaks."""
    names = (pl.when(rule.fails).then(pl.lit(rule.column)) for rule in rules)
    reasons = (pl.when(rule.fails).then(rule.reason) for rule in rules)
    return rows.select(
        pl.col("row").cast(pl.Int64), pl.coalesce(names).alias("column_name"), pl.coalesce(reasons).alias("reason")
    )


def _is_time(column: Column) -> bool:
    return column.kind in {"timestamp", "date"}


def _value(column: Column) -> str:
    """Where the typed value of a column stands beside its text."""
    return column.name if column.kind == "text" else f"{column.name}, read"


def _typed(column: Column) -> pl.Expr:
    text = pl.col(column.name)
    value = text
    match column.kind:
        case "number":
            number = text.cast(pl.Float64, strict=False)
            value = pl.when(number.is_finite()).then(number).otherwise(None)
        case "integer":
            value = text.cast(pl.Int64, strict=False)
        case "flag":
            value = text.str.to_lowercase().replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)
    return value.alias(_value(column))
