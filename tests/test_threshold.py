"""Thresholds with a promise, against scipy's and statsmodels' exact bounds, by hand, and over many simulated logs."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, binom
from statsmodels.stats.proportion import proportion_confint

from metrics import binomial
from metrics.tails import kinds, steps, threshold
from metrics.threshold import STARTS, p_values, passed, promises


def outcomes(*rows: tuple[float, bool, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["score", "is_violating", "items"], orient="row")


GOOD = outcomes((0.995, True, 400), (0.995, False, 1), (0.70, True, 50), (0.70, False, 50), (0.01, False, 500))
"""Above 0.99 one of 401 would be removed wrongly, above 0.70 fifty more; 500 stand at the other end."""


@pytest.mark.parametrize(("part", "whole", "miss"), [(0, 1, 0.05), (3, 50, 0.01), (50, 50, 0.05), (7, 9_000, 0.002)])
def test_bounds_are_those_of_clopper_and_pearson(part, whole, miss):
    low, high = proportion_confint(part, whole, alpha=2 * miss, method="beta")
    assert binomial.upper_bound(np.array([part]), np.array([whole]), miss)[0] == pytest.approx(high, rel=1e-9)
    assert binomial.lower_bound(np.array([part]), np.array([whole]), miss)[0] == pytest.approx(low, rel=1e-9)


def test_a_bound_lies_below_alpha_where_the_p_value_lies_below_its_miss():
    for part, whole in ((0, 100), (2, 300), (9, 500), (30, 1_000)):
        p = binomial.p_value(np.array([part]), np.array([whole]), 0.02)[0]
        assert p == pytest.approx(binom.cdf(part, whole, 0.02), rel=1e-9)
        assert beta.ppf(1 - p, part + 1, whole - part) == pytest.approx(0.02, rel=1e-6)


def test_the_least_number_of_labels_is_the_first_with_which_none_wrong_will_do():
    least = binomial.least(0.02, 0.01)
    none = np.zeros(2, dtype=np.int64)
    bounds = binomial.upper_bound(none, np.array([least - 1, least]), 0.01)
    assert bounds[0] > 0.02 >= bounds[1]
    at_rate = binomial.least_at(0.01, 0.02, 0.01)
    assert beta.ppf(0.99, np.ceil(at_rate * 0.01) + 1, at_rate - np.ceil(at_rate * 0.01)) <= 0.02
    assert binomial.least_at(0.02, 0.02, 0.01) is None


def test_a_score_reaches_the_steps_from_its_own_end():
    scores = pl.Series([0.0, 0.004, 0.29, 0.999, 1.0])
    assert steps(scores, "removal").tolist() == [0, 0, 29, 99, 100]
    assert steps(scores, "keep").tolist() == [99, 99, 70, 0, -1]
    assert [threshold(step, "keep") for step in (100, 99, 70)] == [0.0, 0.01, 0.3]


def test_what_lies_beyond_is_counted_with_the_threshold_itself():
    removal, keep = kinds(GOOD, "removal"), kinds(GOOD, "keep")
    assert [removal.labels[k] for k in (100, 99, 71, 70, 2, 1, 0)] == [0, 401, 401, 501, 501, 1001, 1001]
    assert [removal.errors[k] for k in (100, 99, 71, 70, 2, 1, 0)] == [0, 1, 1, 51, 51, 551, 551]
    assert [keep.labels[k] for k in (99, 98, 30, 29, 0)] == [0, 500, 500, 600, 1001]
    assert [keep.errors[k] for k in (99, 98, 30, 29, 0)] == [0, 0, 0, 50, 450]


def test_the_furthest_threshold_that_passes_is_promised_with_its_bound():
    """All tests from 0.99 to 0.71 see one error in 401 labels, and by then four of five starts have been handed on.

    From the other end the first test finds nothing, and the others pass until the scores of 0.70 come in.
    """
    (removal,) = promises([GOOD], error="removal", alpha=0.02, delta=0.05)
    assert (removal.threshold, removal.n, removal.errors, removal.labels) == (0.71, 401, 1, 1_001)
    assert removal.rate == pytest.approx(1 / 401)
    assert removal.decided == pytest.approx(401 / 1_001)
    assert removal.bound == pytest.approx(beta.ppf(1 - 0.04, 2, 400))
    (keep,) = promises([GOOD], error="keep", alpha=0.02, delta=0.05)
    assert (keep.threshold, keep.n, keep.errors) == (0.70, 500, 0)
    assert keep.bound == pytest.approx(beta.ppf(1 - 0.04, 1, 500))


def test_a_test_that_fails_hands_nothing_on_until_the_next_start():
    p = np.ones(101)
    p[[99, 98, 96, 95]] = 0.009, 0.009, 0.001, 0.015
    assert passed(p, 0.01) == [99, 98]
    p[97] = 0.01
    assert passed(p, 0.01) == [99, 98, 97, 96, 95]


def test_too_few_labels_are_told_with_the_number_that_it_takes():
    few = outcomes((0.99, True, 227))
    (promise,) = promises([few], error="removal", alpha=0.02, delta=0.05)
    assert promise.threshold is None
    assert promise.needed == 228 == binomial.least(0.02, 0.05 / len(STARTS))
    assert promise.note == "no threshold can be promised: 227 labels; at least 228 are needed beyond a threshold"
    (enough,) = promises([outcomes((0.99, True, 228))], error="removal", alpha=0.02, delta=0.05)
    assert enough.threshold == 0.0
    (nothing,) = promises(
        [outcomes().cast({"score": float, "is_violating": bool, "items": int})], error="keep", alpha=0.02, delta=0.05
    )
    assert (nothing.labels, nothing.needed) == (0, 228)


def test_errors_that_are_too_frequent_are_told_from_labels_that_are_too_few():
    often = outcomes((0.9, True, 900), (0.9, False, 100))
    (promise,) = promises([often], error="removal", alpha=0.02, delta=0.05)
    assert (promise.threshold, promise.needed) == (None, None)
    assert "100 of the 1,000 labels from 0.90 on are errors; more labels of the same would not do" in promise.note
    close = outcomes((0.9, True, 985), (0.9, False, 15))
    (promise,) = promises([close], error="removal", alpha=0.02, delta=0.05)
    assert promise.needed > 1_000
    assert beta.ppf(0.99, 0.015 * promise.needed + 1, 0.985 * promise.needed) <= 0.02


def test_slices_share_delta_and_those_with_too_few_labels_take_none_of_it():
    alone = promises([GOOD], error="removal", alpha=0.02, delta=0.05)
    few = outcomes((0.99, True, 20))
    assert promises([GOOD, few, few], error="removal", alpha=0.02, delta=0.05)[0] == alone[0]
    first, second = promises([GOOD, GOOD], error="removal", alpha=0.02, delta=0.05)
    assert first == second
    assert first.bound == pytest.approx(beta.ppf(1 - 0.04 / 2, 2, 400))


def test_weights_that_are_all_alike_change_nothing():
    weighed = GOOD.with_columns(weight=pl.lit(7.0))
    assert promises([weighed], error="removal", alpha=0.02, delta=0.05) == promises(
        [GOOD], error="removal", alpha=0.02, delta=0.05
    )


def test_with_unequal_weights_the_weighted_share_is_what_is_promised():
    """One error that stands for many items breaks a promise that the same number of plain labels would keep."""
    plain = outcomes((0.99, True, 2_000), (0.99, False, 10))
    assert promises([plain], error="removal", alpha=0.02, delta=0.05)[0].threshold == 0.0
    heavy = plain.with_columns(weight=pl.Series([1.0, 9.0]))
    (promise,) = promises([heavy], error="removal", alpha=0.02, delta=0.05)
    assert promise.threshold is None
    light = plain.with_columns(weight=pl.Series([1.0, 0.5]))
    (promise,) = promises([light], error="removal", alpha=0.02, delta=0.05)
    assert promise.rate == pytest.approx(5 / 2_005)
    assert promise.bound == 0.02


def test_no_gain_is_to_be_had_at_the_share_that_is_tested():
    """The mean of the inverse p-value is 1 at most where the weighted share of errors is alpha."""
    draws, alpha = np.random.default_rng(5), 0.1
    weight = draws.choice([1.0, 4.0], (2_000, 60))
    # Errors are half as frequent among heavy items, and alpha in the weighted mean.
    rate = np.where(weight > 1, 5 / 6 * alpha, 5 / 3 * alpha)
    is_error = draws.random(weight.shape) < rate
    p = [
        p_values(kinds(pl.DataFrame({"score": 1.0, "is_violating": ~e, "items": 1, "weight": w}), "removal"), alpha)[0]
        for e, w in zip(is_error, weight, strict=True)
    ]
    assert np.mean(np.array(p) <= 0.05) <= 0.05


@dataclass(frozen=True, slots=True)
class World:
    """Where items score, how often they violate there, and how labels are drawn from them."""

    name: str
    sharpness: float
    shape: tuple[float, float] = (0.4, 0.5)
    dip: float = 0.0
    """By how much the highest scores violate less often than they should: errors do not fall with the score."""
    heavy: float = 1.0
    """How many items a label of the second stratum stands for; half of the labels are of it."""

    def draw(self, n: int, draws: np.random.Generator) -> pl.DataFrame:
        """Labelled items."""
        score, second = self._scores(n, draws), draws.random(n) < 0.5
        frame = pl.DataFrame({"score": score, "is_violating": draws.random(n) < self.violating(score, second)})
        frame = frame.with_columns(items=pl.lit(1))
        return frame if self.heavy == 1 else frame.with_columns(weight=np.where(second, self.heavy, 1.0))

    def violating(self, score: np.ndarray, second: np.ndarray) -> np.ndarray:
        """How often items of these scores violate: in the second stratum the score says less, if there is one."""
        power = np.where(second & (self.heavy > 1), 0.6, 1.0) * self.sharpness
        usual = score**power / (score**power + (1 - score) ** power)
        return np.where(score > 0.97, usual - self.dip, usual)

    def errors(self) -> np.ndarray:
        """The true share of errors beyond each step, and 1 where nothing lies."""
        draws = np.random.default_rng(99)
        score, second = self._scores(2_000_000, draws), draws.random(2_000_000) < self.heavy / (1 + self.heavy)
        step = steps(pl.Series(score), "removal")
        items = np.bincount(step, minlength=101)[::-1].cumsum()[::-1]
        wrong = np.bincount(step, 1 - self.violating(score, second), minlength=101)[::-1].cumsum()[::-1]
        return np.where(items > 0, wrong / np.maximum(items, 1), 1.0)

    def _scores(self, n: int, draws: np.random.Generator) -> np.ndarray:
        return np.floor(draws.beta(*self.shape, n) * 10_000) / 10_000


WORLDS = (
    World("sharp", 2.5),
    World("calibrated", 1.0, shape=(0.2, 0.2)),
    World("worst at the top", 3.0, dip=0.1),
    World("at its edge", 1.0, shape=(4.0, 0.1)),
    World("weighted", 2.5, heavy=4.0),
)


def broken(world: World, n: int, *, alpha: float, delta: float, draws: int) -> tuple[int, int]:
    """In how many draws a threshold was promised whose true share of errors exceeds alpha; and in how many any was."""
    truth, stream, exceeded, promised = world.errors(), np.random.default_rng(n), 0, 0
    for _ in range(draws):
        (promise,) = promises([world.draw(n, stream)], error="removal", alpha=alpha, delta=delta)
        if promise.threshold is not None:
            promised += 1
            exceeded += truth[round(promise.threshold * 100)] > alpha
    return exceeded, promised


def kept(exceeded: int, draws: int, delta: float) -> bool:
    """Whether so many broken promises may be luck where delta is the most that there are; one check in 1,000 errs."""
    return exceeded <= binom.ppf(0.999, draws, delta)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_promises_are_kept(world):
    exceeded, _ = broken(world, 2_000, alpha=0.05, delta=0.1, draws=100)
    assert kept(exceeded, 100, 0.1)


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
@pytest.mark.parametrize(("alpha", "delta"), [(0.02, 0.05), (0.05, 0.1), (0.1, 0.2)])
@pytest.mark.parametrize("n", [500, 3_000, 20_000])
def test_promises_are_kept_over_five_hundred_logs(world, alpha, delta, n):
    exceeded, promised = broken(world, n, alpha=alpha, delta=delta, draws=500)
    print(f"{world.name}, {n:,} labels, alpha {alpha}, delta {delta}: {promised} promised, {exceeded} broken of 500")
    assert kept(exceeded, 500, delta)
