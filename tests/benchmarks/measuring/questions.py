"""What the pages ask of a store: every question with the slices and filters that a page puts to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import polars as pl

from data.engine import Engine
from queries.ask import ask
from queries.filters import Filters, Mark
from queries.sources import source_of

PAGE = {"page_size": 50, "page_start": 0}
MOST_REVIEWERS = 12
BY = ((), ("policy",), ("queue",), ("market",), ("language",), ("site",), ("team",), ("week",))
"""What Today and the pages behind it compare across."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a page asks it."""

    name: str
    window: str
    filters: Filters
    by: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The question in words."""
        return f"{self.name}{' by ' + ', '.join(self.by) if self.by else ''}"

    @property
    def stands_on(self) -> str:
        """The rollup, or the log, that answers it."""
        return source_of(self.name, self.filters, self.by, self.parameters)

    def answer(self, engine: Engine) -> pl.DataFrame:
        """The counts."""
        return ask(engine, self.name, self.filters, by=self.by, parameters=self.parameters)


def page_questions(engine: Engine) -> list[Question]:
    """Every question of the pages: about all of the log, the last 30 days, and one queue and two markets in 90 days."""
    last = ask(engine, "span", Filters())["last_day"][0]
    markets = sorted(ask(engine, "volume", Filters(), by=("market",)).drop_nulls("market")["market"])[:2]
    queue = min(ask(engine, "volume", Filters(), by=("queue",)).drop_nulls("queue")["queue"])
    windows = {
        "all": Filters(),
        "30 days": Filters(since=last - timedelta(days=29)),
        "90 days, 1 queue, 2 markets": Filters(
            since=last - timedelta(days=89), queues=(queue,), markets=tuple(markets)
        ),
    }
    return [
        Question("taxonomy", "all", Filters()),
        *(
            asked
            for window, filters in windows.items()
            for asked in (
                *_counts(engine, window, filters, last),
                *_people(engine, window, filters),
                *_cases(window, filters),
            )
        ),
    ]


def _counts(engine: Engine, window: str, filters: Filters, last: Any) -> Iterator[Question]:
    """What Today, Accuracy and Agreement count."""
    labels = {"taxonomy": sorted(ask(engine, "taxonomy", Filters())["label"])}
    for name in ("volume", "span", "distinct_items", "active_reviewers"):
        yield Question(name, window, filters)
    yield Question("freshness", window, replace(filters, since=last))
    for by in (("day",), ("queue",), ("reviewer",)):
        yield Question("volume", window, filters, by)
    for by in (("day",), ("week", "queue")):
        yield Question("label_counts", window, filters, by)
    for by in BY:
        yield Question("gold_answers", window, filters, by, labels)
        yield Question("rating_patterns", window, filters, by, labels)
    yield Question("gold_answers", window, filters, ("reviewer",), labels)
    yield Question("rating_patterns", window, filters, ("week", "queue"), labels)


def _people(engine: Engine, window: str, filters: Filters) -> Iterator[Question]:
    """What is asked about reviewers: those who do most in a matrix, all pairs, and what they say again."""
    volume = ask(engine, "volume", filters, by=("reviewer",)).sort("reviews", "reviewer", descending=True)
    busiest = tuple(volume["reviewer"].head(MOST_REVIEWERS))
    yield Question("reviewer_pairs", f"{window}, {MOST_REVIEWERS} reviewers", replace(filters, reviewers=busiest))
    yield Question("reviewer_pairs", window, filters)
    yield Question("self_pairs", window, filters)


def _cases(window: str, filters: Filters) -> Iterator[Question]:
    """The items behind a mark, and the decisions on one of them."""
    yield Question("cases", f"{window}, most split", filters, (), Mark(is_split=True).parameters() | PAGE)
    confused = Mark(gold_label="remove", label_a="allow").parameters()
    yield Question("cases", f"{window}, gold remove given allow", filters, (), confused | PAGE)
    yield Question("case_reviews", window, filters, (), {"item_id": "item-000000001"})
