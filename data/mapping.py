"""How a log's columns become ours: a TOML file, `ours=theirs` pairs, or the contract's own names."""

import json
import re
import tomllib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from data.errors import LogError

BUNDLED = Path(__file__).parent / "mappings"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a log format calls things, and how its records become rows.

    `columns`: ours → theirs; the contract's own names need no entry. Theirs is a column, or a path into a nested record
    (`annotations.completed_by.id`); `a | b` is the first of them that has a value, and may have none in an optional
    column. `zone`: where naive times were taken; `None` means UTC. `times`: how times are written, in the letters of
    strptime; `None` means ISO 8601. `values`: for a column of ours, what the log writes → what we write. `encoding`
    and `delimiter` of text files. `each`: the lists of a record that make a row of every element, side by side.
    `raters`: patterns of columns that make a row of every filled cell; it is `@cell`, and its column `@column`.
    `skip`: for a path, the values of rows that are no decisions; they go to the quarantine and say so.
    """

    columns: dict[str, str] = field(default_factory=dict)
    zone: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    times: str | None = None
    each: tuple[str, ...] = ()
    raters: tuple[str, ...] = ()
    skip: dict[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""

    @property
    def theirs(self) -> tuple[str, ...]:
        """What the columns are taken from."""
        return tuple(self.columns.values())

    @property
    def reshapes(self) -> bool:
        """Whether a record may be another number of rows than one."""
        return bool(self.each or self.raters or self.skip)


def bundled_mappings() -> tuple[str, ...]:
    """The names of the log formats that come with Evenhand."""
    return tuple(sorted(path.stem for path in BUNDLED.glob("*.toml")))


def read_mapping(name_or_path: str | Path) -> Mapping:
    """A mapping by the name of a bundled one, or from a TOML file."""
    path = BUNDLED / f"{name_or_path}.toml"
    if not path.is_file():
        path = Path(name_or_path)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError):
        names = ", ".join(bundled_mappings())
        raise LogError(f"No mapping {str(name_or_path)!r}: name a TOML file or one of {names}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LogError(f"{path} is not valid TOML: {error}.") from None
    return _checked(found, path)


def _checked(found: dict[str, Any], path: Path) -> Mapping:
    known = [each.name for each in fields(Mapping) if each.name != "name"]
    if unknown := sorted(set(found) - set(known)):
        raise LogError(f"{path} has the unknown entry {unknown[0]!r}; a mapping has {', '.join(known)}.")
    tables: list[Any] = [found.get("columns", {}), *_values(found.get("values", {}), path)]
    for table in tables:
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise LogError(f'{path}: [columns] and [values.…] hold lines like  ours = "theirs"  with texts in quotes.')
    for text in ("zone", "encoding", "delimiter", "times"):
        if not isinstance(found.get(text, ""), str):
            raise LogError(f"{path}: {text} is a text in quotes, not {found[text]!r}.")
    lists: dict[str, Any] = {name: _texts(found[name], name, path) for name in ("each", "raters") if name in found}
    lists["skip"] = {name: _texts(words, "skip", path) for name, words in _table(found, "skip", path).items()}
    return check_formats(Mapping(**(found | lists), name=path.stem))


def _table(found: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    table = found.get(name, {})
    if not isinstance(table, dict):
        raise LogError(f"{path}: {name} is a table, as [{name}].")
    return table


def _texts(given: object, name: str, path: Path) -> tuple[str, ...]:
    texts = given if isinstance(given, list) else [given]
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise LogError(f'{path}: {name} names one text in quotes, or several as ["…", "…"].')
    return tuple(texts)


def _values(values: object, path: Path) -> list[object]:
    if not isinstance(values, dict):
        raise LogError(f"{path}: values are given per column, as [values.label].")
    return list(values.values())


def check_formats(mapping: Mapping) -> Mapping:
    """The mapping itself, when its zone, encoding and delimiter exist."""
    if mapping.zone is not None:
        try:
            zoneinfo.ZoneInfo(mapping.zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise LogError(f"Unknown time zone {mapping.zone!r}: write one like Europe/Berlin or UTC.") from None
    try:
        "".encode(mapping.encoding)
    except LookupError:
        raise LogError(f"Unknown encoding {mapping.encoding!r}: write one like latin-1 or utf-16.") from None
    if mapping.delimiter is not None and (len(mapping.delimiter) != 1 or mapping.delimiter in '"\r\n'):
        raise LogError(f"The delimiter {mapping.delimiter!r} is not one plain character.")
    return mapping


def with_pairs(mapping: Mapping, pairs: Sequence[str]) -> Mapping:
    """The mapping with `ours=theirs` pairs added; a pair wins over the file."""
    columns = dict(mapping.columns)
    for pair in pairs:
        ours, sign, theirs = pair.partition("=")
        if not sign or not ours.strip() or not theirs.strip():
            raise LogError(f"--map {pair!r} is not of the form ours=theirs, such as --map item_id=content_id.")
        columns[ours.strip()] = theirs.strip()
    return replace(mapping, columns=columns)


def mapping_text(mapping: Mapping) -> str:
    """A mapping as the TOML that reads as it again."""
    plain = {"zone": mapping.zone, "times": mapping.times, "delimiter": mapping.delimiter}
    tops: dict[str, Any] = {name: text for name, text in plain.items() if text is not None}
    tops |= {"encoding": mapping.encoding} if mapping.encoding != "utf-8" else {}
    tops |= {name: list(texts) for name, texts in (("each", mapping.each), ("raters", mapping.raters)) if texts}
    tables: dict[str, dict[str, Any]] = {
        "columns": mapping.columns,
        **{f"values.{_key(ours)}": words for ours, words in mapping.values.items()},
    }
    tables |= {"skip": {path: list(words) for path, words in mapping.skip.items()}}
    blocks = [_lines(tops), *(f"[{name}]\n{_lines(table)}" for name, table in tables.items() if table)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _lines(table: dict[str, Any]) -> str:
    # Texts and lists of texts are written alike in JSON and in TOML.
    return "\n".join(f"{_key(name)} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)
