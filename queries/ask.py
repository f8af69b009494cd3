"""Questions put to an engine: a file of SQL, the scope it reads, and the reader's filters as its only parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from data.engine import Engine
from data.errors import LogError
from queries.checking import doubted
from queries.filters import DIMENSIONS, Filters, Repeats

_FOLDER = Path(__file__).parent
STEPS = ("newest_scores", "dimensions", "scope", "judged")
"""The files that are no questions but what questions read, in this order."""

_SLOTS = ("by_1", "by_2", "by_3")
_SCOPE_FREE = (
    "taxonomy",
    "costs",
    "dimension_values",
    "loads",
    "quarantine_reasons",
    "quarantined",
)
"""Questions about the whole log: they read the tables and not the scope."""

_OWN_REPEATS: dict[str, Repeats] = {"self_pairs": "all", "reviewer_pairs": "last"}
"""What a reviewer said again is all that self-agreement counts, and two reviewers meet once on an item."""


@cache
def source(name: str) -> str:
    """The text of one query file."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def names() -> list[str]:
    """Every question that can be asked."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in STEPS)


def statement(name: str, by: Sequence[str] = (), *, without: Sequence[str] = ()) -> str:
    """The whole SQL of a question, cut by up to three dimensions, as the engine runs it and as Methods shows it.

    Reviews that one of the checks of `without` doubts are left out.
    """
    if name in _SCOPE_FREE:
        return source(name)
    _check(by)
    columns = [DIMENSIONS[dimension] for dimension in by] + ["cast(null as varchar)"] * (len(_SLOTS) - len(by))
    slices = ",\n    ".join(f"{column} as {slot}" for column, slot in zip(columns, _SLOTS, strict=True))
    kept = f"where review_id not in (\n{doubted(without)}\n)\n" if without else ""
    return (
        f"with newest_scores as (\n{source('newest_scores')}),\n\n"
        f"dimensions as (\n{source('dimensions')}),\n\n"
        f"sliced as (\nselect\n    *,\n    {slices}\nfrom dimensions\n{kept}),\n\n"
        f"scope as (\n{source('scope')}),\n\n"
        f"judged as (\n{source('judged')})\n\n"
        f"select * from (\n{source(name)}) as answer\n"
    )


def ask(
    engine: Engine,
    name: str,
    filters: Filters,
    *,
    by: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
) -> pl.DataFrame:
    """The counts that answer a question, with one leading column per dimension of `by`."""
    filters = replace(filters, repeats=_OWN_REPEATS.get(name, filters.repeats))
    counts = engine.fetch(statement(name, by, without=filters.without), {**filters.parameters(), **(parameters or {})})
    if _SLOTS[0] not in counts.columns:
        return counts
    return counts.rename(dict(zip(_SLOTS, by, strict=False))).drop(_SLOTS[len(by) :])


def _check(by: Sequence[str]) -> None:
    unknown = [dimension for dimension in by if dimension not in DIMENSIONS]
    if unknown:
        raise LogError(f"cannot cut by {unknown[0]!r}; the dimensions are {', '.join(DIMENSIONS)}")
    if len(by) > len(_SLOTS):
        raise LogError(f"cannot cut by {len(by)} dimensions at once; {len(_SLOTS)} is the most")
