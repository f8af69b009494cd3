"""A mapping proposed for a file that nobody has described: its table, its shape, and what feeds which column."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.contract import TABLES
from data.entries import Entry, entries
from data.errors import LogError
from data.likeness import Likeness, likeness
from data.mapping import Mapping, bundled_mappings, read_mapping
from data.matching import resolve
from data.paths import text_at
from data.profiling import Profile, profile
from data.shaping import contents, rows, shape_of
from data.sniffing import list_shapes, text_format, wide_shapes
from data.source import Source, find_sources

# So many records are looked at.
LOOKED_AT = 1_000
# How deep names of nested values are looked for.
DEPTH = 4
# A bundled mapping fits when so many rows have all that they need.
FITS = 0.8


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file seems to be.

    `like`: the table and what feeds it. `mapping`: that, as a mapping. `bundled`: the name of a bundled mapping that
    does as well or better. `unused`: raw columns that feed nothing. `looked_at`: how many records the guess rests on.
    """

    source: Source
    like: Likeness
    mapping: Mapping
    bundled: str
    unused: tuple[str, ...]
    looked_at: int

    @property
    def naive_times(self) -> tuple[str, ...]:
        """The raw columns whose times have no offset, and no bundled mapping says where their clock was."""
        if self.bundled and read_mapping(self.bundled).zone:
            return ()
        return tuple(fed.theirs.name for fed in self.like.fed if fed.theirs.naive)

    @property
    def needs_mapping(self) -> bool:
        """Whether the contract's own reading of the file does not do."""
        return bool(self.like.missing) or self.mapping != Mapping(columns={fed.ours: fed.ours for fed in self.like.fed})


def guess(file: str | Path) -> Guess:
    """What a file seems to be; `LogError` when nothing in it looks like a table of the contract."""
    sources = find_sources([file])
    if len(sources) > 1:
        raise LogError(f"{file} means {len(sources)} files: guess from one of them, the others load with its mapping.")
    source = sources[0]
    try:
        base = text_format(source)
        found, faults = _first_entries(source, base)
    except OSError as error:
        raise LogError(f"{source.name} is cut short or damaged ({error}). Copy or export it again.") from None
    if not found:
        raise LogError(f"{source.name} holds no record to guess from{faults}.")
    like, mapping, unused = max(_readings(found, base, source), key=lambda reading: reading[0].score)
    if len(like.missing) == len(like.table.required):
        names = ", ".join(repr(name) for name in unused)
        raise LogError(f"{source.name} looks like no table of the contract: none of its columns ({names}) fits one.")
    return Guess(source, like, mapping, _bundled(found, mapping, like, source), unused, len(found))


def _first_entries(source: Source, base: Mapping) -> tuple[list[Entry], str]:
    delimiter = base.delimiter or ("\t" if source.format == "tsv" else ",")
    read = entries(source, base.encoding, delimiter=delimiter)
    looked_at = list(itertools.islice(read, LOOKED_AT))
    faults = {entry.fault for entry in looked_at if entry.fault}
    return [entry for entry in looked_at if not entry.fault], f": {min(faults)}" if faults else ""


def _readings(found: list[Entry], base: Mapping, source: Source) -> Iterator[tuple[Likeness, Mapping, tuple[str, ...]]]:
    """Every shape that the records may have, as every table: the likeness, its mapping, and what it leaves unused."""
    stem = Path(source.path.name.split(".")[0]).name
    flat = _profiles(found, base, source)
    for shaped in (base, *wide_shapes(found, flat, base), *list_shapes(found, base)):
        profiles = flat if shaped == base else _profiles(found, shaped, source)
        for table in TABLES.values():
            like = likeness(table, profiles, stem=stem, inner=shaped.each)
            if shaped.raters and not {"@column", "@cell"} <= {fed.theirs.name for fed in like.fed}:
                continue
            times = {fed.theirs.times for fed in like.fed if fed.theirs.times}
            columns = {fed.ours: fed.theirs.name for fed in like.fed}
            mapping = replace(shaped, columns=columns, times=min(times) if times else None)
            unused = tuple(each.name for each in profiles if each.name not in columns.values())
            yield like, mapping, unused


def _profiles(found: list[Entry], shaped: Mapping, source: Source) -> list[Profile]:
    """The profiles of everything that rows of a shape have, nested values under their paths."""
    shape, _ = shape_of(iter(found), shaped, file=source.name)
    held = [content for entry in found for _, content in contents(entry, shape)]
    names = dict.fromkeys(name for content in held for name in _names(content, shaped.each))
    return [profile(name, [text_at(content, name) for content in held]) for name in names]


def _names(content: dict[str, Any], each: Sequence[str], prefix: str = "", depth: int = DEPTH) -> Iterator[str]:
    for key, value in content.items():
        name = prefix + key
        inside = value
        if isinstance(value, list) and value and (prefix or name in each):
            inside = next((element for element in value if isinstance(element, dict)), value)
        if isinstance(inside, dict) and depth:
            yield from _names(inside, each, f"{name}.", depth - 1)
        elif not (isinstance(value, list) and value and isinstance(value[0], dict)):
            yield name


def _bundled(found: list[Entry], guessed: Mapping, like: Likeness, source: Source) -> str:
    """The bundled mapping that fits best, if it fills as many columns as the guess or knows what is no decision."""
    if like.table.name != "reviews" or (guessed.delimiter, guessed.encoding) != (None, "utf-8"):
        return ""
    mappings = [each for each in map(read_mapping, bundled_mappings()) if bool(each.raters) == bool(guessed.raters)]
    fitting = [(filled, each.name) for each in mappings if (filled := _filled(found, each, source))]
    known = [(filled, name) for filled, name in fitting if (said := read_mapping(name)).each or said.skip]
    filled, name = max(known or fitting, default=(0, ""))
    return name if known or filled >= len(like.fed) else ""


def _filled(found: list[Entry], mapping: Mapping, source: Source) -> int:
    """How many columns a bundled mapping fills; 0 when it does not fit."""
    reviews = TABLES["reviews"]
    try:
        shape, names = shape_of(iter(found), mapping, file=source.name)
        columns = resolve(mapping, reviews, names, file=source.name)
    except LogError:
        return 0
    records = [record for entry in found for record in rows(entry, names, shape) if not record.fault]
    places = [names.index(columns[ours]) for ours in reviews.required]
    whole = sum(all(record.values[place] for place in places) for record in records)
    return len(columns) if records and whole >= FITS * len(records) else 0
