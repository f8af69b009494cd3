"""How sure one can be of accuracies and ranks."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta
from tallied import LABELS, rights

from metrics.options import Options
from metrics.ranks import more_needed, probability_below_target, rank_intervals, shrunken_accuracy, standings
from metrics.shrinkage import BetaBinomial


def test_forty_audits_each_make_a_ranking_that_is_three_quarters_luck() -> None:
    """True accuracies of 95 % that differ by two points: a reliability of 25 %."""
    weight = 0.95 * 0.05 / 0.02**2 - 1
    law = BetaBinomial(0.95 * weight, 0.05 * weight, 0.95, 0.0, 0.0, 0, 0)
    assert law.spread == pytest.approx(0.02)
    assert law.reliability(40) == pytest.approx(0.25, abs=0.005)


def test_standings_say_what_a_ranking_is_worth() -> None:
    """The reliability that is told is that with which accuracies of as many answers would come out again."""
    chance = np.random.default_rng(4)
    truth = np.clip(chance.normal(0.93, 0.03, 400), 0, 1)
    n = np.full(400, 40)
    found = standings(rights(chance.binomial(n, truth), n), target=0.9)
    again = chance.binomial(n, truth) / n
    assert found.reliability == pytest.approx(np.corrcoef(found.reviewers["accuracy"], again)[0, 1], abs=0.1)
    assert f"a reliability of {found.reliability:.0%}" in found.sentence
    assert "40 answers each" in found.sentence


def test_equal_reviewers_are_no_ranking() -> None:
    found = standings(rights([36, 37, 36, 35, 36], [40] * 5), target=0.8)
    assert found.sentence.startswith("No detectable difference between reviewers")
    assert found.reliability == 0
    assert found.reviewers["shrunken"].to_list() == pytest.approx([0.9] * 5)
    assert set(found.reviewers["rank_low"]) == {1}
    assert set(found.reviewers["rank_high"]) == {5}
    assert set(found.reviewers["gate"]) == {"meets"}


def test_a_difference_that_may_be_luck_is_told_as_that() -> None:
    assert "may be luck (p = " in standings(rights([30, 38, 36, 37, 33], [40] * 5), target=0.8).sentence


@pytest.mark.parametrize("n", [[], [40]], ids=str)
def test_fewer_than_two_are_not_ranked(n: list[int]) -> None:
    found = standings(rights(n, n), target=0.8)
    assert "nothing to rank" in found.sentence
    assert found.reviewers.height == len(n)


def test_every_column_follows_from_the_posterior() -> None:
    right, n = [90, 70, 450, 9], [100, 100, 500, 10]
    found = standings(rights(right, n), target=0.85)
    law = found.spread
    posterior = beta(law.alpha + np.array(right), law.beta + np.array(n) - right)
    assert found.reviewers["reviewer"].to_list() == ["r000", "r001", "r002", "r003"]
    assert found.reviewers["accuracy"].to_list() == pytest.approx([0.9, 0.7, 0.9, 0.9])
    for name, expected in (
        ("shrunken", posterior.mean()),
        ("low", posterior.ppf(0.025)),
        ("high", posterior.ppf(0.975)),
        ("p_below", posterior.cdf(0.85)),
    ):
        assert found.reviewers[name].to_numpy() == pytest.approx(expected)
    assert found.reviewers["gate"].to_list() == ["undecided", "below", "meets", "undecided"]
    assert (found.reviewers["more_needed"] > 0).to_list() == [True, False, False, True]


def test_as_many_more_answers_decide_as_are_said_to_be_needed() -> None:
    """With so many more answers of the accuracy that is taken for true, 5 % is left, as near as a normal law comes."""
    first, second = np.array([45.0, 80.0, 300.0]), np.array([5.0, 12.0, 20.0])
    shrunken, below = first / (first + second), beta.cdf(0.88, first, second)
    needed = more_needed(shrunken, first + second, below, 0.88)
    after = beta.cdf(0.88, first + needed * shrunken, second + needed * (1 - shrunken))
    assert below[:2].max() < 0.95
    assert below[:2].min() > 0.25
    assert np.minimum(after, 1 - after)[:2] == pytest.approx(0.05, abs=0.01)
    assert below[2] < 0.05
    assert needed[2] == 0


def test_who_is_exactly_on_the_target_is_never_decided() -> None:
    """Twenty more would not do, nor twenty thousand: it is said as unknown, not as a number."""
    assert np.isnan(more_needed(np.array([0.9]), np.array([100.0]), np.array([0.5]), 0.9)).all()


def test_ranks_are_those_of_the_posterior() -> None:
    """Of two equal reviewers either may be first; who is far ahead is first, and who is far behind last."""
    low, high = rank_intervals(np.array([990.0, 90, 90, 500]), np.array([10.0, 10, 10, 500]))
    assert low.tolist() == [1, 2, 2, 4]
    assert high.tolist() == [1, 3, 3, 4]


def test_ranks_are_the_same_every_time() -> None:
    first, second = np.linspace(50, 90, 30), np.full(30, 10.0)
    assert np.array_equal(rank_intervals(first, second), rank_intervals(first, second))


@pytest.mark.parametrize("people", [20, 100])
def test_rank_intervals_hold_the_true_rank(people: int) -> None:
    """At least 93 of 100; ranks are whole, so it may be more than 95."""
    chance, held = np.random.default_rng(people), []
    for _ in range(60):
        truth, n = chance.beta(45, 5, people), np.full(people, 60)
        right = chance.binomial(n, truth)
        low, high = rank_intervals(45.0 + right, 5.0 + n - right)
        rank = 1 + np.argsort(np.argsort(-truth))
        held.append((low <= rank) & (rank <= high))
    assert 0.93 <= np.mean(held) <= 0.985


def parts(right: list[int], n: list[int]) -> list[pl.DataFrame]:
    """The slices that `measure` would compare."""
    tallies = rights(right, n)
    return [tallies.filter(pl.col("reviewer") == f"r{number:03}").drop("reviewer") for number in range(len(n))]


def test_metrics_of_slices_are_those_of_the_table() -> None:
    """Slice for slice, in their order, and nothing is known of a slice without answers."""
    right, n = [90, 70, 0, 450], [100, 100, 0, 500]
    table = standings(rights(right, n), target=0.85).reviewers
    shrunken = shrunken_accuracy(parts(right, n), LABELS, Options())
    below = probability_below_target(parts(right, n), LABELS, Options(target=0.85))
    for found, name in ((shrunken, "shrunken"), (below, "p_below")):
        assert found[2].value is None
        assert [found[place].value for place in (0, 1, 3)] == pytest.approx(table[name].to_list())
    ends = table.row(0, named=True)
    assert (shrunken[0].low, shrunken[0].high) == pytest.approx((ends["low"], ends["high"]))
    assert "85.0%" in below[0].note


def test_without_a_target_nothing_is_said() -> None:
    (found,) = probability_below_target(parts([9], [10]), LABELS, Options())
    assert found.value is None
    assert "--set target=" in found.note
