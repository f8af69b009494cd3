"""Questions put to an engine: a file of SQL, the scope it reads, and the reader's filters as its only parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from data.engine import Engine
from data.errors import NoRowsError
from queries import sources
from queries.filters import Filters, Repeats
from queries.sources import OF_ROWS, Source, source_of
from queries.statements import LABELS_A_WORD, PATTERNED, SCOPE_FREE, SLOTS, statement

_OF_ROWS = ("cases", "case_reviews", "freshness")
"""Questions about single rows: where rows were forgotten, they tell of those that are there."""

_OF_ANSWERS = ("models", "case_predictions")
"""Questions about single answers of models: a workspace of summaries has none."""

_NARROW: tuple[Source, ...] = ("rated", "shared", "several")

_OWN_REPEATS: dict[str, Repeats] = {
    "self_pairs": "all",
    "reviewer_pairs": "last",
    "peer_pairs": "last",
    **dict.fromkeys(("noise_pairs", "clause_pairs", "clause_confusions"), "last"),
    "repeat_patterns": "all",
    "alternative_annotators": "last",
    "taxonomy": "all",
    "audits": "all",
    "model_audits": "all",
    "appeals": "all",
    "adoption": "all",
}
"""What a reviewer said again is all that self-agreement counts, and two reviewers meet once on an item.

Audits are drawn from all decisions, and any of them may be appealed against.
"""


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
    told = engine.has_rollups and engine.tells_repeats
    put = partial(statement, name, by, filters=filters, stands_on=stands_on, tells_repeats=told)
    values = {**filters.parameters(), **sources.parameters(filters, by), **(parameters or {})}
    counts = _patterns(engine, put, values) if name in PATTERNED else engine.fetch(put(), values)
    if name == "gold_answers":
        counts = _by_answer(counts)
    if SLOTS[0] not in counts.columns:
        return counts
    return counts.rename(dict(zip(SLOTS, by, strict=False))).drop(SLOTS[len(by) :])


def _patterns(engine: Engine, put: Callable[..., str], values: dict[str, Any]) -> pl.DataFrame:
    """The answer to a question about patterns; those that could not be packed are spelled out."""
    values |= {"words": -(-len(values["taxonomy"]) // LABELS_A_WORD)}
    counts = engine.fetch(put(), values)
    if not counts["pattern"].null_count():
        return counts
    spelled = engine.fetch(put(is_spelled=True), values).rename({"part": "gold_label"})
    every = pl.concat([counts.drop_nulls("pattern"), spelled.select(counts.columns)])
    return every.group_by(pl.exclude("items")).agg(pl.col("items").sum())


def reads_log(
    engine: Engine, name: str, filters: Filters, by: Sequence[str] = (), parameters: Mapping[str, Any] | None = None
) -> bool:
    """Whether a question is answered from all reviews, because no rollup tells what it asks for."""
    return name not in SCOPE_FREE and _source(engine, name, filters, by, parameters) == "log"


def narrow_rows_read(
    engine: Engine, name: str, filters: Filters, by: Sequence[str] = (), parameters: Mapping[str, Any] | None = None
) -> int:
    """How many reviews of items with several a question regroups, because no count of them tells what it asks for."""
    if name in (*SCOPE_FREE, "self_pairs") or _source(engine, name, filters, by, parameters) not in _NARROW:
        return 0
    rows: int = engine.fetch("select count(*) as narrow_rows from multi_rated", {})["narrow_rows"][0]
    return rows


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
    if engine.rolled_from is not None and (name in _OF_ANSWERS or (name not in SCOPE_FREE and stands_on in OF_ROWS)):
        raise NoRowsError(no_rows(engine.rolled_from))
    if name in SCOPE_FREE or stands_on not in OF_ROWS:
        return
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
        .select(*SLOTS, "gold_label", "kind", "label", "answers", "items")
    )
