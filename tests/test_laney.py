"""Control charts: Montgomery's and Laney's limits, and no more false alarms than are stated."""

import numpy as np
import polars as pl
import pytest
from drifting import answers, compared, watched
from references import assert_figure, cases

from metrics.drift import drifted, expected_calls
from metrics.drift_series import watch
from metrics.laney import LIMIT, baseline_points, laney_chart, moving_range_sigma
from metrics.weights import UndefinedError

CASE = cases("spc")["orange_juice_p_chart"]


def test_limits_are_montgomerys_and_laneys() -> None:
    given, expected = CASE["inputs"], CASE["expected"]
    n = np.array(given["n"])
    chart = laney_chart(np.array(given["x"]) / n, n)
    plain = LIMIT * np.sqrt(chart.centre * (1 - chart.centre) / n)
    values = np.array(given["x"]) / n
    found = {
        "pbar": chart.centre,
        "ucl": (chart.centre + plain)[0],
        "lcl": (chart.centre - plain)[0],
        "out_of_control_1based": (np.flatnonzero(np.abs(values - chart.centre) > plain) + 1).tolist(),
        "laney_sigma_z": chart.sigma,
        "laney_ucl": chart.high[0],
        "laney_lcl": chart.low[0],
    }
    assert set(found) == set(expected)
    for name, value in found.items():
        assert_figure(value, expected[name])
    assert not chart.is_out.any()


def test_the_sigma_of_individuals_is_the_mean_moving_range_by_hand() -> None:
    assert moving_range_sigma(np.array([1.0, 3.0, 2.0, 2.0])) == pytest.approx((2 + 1 + 0) / 3 / 1.128)


def test_the_baseline_is_the_first_third_of_long_series_and_all_of_short_ones() -> None:
    assert [baseline_points(points) for points in (8, 59, 60, 90)] == [8, 59, 20, 30]


def test_limits_are_never_closer_than_counting_gives() -> None:
    """Values that alternate by next to nothing vary less than a lottery would."""
    chart = laney_chart(np.tile([0.9, 0.9001], 10), np.full(20, 100))
    assert chart.sigma < 0.1
    assert chart.limits_sigma == 1


@pytest.mark.parametrize(("sigma", "items"), [(1.0, 150), (2.0, 400)])
def test_points_signal_as_often_as_stated_where_nothing_changes(sigma: float, items: int) -> None:
    """Within 30 % and three errors of the simulation, for days alike and for days that vary twice as much."""
    random, stated, signals, series = np.random.default_rng(1), [], [], 150
    for _ in range(series):
        n = random.integers(items // 2, items, 90)
        p = np.full(90, 0.9)
        if sigma > 1:
            size = (n - 1) / (sigma**2 - 1) - 1
            p = random.beta(0.9 * size, 0.1 * size)
        chart = laney_chart(random.binomial(n, p) / n, n, smallest=0.02)
        stated.append(chart.by_chance)
        signals.append(chart.is_out.sum())
    error = np.std(signals) / np.sqrt(series)
    assert np.mean(signals) == pytest.approx(np.mean(stated), abs=0.3 * np.mean(stated) + 3 * error)


def test_a_small_difference_is_no_signal_however_sure() -> None:
    values = np.append(np.tile([0.9, 0.901], 15), 0.912)
    n = np.full(31, 10_000_000)
    assert laney_chart(values, n).is_out[-1]
    assert not laney_chart(values, n, smallest=0.02).is_out[-1]


def test_a_series_too_short_or_without_any_difference_has_no_limits_and_says_why() -> None:
    with pytest.raises(UndefinedError, match="7 points are too few for limits, which need 8"):
        laney_chart(np.full(7, 0.5), np.full(7, 10))
    with pytest.raises(UndefinedError, match="all points are alike"):
        laney_chart(np.ones(10), np.full(10, 10))


def test_a_day_without_items_is_no_point() -> None:
    values = [0.9, None, 0.8, 0.85, 0.9, 0.95, 0.9, 0.85, 0.9, 0.8]
    series = pl.DataFrame({"period": range(10), "value": values, "n": [20, 0, *[20] * 8]})
    found = watch(series, unit="share", variance=0.1)
    assert found.points.height == 9
    assert found.chart is not None
    alike = watch(series.with_columns(value=pl.lit(1.0)), unit="share", variance=0.0)
    assert alike.chart is None
    assert "alike" in alike.reason


def rates(seeds: range) -> tuple[float, float]:
    """The signals in logs without faults, of all series and of scores, and how many are stated."""
    signals, stated = 0.0, 0.0
    for seed in seeds:
        rows = answers(seed, reviews=40_000)
        both = ("model_human_agreement", "model_human_kappa")
        series = [each for by in (None, "site", "policy") for each in watched(rows, by, metrics=both)]
        tests = [test for part in (rows, *rows.partition_by("policy")) for test in compared(part)]
        signals += sum(each.signals for each in series) + sum(drifted(tests))
        stated += sum(each.by_chance for each in series) + expected_calls(tests)
    return signals, stated


def test_a_log_without_faults_has_few_signals() -> None:
    """Two logs with 26 series each: within three errors of a Poisson distribution, and a half for signals together."""
    signals, stated = rates(range(1, 3))
    assert signals <= stated + 3.5 * np.sqrt(stated)


@pytest.mark.slow
def test_signals_in_logs_without_faults_are_within_30_percent_of_the_stated_rate(capsys) -> None:
    signals, stated = rates(range(1, 51))
    with capsys.disabled():
        print(f"\n{signals} signals in 50 logs without faults; {stated:.1f} stated")
    assert 0.7 <= signals / stated <= 1.3
