"""Which column of a file feeds which of ours, and what to say when that cannot work."""

import difflib
import json
from collections.abc import Sequence

from data.contract import Table
from data.errors import LogError
from data.mapping import Mapping


def alternatives(theirs: str) -> tuple[str, ...]:
    """The columns or paths of an entry such as `a | b`."""
    return tuple(filter(None, (each.strip() for each in theirs.split("|"))))


def chosen_name(theirs: str, names: Sequence[str]) -> str | None:
    """The column that an entry means; None when one has to look into the records to know."""
    if theirs in names:
        return theirs
    there = [each for each in alternatives(theirs) if each in names]
    if len(there) > 1 or any("." in each and each not in names for each in alternatives(theirs)):
        return None
    return there[0] if there else theirs


def resolve(mapping: Mapping, table: Table, names: Sequence[str], *, file: str) -> dict[str, str]:
    """Which raw column feeds which of ours, in the contract's order; `LogError` when that cannot work."""
    _check_names(mapping, table, names, file)
    chosen = {ours: chosen_name(mapping.columns.get(ours, ours), names) for ours in table.names}
    found = {ours: theirs for ours, theirs in chosen.items() if theirs is not None and theirs in names}
    if missing := [ours for ours in table.required if ours not in found]:
        raise LogError(_missing_message(missing, table, names, file, free=set(names) - set(found.values())))
    return found


def _check_names(mapping: Mapping, table: Table, names: Sequence[str], file: str) -> None:
    check_unique(names, file)
    for ours in (*mapping.columns, *mapping.values):
        if ours not in table.names:
            near = _closest(ours, table.names)
            raise LogError(
                f"The mapping names {ours!r}, which {table.name} does not have{near}. "
                f"Its columns are {', '.join(table.names)}."
            )
    for ours, theirs in mapping.columns.items():
        # Where there are alternatives, an optional column may have none of them.
        if chosen_name(theirs, names) not in names and ("|" not in theirs or ours in table.required):
            near = _closest(theirs, names)
            raise LogError(
                f"The mapping takes {ours} from {theirs!r}, which {file} does not have{near}. It has {_listed(names)}."
            )


def check_unique(names: Sequence[str], file: str) -> None:
    """`LogError` when a file has a column more than once."""
    named = [name for name in names if name]
    if repeated := sorted({name for name in named if named.count(name) > 1}):
        raise LogError(f"{file} has the column {repeated[0]!r} more than once. Rename or remove one of them.")


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
