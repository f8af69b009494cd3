"""Cross-replication reliability, and what people allow."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from references import pattern

from metrics.cross_replication import (
    cross_features,
    cross_kappa,
    cross_reliability,
    human_alpha,
    normalised_reliability,
)
from metrics.linearisation import SmoothStatistic
from metrics.options import Options
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("a", "b", "c"), declared=True)
# Counts of two labels by item; items 6 and 7 of the authors' first data set are not in the second.
ONE = np.array([[0, 2], [0, 3], [2, 0], [3, 0], [1, 1]])
OTHER = np.array([[0, 2], [1, 1], [1, 1], [1, 1], [2, 0]])
AUTHORS = 0.1818182


def joint(said: np.ndarray, given: np.ndarray) -> pl.DataFrame:
    """The frame of `model_patterns` for answers and label counts; the answer after the last label is none."""
    names = [*LABELS.labels, None]
    rows = [(names[answer], pattern(row, LABELS.labels)) for answer, row in zip(said, given.tolist(), strict=True)]
    frame = pl.DataFrame(rows, schema={"model_label": pl.String, "pattern": pl.String}, orient="row")
    return frame.group_by("model_label", "pattern").agg(items=pl.len().cast(pl.Int64))


def simulated(generator: np.random.Generator, items: int) -> tuple[np.ndarray, np.ndarray]:
    """A model and two or three reviewers who err by themselves: the model a quarter of the time, people a fifth."""
    right = generator.choice(3, items, p=[0.6, 0.3, 0.1])

    def rated(share_right: float) -> np.ndarray:
        return np.where(generator.random(items) < share_right, right, generator.choice(3, items))

    people = [rated(0.8) for _ in range(3)]
    given = sum(np.eye(3, dtype=int)[each] for each in people[:2])
    third = generator.random(items) < 0.5
    return rated(0.75), given + np.eye(3, dtype=int)[people[2]] * third[:, None]


def test_the_authors_own_example() -> None:
    """CrossReplicationReliabilityTest.java of google-research/cross-replication-reliability."""
    found = SmoothStatistic(cross_features(ONE, OTHER), np.ones(5, dtype=np.int64), cross_reliability)
    assert found.value() == pytest.approx(AUTHORS, abs=5e-8)


def test_it_is_one_minus_observed_over_expected_by_the_letter() -> None:
    """Every pair of ratings, one by one."""
    said, given = simulated(np.random.default_rng(1), 40)
    ratings = given.sum(axis=1)
    observed = sum(
        (1 + ratings[item]) * given[item, label] * (label != said[item]) / ratings[item]
        for item, label in product(range(40), range(3))
    ) / (40 + ratings.sum())
    expected = sum(given[:, label].sum() * (said != label).sum() for label in range(3)) / (40 * ratings.sum())
    assert cross_kappa(joint(said, given), LABELS, Options()).value == pytest.approx(1 - observed / expected)


def test_no_label_lowers_the_agreement_and_is_not_left_out() -> None:
    said, given = simulated(np.random.default_rng(2), 400)
    silent = np.where(np.arange(400) < 40, 3, said)
    all_said, some = (cross_kappa(joint(each, given), LABELS, Options()) for each in (said, silent))
    assert all_said.n == some.n == 400
    assert some.value < all_said.value


def test_normalised_it_is_kappa_over_the_root_of_alpha() -> None:
    counts = joint(*simulated(np.random.default_rng(3), 500))
    kappa, alpha = (metric(counts, LABELS, Options()).value for metric in (cross_kappa, human_alpha))
    found = normalised_reliability(counts, LABELS, Options())
    assert found.value == pytest.approx(kappa / np.sqrt(alpha))
    assert "reliability 1" in found.note
    resampled = normalised_reliability(counts, LABELS, Options(interval="bootstrap"))
    assert (found.low, found.high) == pytest.approx((resampled.low, resampled.high), abs=0.02)


def test_a_model_as_good_as_a_reviewer_comes_to_the_root_of_alpha() -> None:
    """One of the reviewers in the model's place: κ_x is then their own reliability, as the authors say."""
    generator = np.random.default_rng(4)
    right = generator.choice(3, 20_000, p=[0.6, 0.3, 0.1])
    raters = [np.where(generator.random(20_000) < 0.8, right, generator.choice(3, 20_000)) for _ in range(3)]
    counts = joint(raters[0], sum(np.eye(3, dtype=int)[each] for each in raters[1:]))
    kappa, alpha = (metric(counts, LABELS, Options()).value for metric in (cross_kappa, human_alpha))
    assert kappa == pytest.approx(alpha, abs=0.01)


def test_intervals_hold_the_truth() -> None:
    """Of 400 samples of 150 items about 95 in 100 do."""
    said, given = simulated(np.random.default_rng(5), 400_000)
    truth = normalised_reliability(joint(said, given), LABELS, Options()).value
    generator = np.random.default_rng(6)
    found = [normalised_reliability(joint(*simulated(generator, 150)), LABELS, Options()) for _ in range(400)]
    assert 0.92 <= np.mean([each.low <= truth <= each.high for each in found]) <= 0.98


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ([[1, 0, 0]] * 20, "no item that the model answered has two independent reviews"),
        ([[1, 1, 0]] * 20, "no better than by chance"),
    ],
)
def test_where_people_cannot_tell_neither_can_we(given: list[list[int]], why: str) -> None:
    found = normalised_reliability(joint(np.zeros(20, dtype=int), np.array(given)), LABELS, Options())
    assert found.value is None
    assert why in found.note
