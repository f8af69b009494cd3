"""Rollups answer every question as the reviews themselves do."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from test_refresh import FIRST, LABELS, MANY, REVIEWERS, brought_up_to_date, some_change

from data.load import load
from data.store import create, open_workspace
from queries.ask import ask
from queries.filters import Filters, Mark
from queries.sources import source_of

QUESTIONS = (
    *("label_counts", "volume", "span", "active_reviewers", "distinct_items", "taxonomy"),
    *("rating_patterns", "self_pairs", "reviewer_pairs", "peer_pairs", "gold_answers", "gold_tallies", "gold_labels"),
    *("gold_sequence", "noise_pairs", "repeat_patterns", "shadow_pairs"),
)
CUTS = ("policy", "queue", "standard_version", "stage", "day", "week", "month", "reviewer", "site")
PARAMETERS = {"taxonomy": [*LABELS, *MANY], "reviewer_a": REVIEWERS[0]}


class Rows:
    """An engine that does not know that it has rollups."""

    def __init__(self, engine) -> None:
        self.fetch = engine.fetch
        self.has_rollups = self.tells_repeats = False
        self.forgotten, self.rolled_from = engine.forgotten, engine.rolled_from


@pytest.fixture(scope="module", params=range(2))
def engine(request, tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """A log to which all kinds of things have happened, with rollups."""
    chance, folder = random.Random(request.param), tmp_path_factory.mktemp("sources")  # noqa: S311 - made-up rows
    create(folder / "w")
    people = pl.DataFrame({"reviewer_id": REVIEWERS, "site": ["x", "y", None] * (len(REVIEWERS) // 3)})
    people.write_csv(folder / "reviewers.csv")
    load(folder / "w", "reviewers", [folder / "reviewers.csv"])
    seen: list[pl.DataFrame] = []
    for _ in range(12):
        some_change(folder / "w", folder, chance, seen)
    brought_up_to_date(folder / "w")
    with closing(open_workspace(folder / "w")) as opened:
        yield opened.engine


def some_filters(chance: random.Random) -> Filters:
    """What a reader may choose."""
    chosen: dict[str, Any] = {}
    if chance.random() < 0.6:
        chosen["since"] = FIRST + timedelta(days=chance.randint(0, 9))
    if chance.random() < 0.6:
        chosen["until"] = FIRST + timedelta(days=chance.randint(0, 9))
    for name, values in {
        "queues": ("a", "b"),
        "policies": ("p", "q", ""),
        "standard_versions": ("v1", "v2", ""),
        "sites": ("x", "y", ""),
        "labels": (*LABELS, *MANY),
        "reviewers": tuple(REVIEWERS),
    }.items():
        if chance.random() < 0.15:
            chosen[name] = tuple(chance.sample(values, max(1, len(values) // 2)))
    return Filters(repeats=chance.choice(["last", "all"]), **chosen)


def sorted_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of an answer, which has no order."""
    return frame.sort(frame.columns, nulls_last=True)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_one_answer_whatever_it_stands_on(engine, name: str) -> None:
    chance = random.Random(name)  # noqa: S311 - made-up choices
    stood_on = set()
    for _ in range(30):
        filters = some_filters(chance)
        by = () if name == "taxonomy" else tuple(chance.sample(CUTS, chance.choice([0, 0, 1, 1, 2])))
        answers = [ask(each, name, filters, by=by, parameters=PARAMETERS) for each in (engine, Rows(engine))]
        message = f"{filters} by {by} on {source_of(name, filters, by)}"
        stood_on.add(source_of(name, filters, by))
        try:
            assert_frame_equal(*map(sorted_rows, answers))
        except AssertionError as error:
            raise AssertionError(message) from error
    assert stood_on != {"log"}


def test_the_most_split_cases_are_the_same_whatever_they_stand_on(engine) -> None:
    chance = random.Random("cases")  # noqa: S311 - made-up choices
    for _ in range(30):
        filters = replace(some_filters(chance), labels=(), reviewers=(), sites=())
        page = {"page_size": chance.choice([1, 3, 50]), "page_start": chance.choice([0, 2])}
        asked = Mark(is_split=True).parameters() | page
        assert source_of("cases", filters, (), asked) == "split"
        answers = [ask(each, "cases", filters, parameters=asked) for each in (engine, Rows(engine))]
        assert_frame_equal(*answers)


def test_cases_with_some_patterns_of_labels_are_the_same_whatever_they_stand_on(engine) -> None:
    chance = random.Random("patterns")  # noqa: S311 - made-up choices
    stood_on, found = set(), 0
    for _ in range(40):
        filters = some_filters(chance)
        patterns = ask(engine, "rating_patterns", filters, parameters=PARAMETERS)["pattern"]
        every = [pattern for pattern in patterns if "\x1e" in pattern]
        asked = {"patterns": chance.sample(sorted(every), len(every) // 2), "most": chance.choice([1, 2, 50])}
        answers = [ask(each, "split_cases", filters, parameters=asked) for each in (engine, Rows(engine))]
        stood_on.add(source_of("split_cases", filters, (), asked))
        found += answers[0].height
        assert_frame_equal(*map(sorted_rows, answers))
    assert "alike" in stood_on
    assert found


def test_what_a_reviewer_and_their_peers_said_is_their_part_of_all_pairs(engine) -> None:
    """Turned round where the reviewer's name comes second."""
    who, sides = REVIEWERS[3], ("reviewer_a", "reviewer_b", "label_a", "label_b")
    every = ask(engine, "reviewer_pairs", Filters())
    turned = every.rename(dict(zip(sides, (*sides[1::-1], *sides[:1:-1]), strict=True))).select(every.columns)
    expected = pl.concat([every, turned]).filter(pl.col("reviewer_a") == who)
    found = ask(engine, "peer_pairs", Filters(), parameters={"reviewer_a": who})
    assert expected.height
    assert_frame_equal(sorted_rows(found), sorted_rows(expected))
