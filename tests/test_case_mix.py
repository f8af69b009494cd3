"""What all others would make of the same cases, by hand."""

import numpy as np
import polars as pl
import pytest
from tallied import COLUMNS, LABELS, tallied

from metrics.case_mix import BORROWED, expected_errors
from metrics.taxonomy import Taxonomy


def row_of(found: pl.DataFrame, reviewer: str) -> dict:
    """The row of one reviewer."""
    return found.row(by_predicate=pl.col("reviewer") == reviewer, named=True)


def two_cells(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> pl.DataFrame:
    """Three reviewers with errors of so many answers, each on fine gold of one policy."""
    rows = [(who, "fine", "spam", errors) for who, (errors, _) in zip("abc", (a, b, c), strict=True)]
    rows += [(who, "fine", "fine", n - errors) for who, (errors, n) in zip("abc", (a, b, c), strict=True)]
    return tallied(*rows)


def test_what_is_expected_is_what_the_others_did() -> None:
    """With one kind of case all levels have the others' rate: 4 of 100 for a, of whom 50 answers were asked."""
    found = row_of(expected_errors(two_cells((9, 50), (1, 50), (3, 50)), LABELS), "a")
    assert (found["errors_of"], found["errors"]) == (50, 9)
    assert found["errors_expected"] == pytest.approx(2)
    assert found["errors_variance"] == pytest.approx(50 * 0.04 * 0.96)
    assert (found["alarms_of"], found["alarms"], found["alarms_expected"]) == pytest.approx((50, 9, 2))
    assert (found["misses_of"], found["misses"], found["misses_expected"]) == (0, 0, 0)


def test_a_finer_cell_is_drawn_towards_the_coarser_one() -> None:
    """The rate of a's policy: 1 of the 30 answers of others there, with 20 more at the rate of their gold label."""
    there = tallied(("a", "fine", "fine", 10), ("b", "fine", "spam", 1), ("b", "fine", "fine", 29), policy="p")
    elsewhere = tallied(("c", "fine", "spam", 35), ("c", "fine", "fine", 35), policy="q")
    gold = (36 + BORROWED * 0.36) / (100 + BORROWED)
    policy = (1 + BORROWED * gold) / (30 + BORROWED)
    language = (1 + BORROWED * policy) / (30 + BORROWED)
    found = row_of(expected_errors(pl.concat([there, elsewhere]), LABELS), "a")
    assert found["errors_expected"] == pytest.approx(10 * language)


def test_who_is_alone_in_a_cell_is_no_yardstick_of_their_own() -> None:
    """Nobody else answers the policy, so the rate of all others on the same gold label stands for it."""
    alone = tallied(("a", "fine", "spam", 20), ("a", "fine", "fine", 20), policy="rare")
    others = tallied(*((f"b{each}", "fine", given, n) for each in range(5) for given, n in (("spam", 2), ("fine", 38))))
    found = row_of(expected_errors(pl.concat([alone, others]), LABELS), "a")
    assert found["errors_expected"] == pytest.approx(40 * 10 / 200)
    assert found["errors"] == 20


def test_errors_are_false_alarms_misses_or_neither() -> None:
    """Another violating label than gold's is an error only."""
    rows = (("a", "fine", "spam", 2), ("a", "hate", "fine", 5), ("a", "hate", "spam", 4), ("a", "hate", "hate", 9))
    found = row_of(expected_errors(tallied(*rows, ("b", "fine", "fine", 9)), LABELS), "a")
    assert [found[name] for name in ("errors", "alarms", "misses")] == [11, 2, 5]
    assert [found[f"{name}_of"] for name in ("errors", "alarms", "misses")] == [20, 2, 18]


def test_without_violating_labels_there_are_no_alarms_and_no_misses() -> None:
    found = expected_errors(two_cells((9, 50), (1, 50), (3, 50)), Taxonomy(LABELS.labels))
    for name in ("alarms", "alarms_of", "misses", "misses_of"):
        assert found[name].to_list() == [0, 0, 0]


def test_one_reviewer_alone_is_as_expected() -> None:
    found = row_of(expected_errors(tallied(("a", "fine", "spam", 5), ("a", "fine", "fine", 15)), LABELS), "a")
    assert found["errors_expected"] == pytest.approx(5)


def test_nobody_is_no_rows() -> None:
    assert expected_errors(pl.DataFrame(schema=COLUMNS), LABELS).is_empty()


def test_missing_policies_are_a_policy_and_order_makes_no_difference() -> None:
    """Rows may come in any order and any pieces; what has no policy or language is alike in that."""
    chance = np.random.default_rng(2)
    rows = [
        (
            f"r{chance.integers(9)}",
            *(chance.choice(pair) for pair in ((None, "p"), (None, "en"), LABELS.labels)),
            given,
            3,
        )
        for given in chance.choice(LABELS.labels, 300).tolist()
    ]
    tallies = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    found, turned = (
        expected_errors(tallies, LABELS),
        expected_errors(tallies.sample(fraction=1, shuffle=True, seed=1), LABELS),
    )
    summed = tallies.group_by(pl.exclude("answers")).agg(pl.col("answers").sum())
    for other in (turned, expected_errors(summed, LABELS)):
        for name in found.columns[1:]:
            assert other[name].to_list() == pytest.approx(found[name].to_list()), name
