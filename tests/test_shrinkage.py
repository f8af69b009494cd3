"""The law that reviewers' shares follow, and each one's place in it."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from references import ORACLES, assert_figure, every_figure
from scipy.stats import betabinom

from metrics.shrinkage import BetaBinomial, fit_beta_binomial

NAMES = {"alpha": "alpha", "beta": "beta", "mu": "mean", "rho": "correlation", "loglik": "log_likelihood"}
BATTERS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
"""Hits in 45 of 18 batters: Efron and Morris (1975), doi:10.1080/01621459.1975.10479864, table 1."""


def counts(case: dict[str, Any]) -> tuple[list[int], list[int]]:
    """The right answers and all answers of a case, which may stand in a file of their own."""
    given = case["inputs"]
    if "data" not in given:
        return given["y"], given["n"]
    rows = pl.read_csv(ORACLES / given["data"])
    return rows["correct"].to_list(), rows["n"].to_list()


@pytest.mark.parametrize(("case", "name"), every_figure("empirical_bayes"))
def test_the_law_and_the_posteriors_are_those_of_r(case: dict[str, Any], name: str) -> None:
    right, n = counts(case)
    found = fit_beta_binomial(right, n)
    figures = {
        "posterior_mean": lambda: found.means(right, n),
        "posterior_05": lambda: found.quantiles(right, n, 0.05),
        "posterior_95": lambda: found.quantiles(right, n, 0.95),
    }
    figure = figures[name]() if name in figures else getattr(found, NAMES[name])
    assert_figure(figure, case["expected"][name])


def test_the_log_likelihood_is_scipys() -> None:
    """Also far from the maximum's data, with unequal n and none among them."""
    right, n = np.array([0, 3, 7, 0, 40, 18]), np.array([0, 3, 9, 5, 60, 20])
    found = fit_beta_binomial(right, n)
    assert found.log_likelihood == pytest.approx(betabinom.logpmf(right, n, found.alpha, found.beta).sum(), abs=1e-9)


def test_the_maximum_is_a_maximum() -> None:
    """No law nearby is likelier."""
    right, n = np.random.default_rng(3).binomial(40, 0.9, 30), np.full(30, 40)
    right[:4] = 25
    found = fit_beta_binomial(right, n)
    for more in (0.99, 1.01):
        for alpha, beta in ((found.alpha * more, found.beta), (found.alpha, found.beta * more)):
            assert betabinom.logpmf(right, n, alpha, beta).sum() < found.log_likelihood


def test_batters_hardly_differ_and_the_likelihood_ratio_says_so() -> None:
    """Of the 18 batters nobody can say that they differ: all are drawn nearly all the way to the mean."""
    found = fit_beta_binomial(BATTERS, np.full(18, 45))
    assert found.correlation == pytest.approx(0.001, abs=0.001)
    assert found.p_alike == pytest.approx(0.433, abs=0.001)
    assert np.ptp(found.means(BATTERS, np.full(18, 45))) < 0.015


@pytest.mark.parametrize("right", [[36, 36, 36], [36, 37, 36, 35, 36], [40, 40], [0, 0]], ids=str)
def test_no_detectable_difference_is_an_answer(right: list[int]) -> None:
    """All have the rate of all, known as well as all answers together tell."""
    n = [40] * len(right)
    found = fit_beta_binomial(right, n)
    assert not found.differs
    assert (found.correlation, found.spread, found.p_alike) == (0, 0, 1)
    assert found.reliability(40) == 0
    assert found.means(right, n) == pytest.approx([sum(right) / sum(n)] * len(n))
    assert {each[0] for each in found.posterior(right, n)} == {sum(right) + 0.5, sum(n) - sum(right) + 0.5}
    low, high = (found.quantiles(right, n, level) for level in (0.025, 0.975))
    assert (low < high).all()


def test_nobody_and_one_reviewer_have_no_law_of_their_own() -> None:
    for right, n in (([], []), ([30], [40]), ([0], [0])):
        assert not fit_beta_binomial(right, n).differs


def test_reviewers_who_differ_in_everything_are_left_where_they_are() -> None:
    """Always right or never: what others do says nothing about anybody."""
    found = fit_beta_binomial([10, 0, 10, 0], [10] * 4)
    assert found.weight < 1e-3
    assert found.means([10, 0], [10, 10]) == pytest.approx([1, 0], abs=1e-3)


def test_reliability_is_the_true_part_of_the_variance() -> None:
    """The variance of shares of n answers, by scipy, is that of the true shares over the reliability."""
    law = BetaBinomial(19.0, 1.0, 0.95, 0.0, 0.0, 0, 0)
    assert law.spread**2 / law.reliability(40) == pytest.approx(betabinom.var(40, 19, 1) / 40**2)


def test_the_fit_finds_the_law_that_was_drawn_from() -> None:
    """Over 40 drawn houses the mean and the spread of true shares are found without a lean."""
    chance, found = np.random.default_rng(8), []
    for _ in range(40):
        n = chance.integers(30, 200, 100)
        found.append(fit_beta_binomial(chance.binomial(n, chance.beta(45, 5, 100)), n))
    assert np.mean([each.mean for each in found]) == pytest.approx(0.9, abs=0.002)
    assert np.mean([each.spread for each in found]) == pytest.approx(np.sqrt(0.09 / 51), abs=0.002)


@pytest.mark.parametrize(("people", "least"), [(100, 0.93), (20, 0.88)])
def test_posterior_intervals_hold_the_truth(people: int, least: float) -> None:
    """95 % intervals hold 93 to 97 % of true accuracies for a hundred reviewers; for twenty they are too narrow."""
    chance, held = np.random.default_rng(people), []
    for _ in range(150):
        n = chance.integers(20, 120, people)
        truth = chance.beta(45, 5, people)
        right = chance.binomial(n, truth)
        law = fit_beta_binomial(right, n)
        held.append((law.quantiles(right, n, 0.025) <= truth) & (truth <= law.quantiles(right, n, 0.975)))
    print(f"{people} reviewers: {np.mean(held):.1%}")
    assert least <= np.mean(held) <= 0.97


def test_equal_reviewers_are_found_to_differ_in_one_house_of_twenty() -> None:
    """The p-value of the likelihood ratio keeps its promise, on the careful side."""
    chance = np.random.default_rng(1)
    p = [fit_beta_binomial(chance.binomial(80, 0.9, 60), np.full(60, 80)).p_alike for _ in range(400)]
    assert np.mean(np.array(p) < 0.05) <= 0.06
