"""Few labels and many scores give honest shares, narrower than labels alone, and claims are tested before believed."""

import numpy as np
import polars as pl
import pytest
from test_confidence import frame, simulated

from metrics import cbpe, prediction_powered
from metrics.recalibration import chances
from metrics.scores import Scored


def sampled(seed: int, *, sharpness: float = 1.0, labels: int = 200) -> tuple[Scored, pl.DataFrame, float, float]:
    """A sample with labels, the scores of all content, the share that violates and the share that is judged right."""
    score, outcome = simulated(20_000, sharpness=sharpness, seed=seed)
    chosen = np.random.default_rng(seed).choice(len(score), labels, replace=False)
    everything = pl.DataFrame({"score": score, "items": 1}).group_by("score").agg(pl.col("items").sum())
    right = float(((score >= 0.5) == outcome).mean())
    return Scored.of(frame(score[chosen], outcome[chosen])), everything, float(outcome.mean()), right


@pytest.mark.parametrize("sharpness", [1.0, 2.0])
def test_intervals_hold_the_truth_and_are_narrower_than_those_of_the_labels(sharpness: float) -> None:
    """Over 150 samples of 200 labels, whether scores are calibrated or twice too extreme."""
    held, widths = np.zeros(2), []
    for seed in range(150):
        labelled, everything, violating, right = sampled(seed, sharpness=sharpness)
        for place, (found, truth) in enumerate(
            (
                (prediction_powered.prevalence(labelled, everything), violating),
                (prediction_powered.accuracy(labelled, everything), right),
            )
        ):
            assert found.powered.low is not None
            assert found.powered.high is not None
            assert found.labels_only.low is not None
            assert found.labels_only.high is not None
            held[place] += found.powered.low <= truth <= found.powered.high
            if not place:
                alone = found.labels_only.high - found.labels_only.low
                widths.append((found.powered.high - found.powered.low) / alone)
    assert (held / 150 > 0.91).all()
    assert np.median(widths) < 0.93


def test_scores_that_say_nothing_cost_next_to_nothing() -> None:
    ratios = []
    for seed in range(50):
        random = np.random.default_rng(seed)
        score, outcome = random.random(5_000).round(4), random.random(5_000) < 0.3
        everything = pl.DataFrame({"score": score, "items": 1})
        found = prediction_powered.prevalence(Scored.of(frame(score[:400], outcome[:400])), everything)
        powered, alone = ((each.high or 0) - (each.low or 0) for each in (found.powered, found.labels_only))
        ratios.append(powered / alone)
    assert np.median(ratios) < 1.05


def test_audits_are_weighed() -> None:
    """High scores are audited nine times as often; weighed, they do not count for more."""
    score, outcome = simulated(40_000, seed=2)
    random = np.random.default_rng(2)
    share = np.where(score >= 0.5, 0.09, 0.01)
    drawn = random.random(len(score)) < share
    found = frame(score[drawn], outcome[drawn]).with_columns(weight=pl.Series(1 / share[drawn]))
    few = prediction_powered.prevalence(Scored.of(found), pl.DataFrame({"score": score, "items": 1}))
    assert few.powered.low is not None
    assert few.powered.high is not None
    assert few.powered.low <= outcome.mean() <= few.powered.high
    assert few.labels_only.value == pytest.approx(outcome.mean(), abs=0.05)


def test_without_labels_or_scores_nothing_is_said() -> None:
    labelled, everything, _, _ = sampled(0)
    nobody = labelled.where(np.zeros(len(labelled.score), dtype=bool), labelled.items)
    assert prediction_powered.prevalence(nobody, everything).powered.value is None
    unscored = everything.with_columns(score=pl.lit(None, pl.Float64))
    assert prediction_powered.prevalence(labelled, unscored).powered.note == prediction_powered.NO_SCORES
    assert cbpe.claim(labelled, unscored).sentence == "The model gives no scores, so it claims nothing."


def test_a_claim_is_believed_where_scores_are_calibrated_and_not_where_they_are_too_extreme() -> None:
    believed: list[list[bool]] = [[], []]
    for seed in range(60):
        for place, sharpness in enumerate((1.0, 2.5)):
            labelled, everything, _, right = sampled(seed, sharpness=sharpness, labels=500)
            found = cbpe.claim(labelled, everything)
            believed[place].append(found.is_believed)
            if not place:
                assert found.accuracy == pytest.approx(right, abs=0.02)
    assert np.mean(believed[0]) > 0.88
    assert np.mean(believed[1]) < 0.05


def test_spiegelhalters_z_is_standard_normal_for_calibrated_scores() -> None:
    found = []
    for seed in range(300):
        random = np.random.default_rng(seed)
        score = chances(random.normal(-1, 1.5, 300))
        found.append(cbpe.calibration_z(Scored.of(frame(score, random.random(300) < score))) or 0.0)
    assert np.mean(found) == pytest.approx(0, abs=0.2)
    assert np.std(found) == pytest.approx(1, abs=0.12)


def test_too_few_labels_are_said() -> None:
    labelled, everything, _, _ = sampled(1, labels=40)
    assert cbpe.claim(labelled, everything).sentence.endswith(
        "40 labels are too few to test whether scores can be believed."
    )
