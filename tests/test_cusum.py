"""Cumulative sums: Montgomery's table, the step of Steiner and others, and limits against an exact Markov chain."""

import math
from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl
import pytest
from references import assert_figure, cases

from metrics.cusum import both_directions, error_watch, risk_adjusted_cusum, simulated_limit, tabular_cusum
from metrics.taxonomy import Taxonomy

CASE = cases("spc")["montgomery_cusum"]


@pytest.mark.parametrize("name", CASE["expected"])
def test_the_tabular_sum_is_montgomerys(name: str) -> None:
    given: dict[str, Any] = CASE["inputs"]
    found = tabular_cusum(given["x"], target=given["mu0"], slack=given["k"], limit=given["h"])
    figures = {
        "cplus": found.above,
        "cminus": found.below,
        "nplus": found.above_for,
        "cplus_29": found.above[28],
        "nplus_29": found.above_for[28],
        "first_signal_index_1based": found.signal,
    }
    assert_figure(figures[name], CASE["expected"][name])


def test_a_step_is_the_log_likelihood_ratio_of_the_odds() -> None:
    """Bernoulli likelihoods under odds multiplied by the ratio, against those under the expected error."""
    errors, expected = np.array([1, 0, 1, 1]), np.array([0.1, 0.3, 0.5, 0.02])
    odds = 2.0 * expected / (1 - expected)
    worse = odds / (1 + odds)
    steps = np.where(errors == 1, np.log(worse / expected), np.log((1 - worse) / (1 - expected)))
    current, sums = 0.0, []
    for step in steps:
        current = max(0.0, current + step)
        sums.append(current)
    found = risk_adjusted_cusum(errors, expected, ratio=2.0)
    np.testing.assert_allclose(found.sums, sums, rtol=0, atol=1e-12)


def exact_chance(chance: float, length: int, *, ratio: float, limit: float) -> float:
    """The chance that the sum passes a limit: the chain's states are the sums that can be reached."""
    wrong, right = (math.log(ratio**error / (1 - chance + ratio * chance)) for error in (1, 0))
    states, passed = {0.0: 1.0}, 0.0
    for _ in range(length):
        after: dict[float, float] = defaultdict(float)
        for state, weight in states.items():
            for step, likely in ((wrong, chance), (right, 1 - chance)):
                sum_after = max(0.0, round(state + step, 9))
                if sum_after > limit + 1e-7:
                    passed += weight * likely
                else:
                    after[sum_after] += weight * likely
        states = after
    return passed


@pytest.mark.parametrize(("chance", "length"), [(0.1, 60), (0.05, 150), (0.3, 100)])
@pytest.mark.parametrize("ratio", [2.0, 0.5])
def test_limits_keep_their_false_alarms_in_the_exact_chain(chance: float, length: int, ratio: float) -> None:
    """At the limit there are no more false alarms than stated, just below it more, up to three errors of simulation."""
    stated, error = 0.025, 3 * math.sqrt(0.025 * 0.975 / 10_000)
    limit = simulated_limit(np.full(length, chance), ratio=ratio, false_alarm=stated)
    assert exact_chance(chance, length, ratio=ratio, limit=limit) <= stated + error
    assert exact_chance(chance, length, ratio=ratio, limit=limit - 1e-5) >= stated - error


def test_false_alarms_in_both_directions_together_are_as_stated_on_mixed_cases() -> None:
    random = np.random.default_rng(5)
    expected = random.choice([0.02, 0.1, 0.4], 80)
    limits = {ratio: simulated_limit(expected, ratio=ratio, false_alarm=0.025) for ratio in (2.0, 0.5)}
    alarms = 0
    for _ in range(2_000):
        errors = random.random(80) < expected
        highest = dict.fromkeys(limits, 0.0)
        sums = dict(highest)
        for wrong, chance in zip(errors, expected, strict=True):
            for ratio in limits:
                sums[ratio] = max(0.0, sums[ratio] + math.log(ratio**wrong / (1 - chance + ratio * chance)))
                highest[ratio] = max(highest[ratio], sums[ratio])
        alarms += any(highest[ratio] > limits[ratio] + 1e-9 for ratio in limits)
    assert 0.03 <= alarms / 2_000 <= 0.065


def test_a_lasting_rise_of_errors_is_signalled_after_it_began_and_a_fall_on_the_other_side() -> None:
    random = np.random.default_rng(1)
    expected = np.full(300, 0.1)
    rise = random.random(300) < np.where(np.arange(300) < 100, 0.1, 0.3)
    worse, better = both_directions(rise, expected)
    assert worse.signal is not None
    assert 100 < worse.signal < 200
    assert better.signal is None
    worse, better = both_directions(np.zeros(300), expected)
    assert worse.signal is None
    assert better.signal is not None


def test_limits_are_the_same_whenever_they_are_asked_for() -> None:
    expected = np.linspace(0.01, 0.4, 50)
    assert simulated_limit(expected, ratio=2.0, false_alarm=0.05) == simulated_limit(
        expected, ratio=2.0, false_alarm=0.05
    )


def test_a_series_without_answers_has_no_signal() -> None:
    worse, better = both_directions([], [])
    assert worse.signal is None
    assert better.sums.size == 0


def test_a_reviewers_answers_are_watched_in_order_against_what_others_make_of_such_cases() -> None:
    """Others err in a tenth of easy cases and in half of hard ones; answers come in any order, one without a time."""
    case = {"item_language": "en", "gold_label": "fine"}
    counts = [("o", "easy", 9_000, 1_000), ("o", "hard", 5_000, 5_000), ("p", "easy", 1, 1), ("p", "hard", 0, 2)]
    tallies = pl.DataFrame(
        [
            {"reviewer": who, "item_policy": policy, **case, "label": label, "answers": answers}
            for who, policy, *both in counts
            for label, answers in zip(("fine", "spam"), both, strict=True)
            if answers
        ]
    )
    times = [3, 1, None, 2]
    given = zip(times, ("easy", "easy", "hard", "hard"), ("spam", "fine", "spam", "spam"), strict=True)
    sequence = pl.DataFrame(
        [{"decided_at": time, "item_policy": policy, **case, "label": label} for time, policy, label in given]
    )
    found = error_watch(sequence, tallies, Taxonomy(("fine", "spam")), "p")
    assert found.answers.select("number", "decided_at", "is_error").rows() == [
        (1, 1, False),
        (2, 2, True),
        (3, 3, True),
    ]
    assert found.answers["expected"].to_list() == pytest.approx([0.1, 0.5, 0.1], abs=0.002)
    steps = [0, math.log(2 / 1.5), math.log(2 / 1.5) + math.log(2 / 1.1)]
    assert found.answers["worse"].to_list() == pytest.approx(steps, abs=0.01)
    assert found.worse.signal is None
