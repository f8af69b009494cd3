"""Drift: measures against scipy and the reference, tests that keep their level, verdicts that need an effect too."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from references import assert_figure, cases
from scipy.spatial.distance import jensenshannon
from scipy.stats import hypergeom, ks_2samp, wasserstein_distance

from dashboard.slices import cut, estimates
from metrics.catalogue import CATALOGUE
from metrics.divergences import js_divergence, ks, psi, wasserstein
from metrics.drift import DRAWS, MEASURES, Drift, drift, drifted, expected_calls, folklore
from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.windows import Windows, answer_counts, score_counts

CASES = cases("drift")
LABELS = Taxonomy(("keep", "remove"), declared=True)
KNOWN = ("psi", "js_divergence_bits", "js_divergence_nats", "js_distance_bits", "wasserstein_ordinal_index")


def of_samples(reference: np.ndarray, current: np.ndarray) -> Windows:
    """Two samples of scores as windows."""
    values = np.unique(np.concatenate([reference, current]))
    counts = [np.bincount(np.searchsorted(values, each), minlength=len(values)) for each in (reference, current)]
    return Windows.of(counts[0], counts[1], values)


def scores(random: np.random.Generator, size: int, *, shift: float = 0.0) -> np.ndarray:
    """Scores as models give them: the logistic of normal evidence, moved by so many standard deviations."""
    return np.round(1 / (1 + np.exp(-random.normal(shift * 1.5, 1.5, size))), 4)


@pytest.mark.parametrize("case", [CASES["labels_4"], CASES["labels_2_small"]], ids=lambda case: case["id"])
def test_measures_of_labels_are_the_references(case: dict[str, Any]) -> None:
    before, after = (np.array(case["inputs"][name]) for name in ("reference", "current"))
    found = {
        "psi": psi(before, after),
        "js_divergence_bits": js_divergence(before, after),
        "js_divergence_nats": js_divergence(before, after) * np.log(2),
        "js_distance_bits": np.sqrt(js_divergence(before, after)),
        "wasserstein_ordinal_index": wasserstein(before, after, np.arange(len(before), dtype=float)),
    }
    assert set(found) == set(KNOWN)
    for name, value in found.items():
        assert_figure(value, case["expected"][name])


def test_distances_of_scores_are_the_references_and_scipys() -> None:
    case = CASES["ks_small"]
    x, y = (np.array(case["inputs"][name]) for name in "xy")
    windows = of_samples(x, y)
    assert_figure(ks(windows.reference, windows.current), case["expected"]["D"])
    assert_figure(wasserstein(windows.reference, windows.current, windows.values), case["expected"]["wasserstein"])
    random = np.random.default_rng(1)
    x, y = scores(random, 3_000), scores(random, 900, shift=0.1)
    windows = of_samples(x, y)
    assert drift(MEASURES["ks"], windows).value == pytest.approx(ks_2samp(x, y).statistic, abs=1e-12)
    assert drift(MEASURES["wasserstein"], windows).value == pytest.approx(wasserstein_distance(x, y), abs=1e-12)


def test_the_test_of_few_scores_with_ties_is_rs_exact_one() -> None:
    """Within three errors of 999 draws of R's exact p-value, which allows for ties."""
    case = CASES["ks_small"]
    found = drift(MEASURES["ks"], of_samples(*(np.array(case["inputs"][name]) for name in "xy")))
    p = case["expected"]["p_exact"]["value"]
    assert found.p == pytest.approx(p, abs=3 * np.sqrt(p * (1 - p) / DRAWS))


def drift_of_labels(case: dict[str, Any]) -> Drift:
    before, after = (np.array(case["inputs"][name]) for name in ("reference", "current"))
    windows = Windows.of(before, after, np.arange(len(before), dtype=float))
    return drift(MEASURES["psi"], windows, is_binned=True)


def test_the_drawn_null_of_the_stability_index_is_the_chi_square_one_in_large_windows() -> None:
    """Within three errors of 999 draws; 95 % points vary by a tenth."""
    found, expected = drift_of_labels(CASES["labels_4"]), CASES["labels_4"]["expected"]
    mean = expected["psi_expected_under_no_drift"]["value"]
    assert found.usual == pytest.approx(mean, abs=3 * mean * np.sqrt(2 / 3 / DRAWS))
    assert found.limit == pytest.approx(expected["psi_95pct_critical"]["value"], rel=0.1)
    assert found.p == pytest.approx(expected["chi2_p"]["value"], abs=3 * np.sqrt(0.033 / DRAWS))


def test_in_small_windows_it_is_the_exact_one_which_is_larger_than_the_chi_square() -> None:
    """Seventeen of a hundred dealt to two windows of fifty: every outcome with its hypergeometric chance."""
    found = drift_of_labels(CASES["labels_2_small"])
    few = np.arange(18)
    outcomes = np.stack([50 - few, few], axis=1), np.stack([33 + few, 17 - few], axis=1)
    indices, chances = psi(*(each.astype(float) for each in outcomes)), hypergeom(100, 17, 50).pmf(few)
    mean = chances @ indices
    assert found.usual == pytest.approx(mean, abs=3 * np.sqrt((chances @ indices**2 - mean**2) / DRAWS))
    assert mean > CASES["labels_2_small"]["expected"]["psi_expected_under_no_drift"]["value"]
    exact = chances[indices >= found.value - 1e-12].sum()
    assert found.p == pytest.approx(exact, abs=3 * np.sqrt(exact * (1 - exact) / DRAWS))


def test_js_is_scipys_distance_squared_and_rows_go_together() -> None:
    random = np.random.default_rng(3)
    before, after = random.integers(0, 40, (2, 5, 7)).astype(float)
    expected = [jensenshannon(one, other, base=2) ** 2 for one, other in zip(before, after, strict=True)]
    np.testing.assert_allclose(js_divergence(before, after), expected, rtol=0, atol=1e-12)


def test_an_empty_cell_gives_every_cell_half_an_observation_and_a_full_table_none() -> None:
    """By hand: 10, 0 against 8, 2 is taken as 10.5, 0.5 against 8.5, 2.5."""
    before, after = np.array([10.5, 0.5]) / 11, np.array([8.5, 2.5]) / 11
    expected = ((after - before) * np.log(after / before)).sum()
    assert psi(np.array([10.0, 0.0]), np.array([8.0, 2.0])) == pytest.approx(expected, abs=1e-15)
    assert psi(np.array([3.0, 7.0]), np.array([3.0, 7.0])) == 0
    assert np.isfinite(psi(np.array([5.0, 0.0]), np.array([0.0, 5.0])))


def test_bins_hold_a_tenth_of_the_reference_and_equal_scores_stay_together() -> None:
    random = np.random.default_rng(4)
    binned = of_samples(scores(random, 5_000), scores(random, 50)).in_bins(10)
    np.testing.assert_allclose(binned.reference, 500, atol=5)
    tied = of_samples(np.repeat([0.1, 0.9], [95, 5]), np.repeat([0.1, 0.9], [5, 5])).in_bins(10)
    np.testing.assert_array_equal(tied.reference, [95, 5])


@pytest.mark.parametrize("name", MEASURES)
def test_a_small_week_is_not_alarmed_over_where_folklore_is(name: str) -> None:
    """Of a hundred scores a week without drift, the rule of thumb calls many a week; the test calls 1 in 20."""
    random = np.random.default_rng(5)
    found = [drift(MEASURES[name], of_samples(scores(random, 400), scores(random, 80))) for _ in range(100)]
    called = sum(each.p <= 0.05 for each in found)
    assert called <= 11  # 5 are expected; 11 is the 99.5 % point of the binomial
    if name == "psi":
        assert sum(folklore(each.value) != "stable" for each in found) > 50


@pytest.mark.parametrize("name", MEASURES)
def test_the_interval_holds_the_true_drift(name: str) -> None:
    """At least 86 of 100 intervals do, the 0.1 % point where 95 % are right; the truth is of windows of a million."""
    random = np.random.default_rng(6)
    measure = MEASURES[name]
    large = of_samples(scores(random, 1_000_000), scores(random, 1_000_000, shift=0.3))
    true = float(measure.of(large.in_bins(10) if measure.is_binned else large))
    found = [drift(measure, of_samples(scores(random, 3_000), scores(random, 800, shift=0.3))) for _ in range(100)]
    assert sum(each.low <= true <= each.high for each in found) >= 86
    assert all(each.low <= each.effect <= each.high for each in found)


def test_no_verdict_comes_of_a_p_value_alone() -> None:
    """A twentieth of a standard deviation in a million scores is beyond chance and too small to matter."""
    random = np.random.default_rng(7)
    tiny = of_samples(scores(random, 300_000), scores(random, 300_000, shift=0.05))
    large = of_samples(scores(random, 3_000), scores(random, 3_000, shift=0.4))
    for measure in MEASURES.values():
        found = [drift(measure, windows) for windows in (tiny, large)]
        assert found[0].p <= 0.05
        assert drifted(found) == [False, True]


def test_the_needed_number_is_where_the_limit_comes_down_to_the_smallest_effect() -> None:
    random = np.random.default_rng(8)
    before = scores(random, 20_000)
    for measure in MEASURES.values():
        needed = drift(measure, of_samples(before, scores(random, 100))).needed
        assert needed is not None
        found = drift(measure, of_samples(before, scores(random, needed)))
        assert found.limit == pytest.approx(found.smallest, rel=0.15)


def test_expected_calls_are_what_is_called_without_drift() -> None:
    """Windows so small that all that is significant is large: at most one family in twenty has a call."""
    random = np.random.default_rng(9)
    families = [
        [drift(MEASURES["psi"], of_samples(scores(random, 90), scores(random, 60))) for _ in range(4)]
        for _ in range(80)
    ]
    called = sum(sum(drifted(each)) for each in families) / len(families)
    stated = np.mean([expected_calls(each) for each in families])
    assert 0.02 < stated < 0.09
    assert called == pytest.approx(stated, abs=3 * np.sqrt(stated / len(families)))


def frame(random: np.random.Generator, size: int, *, shift: float = 0.0) -> pl.DataFrame:
    """The frame of `model_scores` for so many items."""
    given = scores(random, size, shift=shift)
    rows = pl.DataFrame({"score": given, "model_label": np.where(given > 0.5, "remove", "keep")})
    return rows.group_by("score", "model_label").agg(items=pl.len().cast(pl.Int64))


@pytest.mark.parametrize("name", ["score_psi", "score_js", "score_ks", "score_wasserstein", "label_psi", "label_js"])
def test_weeks_are_held_against_the_first_third_and_only_the_moved_ones_drift(name: str) -> None:
    random = np.random.default_rng(10)
    weeks = [frame(random, 2_000, shift=0.8 * (week == 5)) for week in range(6)]
    counts = pl.concat([each.with_columns(week=pl.lit(week)) for week, each in enumerate(weeks)])
    parts = list(cut(counts, ("week",), Options(), LABELS))
    found = estimates(CATALOGUE[name], parts, ("week",), LABELS, least=30)
    assert [each.note.startswith("drift") for each in found] == [False] * 5 + [True]
    assert "against the first 2 of 6" in found[3].note
    assert all(each.low <= each.value <= each.high for each in found)


def only(name: str, counts: pl.DataFrame, by: tuple[str, ...]) -> list[Estimate]:
    return estimates(CATALOGUE[name], list(cut(counts, by, Options(), LABELS)), by, LABELS, least=0)


def test_what_has_nothing_before_it_is_unknown_with_a_reason() -> None:
    counts = frame(np.random.default_rng(11), 50)
    (alone,) = only("score_psi", counts, ())
    assert (alone.value, alone.n) == (None, 50)
    assert "cut by day" in alone.note
    dated = counts.with_columns(week=pl.lit(1), policy=pl.lit("a"))
    (first,) = only("score_psi", dated, ("policy", "week"))
    assert first.value is None
    timeless = pl.concat([dated, dated.with_columns(week=pl.lit(None, pl.Int32))])
    assert [each.value for each in only("score_psi", timeless, ("week",))] == [None, None]


def test_policies_are_held_against_themselves_alone() -> None:
    random = np.random.default_rng(12)
    shifts = {"a": 0.0, "b": 2.0}
    counts = pl.concat(
        frame(random, 2_000, shift=shift).with_columns(policy=pl.lit(policy), week=pl.lit(week))
        for policy, shift in shifts.items()
        for week in range(3)
    )
    assert not any(each.note.startswith("drift") for each in only("score_ks", counts, ("policy", "week")))


def test_no_score_and_no_label_are_counted_and_said() -> None:
    rows = {"score": [0.5, None, 0.25], "model_label": ["keep", None, "refusal"], "items": [3, 4, 5]}
    given = pl.DataFrame(rows)
    values, counts, left_out = score_counts([given])
    assert (values.tolist(), counts.tolist(), left_out.tolist()) == ([0.25, 0.5], [[5, 3]], [4])
    assert answer_counts([given], LABELS).tolist() == [[3, 0, 9]]
    weeks = pl.concat([given.with_columns(week=pl.lit(week)) for week in range(3)])
    assert "4 items without a score are left out" in only("score_psi", weeks, ("week",))[2].note
