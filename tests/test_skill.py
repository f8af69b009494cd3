"""The map of skill and leaning, and accuracy on the same content."""

import dataclasses
from contextlib import closing

import numpy as np
import polars as pl
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint
from tallied import LABELS, house, tallied
from test_answer_key import NULL, loaded

from metrics.options import Options
from metrics.signal_detection import CRITERION, D_PRIME, detection
from metrics.skill import LEAST_SKILL, accuracy_at_reference_prevalence, skill_map, target_zone
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters


def answers(who: str, hits: int, misses: int, alarms: int, rejections: int) -> tuple[tuple[str, str, str, int], ...]:
    """The answers of one reviewer."""
    spam = (who, "spam", "hate", hits), (who, "spam", "fine", misses)
    return (*spam, (who, "fine", "spam", alarms), (who, "fine", "fine", rejections))


COUNTED = {"a": (20, 5, 10, 15), "b": (25, 0, 0, 25), "c": (0, 30, 40, 0), "d": (39, 1, 2, 80)}
TALLIES = tallied(*(row for who, counts in COUNTED.items() for row in answers(who, *counts)))


def test_everybody_by_themselves_is_as_the_metrics_have_it() -> None:
    """d′ and c with their limits are those of a single reviewer, also where a share is 0 or 1."""
    found = skill_map(TALLIES, LABELS, prevalence=0.1, cost_ratio=1).reviewers
    assert found["reviewer"].to_list() == list(COUNTED)
    for row, (hits, misses, alarms, rejections) in zip(found.iter_rows(named=True), COUNTED.values(), strict=True):
        alone = detection((hits, hits + misses), (alarms, alarms + rejections))
        assert (row["d_prime"], row["criterion"]) == pytest.approx((alone.d_prime, alone.criterion))
        assert (row["d_low"], row["d_high"]) == pytest.approx(alone.interval(D_PRIME))
        assert (row["c_low"], row["c_high"]) == pytest.approx(alone.interval(CRITERION))
        assert row["answers"] == hits + misses + alarms + rejections
        assert row["accuracy"] == pytest.approx((hits + rejections) / row["answers"])


def test_pooled_values_lie_between_everybodys_own_and_the_mean() -> None:
    """The spread of pooled values is less than that of values by themselves, and intervals are narrower on average."""
    found = skill_map(house(np.random.default_rng(3), 40, 80).tallies, LABELS, prevalence=0.1, cost_ratio=1).reviewers
    assert found["pooled_d"].std() < found["d_prime"].std()
    assert found["pooled_c"].std() < found["criterion"].std()
    for pooled, own in (("pooled_d", "d"), ("pooled_c", "c")):
        width, width_alone = ((found[f"{name}_high"] - found[f"{name}_low"]).mean() for name in (pooled, own))
        assert width < width_alone


def test_too_little_gold_of_a_kind_is_withheld_and_counted() -> None:
    tallies = pl.concat([TALLIES, tallied(*answers("e", 4, 0, 5, 50), *answers("f", 0, 0, 9, 9))])
    found = skill_map(tallies, LABELS, prevalence=0.1, cost_ratio=1)
    assert found.withheld == 2
    assert found.reviewers["reviewer"].to_list() == list(COUNTED)


@pytest.mark.parametrize("tallies", [TALLIES.clear(), tallied(*answers("e", 4, 0, 5, 50))], ids=["nobody", "too few"])
def test_without_enough_gold_there_is_no_map(tallies: pl.DataFrame) -> None:
    assert skill_map(tallies, LABELS, prevalence=0.1, cost_ratio=1) is None
    assert skill_map(TALLIES, Taxonomy(LABELS.labels), prevalence=0.1, cost_ratio=1) is None


@pytest.mark.parametrize(
    ("d_prime", "prevalence", "cost_ratio"), [(3, 0.1, 1), (2, 0.5, 1), (1.5, 0.3, 4), (2.5, 0.2, 0.1)]
)
def test_the_best_leaning_costs_least(d_prime: float, prevalence: float, cost_ratio: float) -> None:
    """Found by scipy's search; the ends of the zone cost a tenth more."""

    def cost(line: float) -> float:
        misses, alarms = norm.cdf(line - d_prime / 2), norm.cdf(-line - d_prime / 2)
        return prevalence * misses + (1 - prevalence) * cost_ratio * alarms

    low, best, high = target_zone(d_prime, prevalence, cost_ratio)
    assert best == pytest.approx(minimize_scalar(cost, (best - 1, best + 1)).x, abs=1e-5)
    assert best == pytest.approx(np.log((1 - prevalence) / prevalence * cost_ratio) / d_prime)
    assert low < best < high
    assert [cost(low) / cost(best), cost(high) / cost(best)] == pytest.approx([1.1, 1.1], abs=0.01)


def at(prevalence: float | None, counts: tuple[int, int, int, int], labels: Taxonomy = LABELS):
    """The metric of one reviewer's answers, each to an item of its own."""
    rows = tallied(*answers("a", *counts)).select("gold_label", "label", "answers", kind="label", items="answers")
    return accuracy_at_reference_prevalence(rows, labels, Options(reference_prevalence=prevalence))


def test_accuracy_at_a_prevalence_weighs_the_two_kinds() -> None:
    """80 % of violating and 60 % of other gold right: 62 % where a tenth violates, and 70 % half and half."""
    assert at(0.1, (20, 5, 10, 15)).value == pytest.approx(0.62)
    assert at(0.5, (20, 5, 10, 15)).value == pytest.approx(0.7)
    assert at(0.5, (20, 5, 10, 15)).n == 50
    own = skill_map(TALLIES, LABELS, prevalence=0.1, cost_ratio=1).reviewers.row(0, named=True)
    estimate = at(0.1, (20, 5, 10, 15))
    assert (own["accuracy_at_prevalence"], own["a_low"], own["a_high"]) == pytest.approx(
        (estimate.value, estimate.low, estimate.high)
    )


def test_distances_of_wilsons_limits_add_up_as_squares() -> None:
    (low, high), (low_other, high_other) = (proportion_confint(k, 25, method="wilson") for k in (20, 15))
    found = at(0.1, (20, 5, 10, 15))
    assert found.low == pytest.approx(0.62 - np.hypot(0.1 * (0.8 - low), 0.9 * (0.6 - low_other)))
    assert found.high == pytest.approx(0.62 + np.hypot(0.1 * (high - 0.8), 0.9 * (high_other - 0.6)))


def test_all_right_and_all_wrong_stay_in_bounds() -> None:
    assert (at(0.1, (25, 0, 0, 25)).value, at(0.1, (25, 0, 0, 25)).high) == (1, 1)
    assert (at(0.1, (0, 25, 25, 0)).value, at(0.1, (0, 25, 25, 0)).low) == (0, 0)


@pytest.mark.parametrize(
    ("prevalence", "counts", "labels", "known"),
    [
        (None, (20, 5, 10, 15), LABELS, "--set reference_prevalence"),
        (0.1, (4, 0, 10, 15), LABELS, "4 answers on gold that violates"),
        (0.1, (20, 5, 10, 15), Taxonomy(LABELS.labels), "`is_violating` in labels"),
    ],
)
def test_what_cannot_be_said_says_why(prevalence: float | None, counts: tuple, labels: Taxonomy, known: str) -> None:
    found = at(prevalence, counts, labels)
    assert (found.value, found.low) == (None, None)
    assert known in found.note


@pytest.mark.parametrize("prevalence", [0.02, 0.1, 0.5])
def test_intervals_at_a_prevalence_hold_the_truth(prevalence: float) -> None:
    """93 to 97 of 100 with 40 answers of each kind, simulated."""
    chance = np.random.default_rng(9)
    hit, right = chance.uniform(0.7, 0.98, (2, 1500))
    rows = []
    for place, (hits, alarms) in enumerate(zip(chance.binomial(40, hit), chance.binomial(40, 1 - right), strict=True)):
        rows += answers(f"r{place:04}", hits, 40 - hits, alarms, 40 - alarms)
    found = skill_map(tallied(*rows), LABELS, prevalence=prevalence, cost_ratio=1).reviewers
    truth = pl.Series(prevalence * hit + (1 - prevalence) * right)
    held = truth.is_between(found["a_low"], found["a_high"]).mean()
    print(f"{held:.1%}")
    assert 0.93 <= held <= 0.97


@pytest.mark.slow
def test_planted_skill_and_leaning_lie_in_the_intervals_of_simulated_logs(tmp_path) -> None:
    """Fifty logs, 48 reviewers of about 200 answers on gold: 93 to 97 of 100 hold what the key says of other gold."""
    truths = {"d": "d_prime", "c": "criterion", "pooled_d": "d_prime", "pooled_c": "criterion"}
    held: dict[str, list[float]] = {name: [] for name in truths}
    for seed in range(50):
        key, source = loaded(dataclasses.replace(NULL, seed=seed), tmp_path / str(seed))
        with closing(source.engine):
            tallies = ask(source.engine, "gold_tallies", Filters(stages=("gold",)), by=("reviewer",))
            found = skill_map(tallies, source.taxonomy, prevalence=0.1, cost_ratio=1).reviewers
        told = [key["people"][who]["on_other_gold"] for who in found["reviewer"]]
        for name, metric in truths.items():
            truth = pl.Series([each[metric] for each in told])
            held[name].append(truth.is_between(found[f"{name}_low"], found[f"{name}_high"]).mean())
    for name, shares in held.items():
        print(f"{name}: {np.mean(shares):.1%} ± {np.std(shares) / np.sqrt(len(shares)):.1%}")
    assert all(0.93 <= np.mean(shares) <= 0.97 for shares in held.values())


def test_a_house_that_tells_nothing_apart_still_has_a_zone() -> None:
    low, best, high = target_zone(0.0, 0.1, 1.0)
    assert low < best < high
    assert (low, best, high) == target_zone(LEAST_SKILL, 0.1, 1.0)
