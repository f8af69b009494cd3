"""Skill and leaning drawn towards those of all."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr
from scipy.stats import norm

from metrics.pooling import pooled, pooled_detection


def test_pooling_is_the_integral_over_the_spread() -> None:
    """Mean and deviation of a value, integrated with scipy over the same spreads."""
    values, variances = np.array([1.0, 2.0, 2.4, 3.1, 2.2]), np.array([0.2, 0.1, 0.3, 0.2, 0.4])

    def given(spread: float) -> tuple[float, float, float]:
        weights = 1 / (variances + spread**2)
        mean = (weights * values).sum() / weights.sum()
        chance = norm.pdf(values, mean, np.sqrt(1 / weights)).prod() / np.sqrt(weights.sum())
        drawn = variances[0] * weights[0]
        variance = variances[0] * (1 - drawn) + drawn**2 / weights.sum()
        return chance, values[0] + drawn * (mean - values[0]), variance

    widest = 3 * values.std()
    parts = (
        lambda s: given(s)[0],
        lambda s: given(s)[0] * given(s)[1],
        lambda s: given(s)[0] * (sum(given(s)[1:2]) ** 2 + given(s)[2]),
    )
    chance, first, second = (quad(part, 0, widest)[0] for part in parts)
    found = pooled(values, variances)
    assert found.values[0] == pytest.approx(first / chance, abs=0.01)
    assert found.deviations[0] == pytest.approx(np.sqrt(second / chance - (first / chance) ** 2), abs=0.01)


def test_equal_values_are_their_own_mean() -> None:
    found = pooled(np.full(4, 2.5), np.full(4, 0.2))
    assert found.values == pytest.approx([2.5] * 4)
    assert found.spread == 0
    assert found.deviations == pytest.approx([np.sqrt(0.05)] * 4)


def test_one_reviewer_has_nobody_to_be_drawn_to() -> None:
    found = pooled(np.array([2.0]), np.array([0.09]))
    assert (found.values[0], found.deviations[0]) == pytest.approx((2.0, 0.3))


def test_the_order_of_reviewers_makes_no_difference() -> None:
    hits, alarms = np.array([30.0, 38, 40, 25]), np.array([3.0, 0, 6, 10])
    n, turned = np.full(4, 40.0), [2, 0, 3, 1]
    one, other = pooled_detection(hits, n, alarms, n)[0], pooled_detection(hits[turned], n, alarms[turned], n)[0]
    assert one.values[turned] == pytest.approx(other.values)


@pytest.mark.parametrize(("people", "answers", "least"), [(48, 200, 0.93), (12, 200, 0.92), (300, 100, 0.93)])
def test_planted_skill_and_leaning_lie_in_pooled_intervals(people: int, answers: int, least: float) -> None:
    """93 to 97 of 100 intervals hold the truth, and none leans; with a dozen reviewers it may be 92."""
    chance, held, off = np.random.default_rng(people), [], []
    for _ in range(60):
        skill, leaning = chance.normal(2.9, 0.35, people), chance.normal(0.15, 0.2, people)
        n = np.full(people, answers / 2)
        hits = chance.binomial(answers // 2, ndtr(skill / 2 - leaning)).astype(float)
        alarms = chance.binomial(answers // 2, ndtr(-skill / 2 - leaning)).astype(float)
        for found, truth in zip(pooled_detection(hits, n, alarms, n), (skill, leaning), strict=True):
            _, low, high = found.interval
            held.append((low <= truth) & (truth <= high))
            off.append(found.values - truth)
    skill_held, leaning_held = np.mean(held[::2]), np.mean(held[1::2])
    print(f"{people} reviewers, {answers} answers: d′ {skill_held:.1%}, c {leaning_held:.1%}")
    assert least <= min(skill_held, leaning_held) <= max(skill_held, leaning_held) <= 0.97
    assert abs(np.mean(off[::2])) < 0.03
    assert abs(np.mean(off[1::2])) < 0.015
