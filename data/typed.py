"""Parquet whose columns have the contract's types: its sound rows land as they are, without a detour over text.

The rules are those of `cleaning`, in SQL and on the safe side: a row that may break one, or whose texts have white
space around them, is doubted. Doubted rows take the careful way through `cleaning`, which alone says what is wrong.
"""

# ruff: noqa: S608 - names and paths are quoted

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from data.cleaning import DATED, OUTCOMES, Cleaner
from data.contract import LABEL_COLUMNS, Column, Kind
from data.layout import Layout, parquet_of
from data.parsing import ROW, parquet_value
from data.records import LONGEST_FIELD
from data.schema import literal, number, quoted

ROWS_AT_ONCE = 5_000_000
"""How many rows are read between two words of progress."""

# What Polars strips from texts: all that Unicode calls white space.
_SPACES = "".join(map(chr, (*range(9, 14), 32, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)))
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_ZONED = "TIMESTAMP WITH TIME ZONE"
# Texts lose what is smaller than a microsecond; DuckDB's cast would round it.
_NANOSECONDS = "make_timestamp((epoch_ns({0}) - if(epoch_ns({0}) < 0, 999, 0)) // 1000)"
# For a kind of ours, the types of theirs that need no reading, and what makes them ours.
_VALUES: dict[Kind, dict[str, str]] = {
    "text": {"VARCHAR": "{0}", **dict.fromkeys((*_INTEGERS, "UUID"), "({0}::varchar)")},
    "timestamp": {
        _ZONED: "make_timestamp(epoch_us({0}))",
        "TIMESTAMP": "{0}",
        "TIMESTAMP_NS": _NANOSECONDS,
        "DATE": "try_cast({0} as timestamp)",
    },
    "date": {"DATE": "{0}"},
    # A FLOAT means the number that it is written as, not the nearest one that a DOUBLE can hold.
    "number": {"DOUBLE": "{0}", "FLOAT": "{0}::varchar::double", **dict.fromkeys(_INTEGERS, "{0}::double")},
    "integer": dict.fromkeys(_INTEGERS, "{0}::bigint"),
    "flag": {"BOOLEAN": "{0}"},
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The rows of a file as SQL: the `values` of our columns, and the condition under which a row is `sound`.

    `rows` counts all of them, `unnamed` the sound reviews without an id; `naive`: whether a time had no offset.
    """

    source: str
    values: Mapping[str, str]
    sound: str
    rows: int
    unnamed: int
    naive: bool

    @property
    def doubted(self) -> str:
        """The condition under which a row needs the careful way."""
        return f"({self.sound}) is not true"

    def pieces(self, place: int) -> Iterator[str]:
        """The sound rows with their `sequence`, which counts on from a place, in pieces to land one after the other."""
        wanted = ", ".join(f"{value} as {quoted(name)}" for name, value in self.values.items())
        for first in range(0, self.rows, ROWS_AT_ONCE):
            yield (
                f"select {wanted}, {ROW} + {place + 1} as sequence from {self.source} "
                f"where {ROW} between {first} and {first + ROWS_AT_ONCE - 1} and {self.sound}"
            )


def typed_rows(
    connection: duckdb.DuckDBPyConnection, layout: Layout, columns: Mapping[str, str], cleaner: Cleaner
) -> Typed | None:
    """The rows of a Parquet file; None where a column (ours → theirs), or what the mapping says of it, needs texts."""
    source = parquet_of(layout.source)
    raw = {name: parquet_value(layout, theirs) for name, theirs in columns.items()}
    described = connection.execute(f"describe select {', '.join(raw.values())} from {source}").fetchall()
    types = dict(zip(columns, (kind for _, kind, *_ in described), strict=True))
    ours = {name: cleaner.table.column(name) for name in columns}
    made = {name: _made(cleaner, column, types[name]) for name, column in ours.items()}
    if cleaner.contested or ROW in layout.names or None in made.values():
        return None
    texts = {name: str(made[name]).format(value) for name, value in raw.items()}
    sound = " and ".join(f"({rule}) is not false" for name in ours for rule in _rules(cleaner, ours[name], texts[name]))
    naive = [raw[name] for name, column in ours.items() if column.kind == "timestamp" and types[name] != _ZONED]
    unnamed = (
        f"coalesce({texts['review_id']}, '') = ''" if "review_id" in texts else str(cleaner.table.name == "reviews")
    )
    return Typed(
        source,
        {name: _value(cleaner, ours[name], text) for name, text in texts.items()},
        sound,
        rows=number(connection, f"select count(*) from {source}"),
        unnamed=number(connection, f"select count(*) from {source} where {unnamed} and {sound}"),
        naive=any(number(connection, f"select count({each}) from {source}") for each in naive),
    )


def _made(cleaner: Cleaner, column: Column, theirs: str) -> str | None:
    """What makes values of their type ours; None where they must be read from texts."""
    is_time = column.kind in {"timestamp", "date"}
    renamed = column.kind != "text" and column.name in cleaner.renames
    elsewhere = column.kind == "timestamp" and theirs != _ZONED and cleaner.zone != "UTC"
    if renamed or elsewhere or (is_time and cleaner.times):
        return None
    return _VALUES[column.kind].get(theirs)


def _value(cleaner: Cleaner, column: Column, made: str) -> str:
    if column.kind != "text":
        return made
    words = cleaner.renames.get(column.name, {})
    cases = " ".join(f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in words.items())
    return f"case {made} when '' then null {cases} else {made} end" if words else f"nullif({made}, '')"


def _rules(cleaner: Cleaner, column: Column, made: str) -> Iterator[str]:
    """Conditions that hold for sound values, or are null where there is none."""
    name = column.name
    if column.required:
        yield f"{made} is not null"
    if column.kind == "text":
        yield from _text_rules(column, made)
    if column.kind in {"timestamp", "date"}:
        # The years that are written with four digits.
        until = cleaner.now if column.past else "9999-12-31"
        yield f"{made} between '1000-01-01' and '{until}'"
    if cleaner.forgotten and name == DATED.get(cleaner.table.name):
        yield f"{made} is not null and {made} >= '{cleaner.forgotten}'"
    if column.kind == "number":
        yield f"isfinite({made})"
    if name in {"score", "confidence"}:
        yield f"{made} between 0 and 1"
    if name == "inclusion_probability":
        yield f"{made} > 0 and {made} <= 1"
    if name == "outcome":
        yield f"{_value(cleaner, column, made)} in ({', '.join(map(literal, OUTCOMES))})"
    if cleaner.labels and name in LABEL_COLUMNS.get(cleaner.table.name, ()):
        yield f"{_value(cleaner, column, made)} in ({', '.join(map(literal, cleaner.labels))})"


def _text_rules(column: Column, made: str) -> Iterator[str]:
    if column.required:
        yield f"{made} <> ''"
    yield f"strlen({made}) <= {LONGEST_FIELD}"
    # Looking at both ends is several times faster than trimming, but cannot tell all that is not ASCII.
    visible = f"{made} between '!' and '~' and {made}[-1] between '!' and '~'"
    yield f"case when {visible} then true else trim({made}, {literal(_SPACES)}) = {made} end"
