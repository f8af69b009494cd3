"""How a log's columns become ours: a TOML file, `ours=theirs` pairs, or the contract's own names."""

import difflib
import json
import tomllib
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from data.contract import Table
from data.errors import LogError

BUNDLED = Path(__file__).parent / "mappings"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a log format calls things.

    `columns`: ours → theirs; the contract's own names need no entry. `zone`: where naive times were taken; `None` means
    UTC. `values`: for a column of ours, what the log writes → what we write. `encoding` and `delimiter` of text files.
    """

    columns: dict[str, str] = field(default_factory=dict)
    zone: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    name: str = ""


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
    for text in ("zone", "encoding", "delimiter"):
        if not isinstance(found.get(text, ""), str):
            raise LogError(f"{path}: {text} is a text in quotes, not {found[text]!r}.")
    return check_formats(Mapping(**found, name=path.stem))


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


def resolve(mapping: Mapping, table: Table, names: Sequence[str], *, file: str) -> dict[str, str]:
    """Which raw column feeds which of ours, in the contract's order; `LogError` when that cannot work."""
    _check_names(mapping, table, names, file)
    chosen = {ours: mapping.columns.get(ours, ours) for ours in table.names}
    found = {ours: theirs for ours, theirs in chosen.items() if theirs in names}
    if missing := [ours for ours in table.required if ours not in found]:
        raise LogError(_missing_message(missing, table, names, file, free=set(names) - set(found.values())))
    return found


def _check_names(mapping: Mapping, table: Table, names: Sequence[str], file: str) -> None:
    named = [name for name in names if name]
    if repeated := sorted({name for name in named if named.count(name) > 1}):
        raise LogError(f"{file} has the column {repeated[0]!r} more than once. Rename or remove one of them.")
    for ours in (*mapping.columns, *mapping.values):
        if ours not in table.names:
            near = _closest(ours, table.names)
            raise LogError(
                f"The mapping names {ours!r}, which {table.name} does not have{near}. "
                f"Its columns are {', '.join(table.names)}."
            )
    for ours, theirs in mapping.columns.items():
        if theirs not in names:
            near = _closest(theirs, names)
            raise LogError(
                f"The mapping takes {ours} from {theirs!r}, which {file} does not have{near}. It has {_listed(names)}."
            )


def _missing_message(missing: list[str], table: Table, names: Sequence[str], file: str, *, free: set[str]) -> str:
    several = "columns" if len(missing) > 1 else "column"
    candidates = sorted(free)
    suggestions = [
        f"--map {ours}={near[0] if (near := difflib.get_close_matches(ours, candidates, n=1, cutoff=0.5)) else '…'}"
        for ours in missing
    ]
    message = (
        f"{file} lacks the required {several} {', '.join(missing)} of {table.name}. It has {_listed(names)}. "
        f"If one of these is meant, write {' '.join(suggestions)}"
    )
    if len(names) == 1 and (used := [sign for sign in (";", "\t", "|", ",") if sign in names[0]]):
        sign = json.dumps(used[0])
        return f"{message}. Or does it separate values by {sign}? Then put  delimiter = {sign}  in a mapping."
    return message + "."


def _closest(name: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f" (closest: {near[0]!r})" if near else ""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names) if names else "no columns at all"
