"""Estimates from drawn samples: R's survey package, every sample of a small population, and their own laws."""

import itertools
import math

import numpy as np
import polars as pl
import pytest
from references import ORACLES, assert_figure, cases, every_figure

from metrics.design import (
    Measured,
    Stratum,
    allocated_variance,
    effective_size,
    hajek_mean,
    horvitz_thompson_total,
    neyman_allocation,
    ratio,
    stratified_mean,
    stratified_total,
)


def schools(column: str, *, sizes: dict[str, int]) -> list[Stratum]:
    """A column of R's sample of Californian schools, by type of school."""
    drawn = pl.read_csv(ORACLES / "apistrat.csv").with_columns(wide=pl.col("sch.wide") == "Yes")
    return [Stratum(drawn.filter(stype=kind)[column].cast(pl.Float64).to_numpy(), sizes[kind]) for kind in sizes]


def of_schools(name: str, sizes: dict[str, int]) -> float:
    scores, enrolled, wide = (schools(column, sizes=sizes) for column in ("api00", "enroll", "wide"))
    endless = [stratum._replace(size=math.inf) for stratum in scores]
    # Without population sizes R goes by the weights, which it keeps rounded.
    weights = [stratum.values.sum() for stratum in schools("pw", sizes=sizes)]
    shares = [weight / sum(weights) for weight in weights]
    return {
        "mean_api00": stratified_mean(scores).value,
        "se": stratified_mean(scores).standard_error,
        "mean_nofpc_se": stratified_mean(endless, shares=shares).standard_error,
        "total_enroll": stratified_total(enrolled).value,
        "total_se": stratified_total(enrolled).standard_error,
        "prop_schwide": stratified_mean(wide).value,
        "prop_se": stratified_mean(wide).standard_error,
    }[name]


def every_sample(values: list[float], probabilities: list[float]) -> list[tuple[float, Measured]]:
    """Every sample that may be drawn, with its probability and the total that it estimates."""
    found = []
    for drawn in itertools.product((False, True), repeat=len(values)):
        chance = math.prod(p if is_in else 1 - p for is_in, p in zip(drawn, probabilities, strict=True))
        kept = np.array(drawn)
        total = horvitz_thompson_total(np.array(values)[kept], np.array(probabilities)[kept])
        found.append((chance, total))
    return found


def of_small_population(name: str, values: list[float], probabilities: list[float]) -> float:
    samples = every_sample(values, probabilities)
    mean = sum(chance * total.value for chance, total in samples)
    return {
        "total": sum(values),
        "expectation_of_HT": mean,
        "design_variance": sum(chance * (total.value - mean) ** 2 for chance, total in samples),
        "expectation_of_variance_estimator": sum(chance * total.standard_error**2 for chance, total in samples),
    }[name]


def of_allocation(name: str, inputs: dict) -> float | np.ndarray:
    sizes, deviations, total = np.array(inputs["N"]), inputs["S"], inputs["n"]
    best = neyman_allocation(sizes, deviations, total, costs=inputs["cost"])
    return {
        "allocation_unrounded": best,
        "min_variance_ignoring_fpc": allocated_variance(sizes, deviations, best),
        "proportional_variance": allocated_variance(sizes, deviations, total * sizes / sizes.sum()),
    }[name]


@pytest.mark.parametrize(("case", "name"), every_figure("survey"))
def test_samples_and_allocations_equal_the_reference(case, name):
    """The stratified means and totals are R's, Horvitz and Thompson's are right on average, Neyman's is Cochran's."""
    inputs = case["inputs"]
    found = {
        "api_strat": lambda: of_schools(name, inputs.get("strata", {})),
        "ht_poisson_5": lambda: of_small_population(name, inputs["y"], inputs["pi"]),
        "neyman_3": lambda: of_allocation(name, inputs),
    }[case["id"]]()
    assert_figure(found, case["expected"][name])


def test_every_case_of_the_reference_is_met():
    assert set(cases("survey")) == {"api_strat", "ht_poisson_5", "neyman_3"}


def test_a_mean_of_equal_weights_is_the_plain_mean_and_worth_every_unit():
    assert hajek_mean([1, 0, 1, 1], [0.1] * 4).value == 0.75
    assert effective_size([10.0] * 4) == 4


def test_a_whole_population_that_was_drawn_leaves_nothing_to_chance():
    assert hajek_mean([1, 0, 1, 1], [1.0] * 4) == Measured(0.75, 0)
    assert stratified_mean([Stratum(np.array([1.0, 0.0]), 2)]) == Measured(0.5, 0)


def test_a_mean_is_the_ratio_to_one_each():
    values, chances = [3.0, 1.0, 4.0], [0.5, 0.1, 0.2]
    assert hajek_mean(values, chances) == ratio(values, [1.0] * 3, chances)


def test_the_spread_of_means_over_samples_is_the_standard_error():
    """2,000 draws from 5,000 units by probabilities that go with the values: within 5 %."""
    random = np.random.default_rng(7)
    values = random.normal(1, 1, 5_000)
    chances = np.clip(0.05 * np.exp(values / 3), 0.01, 0.5)
    found = []
    for _ in range(2_000):
        drawn = random.random(5_000) < chances
        found.append(hajek_mean(values[drawn], chances[drawn]))
    means, errors = np.array(found).T
    assert means.mean() == pytest.approx(values.mean(), abs=0.01)
    assert errors.mean() == pytest.approx(means.std(), rel=0.05)


def test_of_one_drawn_unit_nobody_knows_how_its_stratum_varies():
    with pytest.raises(ValueError, match="does not tell how its units vary"):
        stratified_total([Stratum(np.array([1.0]), 10)])
