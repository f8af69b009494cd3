"""The limits within which chance keeps reviewers who are as good as all."""

from typing import Any

import numpy as np
import pytest
from references import assert_figure, cases
from scipy.stats import binom

from metrics.funnel_limits import exact_limit, limits

CASE = cases("spc")["funnel_binomial_0.12"]
TAILS = {"lo95": 0.025, "hi95": 0.975, "lo998": 0.001, "hi998": 0.999}


@pytest.mark.parametrize("name", CASE["expected"])
def test_exact_limits_are_spiegelhalters(name: str) -> None:
    given: dict[str, Any] = CASE["inputs"]
    found = exact_limit(given["theta"], np.array(given["n"], dtype=float), TAILS[name])
    assert_figure(found, CASE["expected"][name])


def test_drawn_limits_are_cut_off_at_nothing_and_all() -> None:
    found = limits(0.05, np.array([5.0, 20.0, 1000.0]))
    assert found.columns == ["answers", "low_95", "high_95", "low_998", "high_998", "overall"]
    assert found["low_998"].to_list()[:2] == [0, 0]
    assert found["low_998"][2] == pytest.approx(exact_limit(0.05, np.array([1000.0]), 0.001)[0])
    assert set(found["overall"]) == {0.05}


def test_chance_keeps_19_in_20_within_the_limits() -> None:
    """Exactly computed: between 93 and 96.5 % of shares of 50 to 400 answers lie within the 95 % limits."""
    for n in (50, 100, 200, 400):
        low, high = (exact_limit(0.1, np.array([float(n)]), tail)[0] for tail in (0.025, 0.975))
        within = binom.cdf(np.floor(high * n), n, 0.1) - binom.cdf(np.ceil(low * n) - 1, n, 0.1)
        assert 0.93 <= within <= 0.965


def test_over_dispersion_widens_the_limits() -> None:
    narrow, wide = (limits(0.1, np.array([200.0]), tau2=tau2) for tau2 in (0.0, 0.001))
    assert wide["low_95"][0] < narrow["low_95"][0] < narrow["high_95"][0] < wide["high_95"][0]
    half = 1.959963984540054 * np.sqrt(1 / 800 + 0.001)
    assert wide["high_95"][0] == pytest.approx(np.sin(np.arcsin(np.sqrt(0.1)) + half) ** 2)
