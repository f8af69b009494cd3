"""Scores are judged as figures from outside the project judge them, and recalibrated only where that helps."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from references import assert_figure, cases
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from metrics import recalibration, reliability, scores
from metrics.catalogue import CATALOGUE
from metrics.options import Options
from metrics.scores import Scored
from metrics.taxonomy import Taxonomy

TAXONOMY = Taxonomy(("keep", "remove"), violating=frozenset({"remove"}))
GOLD = Options(reference="gold")


def frame(score: Any, violates: Any, items: Any = 1) -> pl.DataFrame:
    """A frame of outcomes."""
    kinds = {"score": pl.Float64, "is_violating": pl.Boolean, "items": pl.Int64}
    columns = {"score": list(score), "is_violating": [bool(each) for each in violates]}
    return (
        pl.DataFrame(columns)
        .with_columns(items=pl.lit(items) if isinstance(items, int) else pl.Series(items))
        .cast(kinds)
    )


def counts(score: Any, violates: Any) -> pl.DataFrame:
    """The counts of `model_gold`."""
    rows = frame(score, violates).group_by("score", "is_violating").agg(pl.col("items").sum())
    label = pl.when("is_violating").then(pl.lit("remove")).otherwise(pl.lit("keep"))
    return rows.select(label.alias("gold_label"), "score", "items", model_label=pl.lit("keep"))


def simulated(n: int, *, sharpness: float = 1.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose log odds are `sharpness` times what they should be, and outcomes."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(-1, 1.5, n)
    return recalibration.chances(sharpness * log_odds).round(4), random.random(n) < recalibration.chances(log_odds)


@pytest.fixture(params=["calib_r60", "calib_edges"])
def case(request: pytest.FixtureRequest) -> tuple[Scored, dict[str, Any]]:
    """Scores and outcomes, and what is to be found of them."""
    found = cases("calibration")[request.param]
    return Scored.of(frame(found["inputs"]["score"], found["inputs"]["label"])), found["expected"]


def test_every_figure_is_that_of_the_reference(case: tuple[Scored, dict[str, Any]]) -> None:
    scored, expected = case
    of_bins = reliability.parts(scored)
    of_scores = reliability.parts(scored, np.unique(scored.score, return_inverse=True)[1])
    pooled, errors = reliability.corp(scored), reliability.calibration_errors(scored)
    design = np.column_stack([np.ones_like(scored.score), scored.score])
    found = {
        "brier": scored.mean(scores.squares(scored)),
        "auc": scores.ranked(scored)[0],
        "ece_10_equal_width": errors[0][0],
        "mce_10_equal_width": errors[1][0],
        "murphy_reliability_binned": of_bins.reliability,
        "murphy_resolution_binned": of_bins.resolution,
        "murphy_uncertainty": of_bins.uncertainty,
        "stephenson_within_bin_variance": of_bins.within_variance,
        "stephenson_within_bin_covariance": of_bins.within_covariance,
        "murphy_reliability_by_unique_score": of_scores.reliability,
        "murphy_resolution_by_unique_score": of_scores.resolution,
        "corp_miscalibration": pooled.miscalibration,
        "corp_discrimination": pooled.discrimination,
        "isotonic_fit_sorted": pooled.violating[np.searchsorted(pooled.score, scored.score)],
        "reliability_table": reliability.reliability_table(scored).select("bin", "n", "score", "value").rows(),
        "logistic_recalibration_intercept_slope": recalibration.logistic(design, scored.outcome, scored.items)[0],
        "platt_1999_A_B": sigmoid(recalibration.platt(scored)),
    }
    if "log_loss" in expected:
        log_odds = recalibration.logits(scored.score)
        alone = np.ones((len(log_odds), 1))
        found |= {
            "log_loss": scored.mean(scores.surprise(scored)),
            "calibration_in_the_large": recalibration.logistic(alone, scored.outcome, scored.items, log_odds)[0][0],
            "calibration_slope": recalibration.logistic(
                np.column_stack([alone[:, 0], log_odds]), scored.outcome, scored.items
            )[0][1],
        }
    assert set(found) == set(expected)
    for name, value in found.items():
        assert_figure(value, expected[name])


def sigmoid(curve: recalibration.Curve) -> tuple[float, float]:
    """Platt's A and B of a curve 1 / (1 + exp(A s + B))."""
    at_0, at_1 = (float(np.log(1 / p - 1)) for p in curve(np.array([0.0, 1.0])))
    return at_1 - at_0, at_0


@pytest.mark.parametrize("seed", range(3))
def test_weighted_items_are_as_in_scikit_learn(seed: int) -> None:
    random = np.random.default_rng(seed)
    score, outcome = simulated(300, seed=seed)
    weight = random.integers(1, 5, 300).astype(float)
    scored = Scored(score, outcome.astype(float), weight, np.ones(300))
    assert scored.mean(scores.squares(scored)) == pytest.approx(brier_score_loss(outcome, score, sample_weight=weight))
    assert scored.mean(scores.surprise(scored)) == pytest.approx(log_loss(outcome, score, sample_weight=weight))
    assert scores.ranked(scored)[0] == pytest.approx(roc_auc_score(outcome, score, sample_weight=weight))
    fitted = IsotonicRegression().fit(score, outcome, weight).predict(np.unique(score))
    np.testing.assert_allclose(reliability.corp(scored).violating, fitted, atol=1e-12)


def test_intervals_hold_the_truth_of_calibrated_scores() -> None:
    """Over 200 samples: the Brier score, the area under the curve and a slope of 1."""
    everything = Scored.of(
        frame(*simulated(200_000, seed=99)).group_by("score", "is_violating").agg(pl.col("items").sum())
    )
    truth = (everything.mean(scores.squares(everything)), scores.ranked(everything)[0], 1.0)
    held = np.zeros(3)
    for seed in range(200):
        sample = counts(*simulated(500, seed=seed))
        found = [
            each(sample, TAXONOMY, GOLD) for each in (scores.brier_score, scores.auc, recalibration.calibration_slope)
        ]
        held += [e.low <= value <= e.high for e, value in zip(found, truth, strict=True)]  # type: ignore[operator]
    assert (held / 200 > 0.91).all()


def test_scores_that_are_too_extreme_are_found_and_mended_by_temperature() -> None:
    score, outcome = simulated(4_000, sharpness=2.0)
    slope = recalibration.calibration_slope(counts(score, outcome), TAXONOMY, GOLD)
    assert slope.low is not None
    assert slope.high is not None
    assert slope.low <= 0.5 <= slope.high
    found = recalibration.recalibrated(Scored.of(frame(score, outcome)))
    assert found.method is not None
    assert dict(found.gains.select("method", "low").rows())["temperature"] > 0


def test_calibrated_scores_need_no_recalibration() -> None:
    found = recalibration.recalibrated(Scored.of(frame(*simulated(4_000, seed=3))))
    assert found.method is None
    assert found.table["score"].equals(found.table["recalibrated"].alias("score"))


def test_what_a_perfect_score_would_show_stands_beside_the_calibration_error() -> None:
    found = reliability.expected_calibration_error(counts(*simulated(500, seed=1)), TAXONOMY, GOLD)
    assert "a perfectly calibrated score would show 0.0" in found.note
    lucky = [reliability.calibration_errors(Scored.of(frame(*simulated(500, seed=seed))))[0][0] for seed in range(100)]
    assert np.mean(lucky) == pytest.approx(
        reliability.expected_if_calibrated(Scored.of(frame(*simulated(500, seed=1)))), abs=0.006
    )


@pytest.mark.parametrize("name", ["brier_score", "log_loss", "auc", "expected_calibration_error", "calibration_slope"])
def test_nothing_scored_is_undefined(name: str) -> None:
    compute = CATALOGUE[name].compute
    assert compute is not None
    found = compute(counts([0.5], [True]).with_columns(score=pl.lit(None, pl.Float64)), TAXONOMY, GOLD)
    assert (found.value, found.note) == (None, scores.NOTHING)


def test_one_kind_of_outcome_cannot_be_told_apart() -> None:
    assert scores.auc(counts([0.2, 0.6], [True, True]), TAXONOMY, GOLD).note == scores.ONE_KIND
    assert recalibration.calibration_slope(counts([0.2, 0.6], [True, True]), TAXONOMY, GOLD).note == scores.ONE_KIND


def test_a_sure_score_that_is_wrong_has_no_log_loss() -> None:
    assert scores.log_loss(counts([0.0, 0.6], [True, True]), TAXONOMY, GOLD).note == scores.SURE_AND_WRONG
