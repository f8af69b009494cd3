"""Two thresholds and risk against coverage, by hand and against the definitions written out."""

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.proportion import proportion_confint

from metrics.risk_coverage import area_under_risk_coverage, risk_coverage
from metrics.routing import mistake_costs, routing
from metrics.taxonomy import Taxonomy

OUTCOMES = pl.DataFrame(
    [(0.05, False, 30), (0.05, True, 2), (0.4, True, 5), (0.6, False, 4), (0.9, True, 38), (0.9, False, 1)],
    schema=["score", "is_violating", "items"],
    orient="row",
)
SCORES = pl.DataFrame(
    [
        ("hate", 0.05, 600),
        ("spam", 0.05, 100),
        ("hate", 0.5, 200),
        ("spam", 0.9, 80),
        ("hate", 1.0, 20),
        ("hate", None, 7),
    ],
    schema=["policy", "score", "items"],
    orient="row",
)
SECONDS = {"hate": 36.0, "spam": 18.0}
COSTS = {"removal": 10.0, "keep": 100.0}


def test_zones_hold_what_scores_below_and_from_the_two_thresholds():
    made = routing(SCORES, OUTCOMES, seconds=SECONDS, costs=COSTS).at(0.1, 0.9)
    assert (made.kept.items, made.removed.items) == (700, 100)
    assert (made.kept.share, made.removed.share, made.human) == pytest.approx((0.7, 0.1, 0.2))
    everything = routing(SCORES, OUTCOMES, seconds=SECONDS, costs=COSTS).at(0.5, 0.5)
    assert (everything.kept.items, everything.removed.items, everything.human) == (700, 300, 0.0)


def test_errors_are_as_frequent_as_among_the_labels_beyond_with_their_exact_interval():
    made = routing(SCORES, OUTCOMES, seconds=SECONDS, costs=COSTS).at(0.1, 0.9)
    low, high = proportion_confint(2, 32, alpha=0.05, method="beta")
    kept = made.kept.errors
    assert (kept.value, kept.low, kept.high, kept.n) == pytest.approx((700 * 2 / 32, 700 * low, 700 * high, 32))
    assert made.removed.rate.value == pytest.approx(1 / 39)
    assert made.harm.value == pytest.approx(100 * 700 * 2 / 32 + 10 * 100 / 39)


def test_hours_are_what_people_would_have_taken_for_the_items_of_each_policy():
    made = routing(SCORES, OUTCOMES, seconds=SECONDS, costs=COSTS).at(0.1, 0.9)
    assert made.kept.hours == pytest.approx((600 * 36 + 100 * 18) / 3600)
    assert made.hours == pytest.approx((620 * 36 + 180 * 18) / 3600)
    unknown = routing(SCORES, OUTCOMES, seconds={"hate": 36.0}, costs=COSTS).at(0.1, 0.9)
    assert unknown.hours is None


def test_what_is_unknown_is_said_and_never_nothing():
    made = routing(SCORES, OUTCOMES, seconds=SECONDS, costs={"removal": 10.0, "keep": None}).at(0.1, 0.95)
    assert made.removed.rate.value is None
    assert made.removed.errors.note == "no item with a label lies there"
    assert made.harm.value is None
    nothing = routing(SCORES, OUTCOMES, seconds=SECONDS, costs=COSTS).at(0.0, 1.0)
    assert (nothing.kept.items, nothing.removed.items) == (0, 20)


def test_labels_that_stand_for_different_numbers_of_items_weigh_so():
    weighed = OUTCOMES.with_columns(weight=pl.Series([1.0, 3.0, 1.0, 1.0, 1.0, 1.0]))
    kept = routing(SCORES, weighed, seconds=SECONDS, costs=COSTS).at(0.1, 0.9).kept.rate
    assert kept.value == pytest.approx(6 / 36)
    effective = 36**2 / (30 + 2 * 9)
    low, high = proportion_confint(effective * 6 / 36, effective, alpha=0.05, method="wilson")
    assert (kept.low, kept.high) == pytest.approx((low, high))
    assert kept.note.startswith("labels weigh as they were drawn")


def test_a_mistake_costs_the_mean_of_the_pairs_of_labels_that_may_be_meant():
    labels = Taxonomy(
        ("fine", "hide", "remove"),
        violating=frozenset({"hide", "remove"}),
        costs={("fine", "hide"): 1.0, ("fine", "remove"): 3.0, ("remove", "fine"): 9.0, ("hide", "remove"): 50.0},
    )
    assert mistake_costs(labels) == {"removal": 2.0, "keep": 9.0}
    assert mistake_costs(Taxonomy(("fine", "remove"))) == {"removal": None, "keep": None}


def test_the_curve_decides_fewer_items_as_the_cut_widens():
    curve = risk_coverage(OUTCOMES)
    first, last = curve.row(0, named=True), curve.row(-1, named=True)
    assert (first["remove_from"], first["keep_below"], first["coverage"], first["n"]) == (0.5, 0.5, 1.0, 80)
    assert first["value"] == pytest.approx(12 / 80)
    assert (last["remove_from"], last["n"]) == (0.95, 32)
    assert last["value"] == pytest.approx(2 / 32)
    low, high = proportion_confint(2, 32, alpha=0.05, method="wilson")
    assert (last["low"], last["high"]) == pytest.approx((low, high))


def area_written_out(score: np.ndarray, violating: np.ndarray, draws: np.random.Generator) -> float:
    """The definition, with equally sure items in a random order."""
    order = np.lexsort((draws.random(len(score)), -np.abs(2 * score - 1)))
    wrong = (score >= 0.5) != violating
    return float((wrong[order].cumsum() / np.arange(1, len(score) + 1)).mean())


def test_the_area_is_the_mean_of_the_risks_of_the_surest_items():
    draws = np.random.default_rng(3)
    score = draws.integers(0, 21, 400) / 20
    violating = draws.random(400) < score
    frame = pl.DataFrame({"score": score, "is_violating": violating, "items": 1})
    meant = np.mean([area_written_out(score, violating, draws) for _ in range(2_000)])
    found = area_under_risk_coverage(frame)
    assert found.value == pytest.approx(meant, abs=2e-3)
    grouped = frame.group_by("score", "is_violating").agg(pl.len().alias("items"))
    assert area_under_risk_coverage(grouped).value == pytest.approx(found.value)
    assert area_under_risk_coverage(grouped).low == pytest.approx(found.low)


def test_the_area_without_ties_is_exact():
    score, violating = np.array([0.99, 0.02, 0.9, 0.2, 0.7, 0.45]), np.array([True, True, True, False, False, False])
    frame = pl.DataFrame({"score": score, "is_violating": violating, "items": 1})
    assert area_under_risk_coverage(frame).value == pytest.approx(np.mean([0, 1 / 2, 1 / 3, 1 / 4, 2 / 5, 2 / 6]))


def test_intervals_of_the_area_hold_the_truth():
    draws = np.random.default_rng(8)

    def log(n: int) -> pl.DataFrame:
        score = draws.beta(0.5, 0.7, n).round(4)
        return pl.DataFrame({"score": score, "is_violating": draws.random(n) < score, "items": 1})

    truth = area_under_risk_coverage(log(1_000_000)).value
    found = [area_under_risk_coverage(log(600)) for _ in range(300)]
    covered = sum(each.low <= truth <= each.high for each in found)
    assert covered >= 271, "95 % but for one check in 1,000 that errs"


def test_no_outcome_has_no_area():
    nothing = OUTCOMES.clear()
    assert area_under_risk_coverage(nothing).value is None
    assert risk_coverage(nothing).is_empty()
    sure = OUTCOMES.filter(pl.col("is_violating") == (pl.col("score") > 0.5))
    assert area_under_risk_coverage(sure).note == "no interval: the model made no error"
