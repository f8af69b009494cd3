"""The taxonomy of a workspace, or the one that a reader declares for a question."""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from data.engine import Engine
from data.errors import LogError
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

# Stricter than Python, which reads `1_000`, `inf` and other scripts' digits as numbers too.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")


def taxonomy_of(engine: Engine) -> Taxonomy:
    """The labels that the log declares, or else those that reviewers or gold use, with their order and costs.

    Numeric labels order and measure themselves; others take the severity declared for them; without either they have no
    order. A label that is used although nobody declared it comes last.
    """
    labels = ask(engine, "taxonomy", Filters())
    names = labels["label"].to_list()
    values = numbers(names) or _severities(labels)
    order = sorted(range(len(names)), key=lambda k: (values[k], names[k]) if values else (0.0, names[k]))
    return Taxonomy(
        labels=tuple(names[k] for k in order),
        values=tuple(values[k] for k in order) if values else None,
        violating=_violating(labels),
        costs={(true, given): cost for true, given, cost in ask(engine, "costs", Filters()).iter_rows()},
        declared=bool(labels["is_declared"].any()),
    )


def declared_taxonomy(taxonomy: Taxonomy, categories: Sequence[str]) -> Taxonomy:
    """The taxonomy cut down or extended to the categories that a reader declares, in that order.

    Labels without a measure of their own are measured by their position. Of exactly two categories whose violation
    nobody declared, the first is taken as the violating one.
    """
    if len(set(categories)) != len(categories) or len(categories) < 2:  # noqa: PLR2004 - one category cannot disagree
        raise LogError(f"categories must be at least two different labels, not {', '.join(categories)!r}")
    known = dict(zip(taxonomy.labels, taxonomy.values or (), strict=False))
    measured = all(label in known for label in categories)
    values = numbers(categories) or ([known[label] for label in categories] if measured else None)
    violating = taxonomy.violating
    if violating is None and len(categories) == 2:  # noqa: PLR2004 - the two-category rule above
        violating = frozenset(categories[:1])
    return Taxonomy(
        labels=tuple(categories),
        values=tuple(values or (float(rank) for rank in range(len(categories)))),
        violating=violating,
        costs=taxonomy.costs,
        declared=True,
    )


def numbers(labels: Iterable[str]) -> list[float] | None:
    """The labels as numbers, or None when one of them is not written as a plain number."""
    listed = list(labels)
    return [float(label) for label in listed] if all(map(_NUMBER.fullmatch, listed)) else None


def _severities(labels: pl.DataFrame) -> list[float] | None:
    return None if labels["severity"].null_count() or labels.is_empty() else labels["severity"].to_list()


def _violating(labels: pl.DataFrame) -> frozenset[str] | None:
    """The violating labels, or None unless every label says whether it violates."""
    if labels.is_empty() or labels["is_violating"].null_count():
        return None
    return frozenset(labels.filter("is_violating")["label"].to_list())
