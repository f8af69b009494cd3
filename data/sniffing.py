"""How an undescribed file may be written and laid out: its encoding, its delimiter, and the shapes of its records."""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from data.entries import Entry
from data.mapping import Mapping
from data.paths import list_at, text_at
from data.profiling import Profile
from data.records import header
from data.source import Source

SIGNS = (",", ";", "\t", "|")
LINES = 200
# Columns without a common name are raters only when there are so many, and when they share most of their values.
RATERS, SHARED = 3, 0.5
# What the names of raters' columns differ in: rater1, rater_b, rater-ana.
_NUMBER = re.compile(r"[_\-. ]?(\d+|[A-Za-z])$|[_\-. ][^_\-. ]+$")


def text_format(source: Source) -> Mapping:
    """The encoding and delimiter of a text file, where they are not the usual ones."""
    if source.format in {"parquet", "jsonl"}:
        return Mapping()
    encoding = _encoding(source)
    usual = "\t" if source.format == "tsv" else ","
    with source.open_text(encoding, errors="replace") as text:
        lines = list(islice(text, LINES))
    widths = {sign: len(header(lines, delimiter=sign)[0]) for sign in SIGNS}
    widest = max(SIGNS, key=lambda sign: (widths[sign], sign == usual))
    return Mapping(encoding=encoding, delimiter=None if widest == usual or widths[widest] < len("ab") else widest)


def _encoding(source: Source) -> str:
    with source.open_bytes() as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
    try:
        with source.open_text("utf-8") as text:
            for _ in islice(text, 100 * LINES):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def wide_shapes(found: Sequence[Entry], flat: Sequence[Profile], base: Mapping) -> Iterator[Mapping]:
    """The shape in which columns that hold the same few values are raters; none when there are no such columns."""
    names = [each.name for each in flat if each.is_category and each.times is None and each.name in found[0].content]
    values = {name: {text_at(entry.content, name) for entry in found} - {None} for name in names}
    groups: dict[str, list[str]] = {}
    for name in values:
        groups.setdefault(_NUMBER.sub("", name), []).append(name)
    repeated = [each.name for each in flat if each.name in values and each.distinct <= each.filled / 2]
    for stem, group in [*groups.items(), ("", repeated)]:
        together = set[str | None]().union(*(values[name] for name in group))
        alike = sum(len(values[name]) >= SHARED * len(together) for name in group)
        # Without a common name, all must be alike.
        if len(group) >= (2 if stem else RATERS) and alike >= (SHARED if stem else 1) * len(group):
            yield replace(base, raters=tuple(group))


def list_shapes(found: Sequence[Entry], base: Mapping) -> Iterator[Mapping]:
    """The shapes in which every element of a list is a row: a list of objects, or several plain lists side by side."""
    names = dict.fromkeys(name for entry in found for name, value in entry.content.items() if isinstance(value, list))
    plain = []
    for name in names:
        elements = [element for entry in found for element in list_at(entry.content, name)]
        if elements and all(isinstance(element, dict) for element in elements):
            yield replace(base, each=(name,))
        elif elements:
            plain.append(name)
    stems = dict.fromkeys(name for name in plain for other in plain if other.startswith(name + "."))
    for stem in stems:
        together = tuple(name for name in plain if name == stem or name.startswith(stem + "."))
        if all(len({len(list_at(entry.content, name)) for name in together}) == 1 for entry in found):
            yield replace(base, each=together)
