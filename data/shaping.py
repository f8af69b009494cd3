"""Nested and wide records to flat rows, as a mapping says: its paths, lists, raters and what it leaves out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, overload

from data.entries import Entry
from data.errors import LogError
from data.mapping import Mapping as LogMapping
from data.matching import alternatives
from data.paths import has_path, list_at, plain_text, text_at
from data.records import Record, json_text

# What the column and the cell of a wide table are called in a mapping.
COLUMN, CELL = "@column", "@cell"
# So many records are looked at for columns that a mapping leaves unused.
LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How records become rows.

    `each`: the lists of which every element is a row. `raters`: patterns of the columns of which every filled cell is
    one, but for those `taken` otherwise. `skip`: for a path, the values of rows that are no decisions.
    """

    each: tuple[str, ...]
    raters: tuple[str, ...]
    taken: frozenset[str]
    skip: Mapping[str, Sequence[str]]

    def is_rater(self, name: str) -> bool:
        """Whether a column holds what one rater said."""
        return _is_rater(name, self.raters, self.taken)


@cache
def _is_rater(name: str, patterns: tuple[str, ...], taken: frozenset[str]) -> bool:
    return name not in taken and any(fnmatchcase(name, pattern) for pattern in patterns)


class _Values(Sequence[str | None]):
    """The texts of a row under the names of its file, each looked up when it is asked for."""

    def __init__(self, content: dict[str, Any], names: Sequence[str]) -> None:
        self.content = content
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> list[str | None]: ...
    def __getitem__(self, place: int | slice) -> str | list[str | None] | None:
        if isinstance(place, slice):
            return [text_at(self.content, name) for name in self.names[place]]
        return text_at(self.content, self.names[place])


def shape_of(found: Iterable[Entry], mapping: LogMapping, *, file: str) -> tuple[Shape, tuple[str, ...]]:
    """The shape of a file, and what its rows have: the mapping's entries that are there, then what it leaves unused."""
    used = [path for theirs in (*mapping.theirs, *mapping.skip) for path in alternatives(theirs)]
    shape = Shape(mapping.each, mapping.raters, frozenset(used), mapping.skip)
    sought, there = dict.fromkeys(mapping.theirs), dict[str, None]()
    keys, none = dict[str, None](), True
    for entry in found:
        for _, content in contents(entry, shape):
            none = False
            there |= {theirs: None for theirs in sought if theirs not in there and has_path(content, theirs)}
            keys |= dict.fromkeys(_keys(content, shape))
        if len(there) == len(sought) and entry.line > LOOKED_AT:
            break
    if none:
        raise LogError(f"{file} gives no row: {_why_empty(shape)}.")
    unused = [key for key in keys if not any(path == key or path.startswith(key + ".") for path in used)]
    return shape, (*(theirs for theirs in sought if theirs in there), *unused)


def _why_empty(shape: Shape) -> str:
    if shape.raters:
        return f"no filled column is called {' or '.join(shape.raters)}, the raters of the mapping"
    if shape.each:
        return f"nothing stands in {' or '.join(shape.each)}, which the mapping takes one by one"
    return "it holds no JSON object. Write one object a line, or one array of objects"


def _keys(content: dict[str, Any], shape: Shape) -> Iterator[str]:
    """The names under which a row's values stand, those of a list's element with the list's name before them."""
    for name, value in content.items():
        if name in shape.each and isinstance(value, dict):
            yield from (f"{name}.{key}" for key in value)
        elif name not in {*shape.each, COLUMN, CELL}:
            yield name


def rows(entry: Entry, names: Sequence[str], shape: Shape) -> Iterator[Record]:
    """The rows of a record, at least one: a record that gives none is at fault."""
    none = True
    for raw, content in contents(entry, shape):
        none = False
        yield Record(entry.line, raw, _Values(content, names), _left_out(content, shape))
    if none:
        yield Record(entry.line, entry.raw, [], entry.fault or _why_none(entry, shape))


def _why_none(entry: Entry, shape: Shape) -> str:
    if len({len(list_at(entry.content, path)) for path in shape.each}) > 1:
        return f"{', '.join(shape.each)} are lists of different lengths"
    return f"nothing in {', '.join(shape.each or shape.raters)}: no decision"


def _left_out(content: dict[str, Any], shape: Shape) -> str:
    for path, words in shape.skip.items():
        if (text := text_at(content, path)) in words:
            return f"left out by the mapping: {path} is {text}"
    return ""


def contents(entry: Entry, shape: Shape) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a record, each with its text: what the record holds, in which an element stands for its list."""
    if entry.fault:
        return
    for raw, content in _elements(entry, shape):
        if not shape.raters:
            yield raw, content
            continue
        shared = {name: value for name, value in content.items() if not shape.is_rater(name)}
        for name, cell in content.items():
            if shape.is_rater(name) and plain_text(cell):
                yield f"{name}: {raw}", {**shared, COLUMN: name, CELL: cell}


def _elements(entry: Entry, shape: Shape) -> Iterator[tuple[str, dict[str, Any]]]:
    if not shape.each:
        yield entry.raw, entry.content
        return
    lists = [list_at(entry.content, path) for path in shape.each]
    if len({len(each) for each in lists}) > 1:
        return
    for place, values in enumerate(zip(*lists, strict=True)):
        chosen = dict(zip(shape.each, values, strict=True))
        yield f"{place}: {json_text(chosen)}", {**entry.content, **chosen}
