"""Questions put to an engine: a file of SQL, the scope it reads, and the reader's filters as its only parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from data.engine import Engine
from data.errors import LogError, NoRowsError
from queries import sources
from queries.checking import doubted
from queries.filters import DIMENSIONS, Filters, Repeats
from queries.sources import PIECES, Source, piece, source_of

_FOLDER = Path(__file__).parent
STEPS = (
    *("newest_scores", "scored_items", "dimensions", "plain_dimensions", "scope", "judged", "places"),
    *("rated_items", "answered_items", "packed", "patterned", "spelled"),
)
"""The files that are no questions but what questions read, in this order."""

_SLOTS = ("by_1", "by_2", "by_3")
_SCOPE_FREE = ("costs", "loads", "quarantine_reasons", "quarantined")
"""Questions about the whole log: they read the tables and not the scope."""

_OF_ROWS = ("cases", "case_reviews", "freshness")
"""Questions about single rows: where rows were forgotten, they tell of those that are there."""

_OWN_REPEATS: dict[str, Repeats] = {"self_pairs": "all", "reviewer_pairs": "last", "taxonomy": "all"}
"""What a reviewer said again is all that self-agreement counts, and two reviewers meet once on an item."""

_PATTERNED = {"rating_patterns": "rated_items", "gold_answers": "answered_items"}
"""The questions that tell what items got as patterns, and which labels they pack."""


_READ_AS = dict.fromkeys(("source", "dimensions", "sliced", "scope"), "as not materialized")
"""What reads these twice wants different rows of them, and few of their columns."""


@cache
def source(name: str) -> str:
    """The text of one query file."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def names() -> list[str]:
    """Every question that can be asked."""
    return sorted(path.stem for path in _FOLDER.glob("*.sql") if path.stem not in STEPS)


def statement(
    name: str,
    by: Sequence[str] = (),
    *,
    filters: Filters | None = None,
    stands_on: Source = "log",
    is_spelled: bool = False,
) -> str:
    """The whole SQL of a question, cut by up to three dimensions, as the engine runs it and as Methods shows it.

    What the filters do not ask for is left out. Spelled out, a question tells the patterns of those items that could
    not be packed.
    """
    if name in _SCOPE_FREE:
        return source(name)
    _check(by)
    steps = _scope(by, filters or Filters(), stands_on)
    if name in _PATTERNED:
        steps |= {"places": source("places"), "rated": source(_PATTERNED[name])}
        steps |= {} if is_spelled else {"packed": source("packed")}
        steps["patterned"] = source("spelled" if is_spelled else "patterned")
    steps["answer"] = "select *\nfrom patterned\n" if is_spelled else source(name)
    read = ",\n\n".join(f"{step} {_READ_AS.get(step, 'as')} (\n{sql})" for step, sql in steps.items())
    return f"with {read}\n\nselect * from answer\n"


def _scope(by: Sequence[str], filters: Filters, stands_on: Source) -> dict[str, str]:
    """The steps to the reviews that count, and to those of them with gold."""
    columns = [DIMENSIONS[dimension] for dimension in by] + ["cast(null as varchar)"] * (len(_SLOTS) - len(by))
    slices = ",\n    ".join(f"{column} as {slot}" for column, slot in zip(columns, _SLOTS, strict=True))
    has_gold, cut = stands_on == "gold_reviews", {*filters.dimensions(), *by}
    kept = [f"review_id not in (\n{doubted(filters.without)}\n)"] if filters.without else []
    kept += [f"item_id in (\n{source('scored_items')})"] if filters.model_versions else []
    where = f"where {' and '.join(kept)}\n" if kept else ""
    return {
        **({"newest_scores": source("newest_scores")} if "model_version" in cut else {}),
        "source": "union all by name\n".join(piece(each) for each in PIECES[stands_on]),
        "dimensions": source("plain_dimensions" if cut.isdisjoint({"team", "site"}) else "dimensions"),
        "sliced": f"select\n    *,\n    {slices}\nfrom dimensions\n{where}",
        "scope": source("scope"),
        "judged": "select *\nfrom scope\nwhere gold_label is not null\n" if has_gold else source("judged"),
    }


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
    stands_on = _source(engine, name, filters, by, parameters)
    _check_rows(engine, name, filters, stands_on)
    put = partial(statement, name, by, filters=filters, stands_on=stands_on)
    values = {**filters.parameters(), **sources.parameters(filters, by), **(parameters or {})}
    counts = engine.fetch(put(), values)
    if name in _PATTERNED and counts["pattern"].null_count():
        spelled = engine.fetch(put(is_spelled=True), values).rename({"part": "gold_label"})
        every = pl.concat([counts.drop_nulls("pattern"), spelled.select(counts.columns)])
        counts = every.group_by(pl.exclude("items")).agg(pl.col("items").sum())
    if name == "gold_answers":
        counts = _by_answer(counts)
    if _SLOTS[0] not in counts.columns:
        return counts
    return counts.rename(dict(zip(_SLOTS, by, strict=False))).drop(_SLOTS[len(by) :])


def reads_log(
    engine: Engine, name: str, filters: Filters, by: Sequence[str] = (), parameters: Mapping[str, Any] | None = None
) -> bool:
    """Whether a question is answered from all reviews, because no rollup tells what it asks for."""
    return name not in _SCOPE_FREE and _source(engine, name, filters, by, parameters) == "log"


def _source(
    engine: Engine, name: str, filters: Filters, by: Sequence[str], parameters: Mapping[str, Any] | None
) -> Source:
    return source_of(name, filters, by, parameters) if engine.has_rollups else "log"


def lacks_rows(engine: Engine, filters: Filters) -> bool:
    """Whether rows that the filters let through may be among those that were forgotten, or that never were here."""
    if engine.forgotten is None:
        return engine.rolled_from is not None
    return filters.since is None or filters.since < engine.forgotten


def no_rows(place: str) -> str:
    """What is said where there are only the rollups of reviews that lie elsewhere."""
    return (
        "This workspace was made by `evenhand rollup`: it holds the summaries and not the reviews, so cases, and what "
        f"else only the reviews tell, are not here; look in the place where the reviews came from: {place}."
    )


def _check_rows(engine: Engine, name: str, filters: Filters, stands_on: Source) -> None:
    if name in _SCOPE_FREE or stands_on not in ("log", "one_item"):
        return
    if engine.rolled_from is not None:
        raise NoRowsError(no_rows(engine.rolled_from))
    if name not in _OF_ROWS and lacks_rows(engine, filters):
        raise NoRowsError(
            f"Only the rows tell this, and those of before {engine.forgotten} were forgotten: numbers stand, cases do "
            f"not. Ask for what came since {engine.forgotten}, or with fewer filters and cuts."
        )


def _by_answer(counts: pl.DataFrame) -> pl.DataFrame:
    """A row for each label of a pattern: `kind` is the pattern, `answers` how often its items got the label."""
    given = pl.col("given").str.split_exact("\x1f", 1).struct
    return (
        counts.with_columns(given=pl.col("pattern").str.split("\x1e"))
        .explode("given", empty_as_null=False)
        .with_columns(given.field("field_1").alias("label"), given.field("field_0").cast(pl.Int64).alias("answers"))
        .with_columns(answers=pl.col("answers") * pl.col("items"))
        .rename({"pattern": "kind"})
        .select(*_SLOTS, "gold_label", "kind", "label", "answers", "items")
    )


def _check(by: Sequence[str]) -> None:
    unknown = [dimension for dimension in by if dimension not in DIMENSIONS]
    if unknown:
        raise LogError(f"cannot cut by {unknown[0]!r}; the dimensions are {', '.join(DIMENSIONS)}")
    if len(by) > len(_SLOTS):
        raise LogError(f"cannot cut by {len(by)} dimensions at once; {len(_SLOTS)} is the most")
