"""The funnel: who errs or leans beyond luck, ordinary differences and the cases that came."""

import dataclasses
from contextlib import closing

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm
from tallied import COLUMNS, LABELS, House, house, tallied
from test_answer_key import NULL, loaded

from data.simulation.faults import read_fault
from metrics.case_mix import expected_errors
from metrics.options import Options
from metrics.reviewers import Funnel, funnel, funnel_z
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

PLAIN = Taxonomy(LABELS.labels)
"""The same labels, of which nobody knows which violate."""


def people(errors: list[int], n: int = 100) -> pl.DataFrame:
    """Reviewers with so many false alarms among n answers to fine gold."""
    rows = [(f"r{place:02}", "fine", "spam", each) for place, each in enumerate(errors)]
    return tallied(*rows, *((f"r{place:02}", "fine", "fine", n - each) for place, each in enumerate(errors)))


def scored(found: Funnel, name: str) -> list[float | None]:
    """A column of the funnel."""
    return found.reviewers[name].to_list()


def test_every_column_follows_from_the_errors_expected() -> None:
    """Twenty ordinary reviewers, who differ less than luck would have it, and one who errs four times as often."""
    tallies = people([10, 9, 11, 10, 8, 12, 10, 10, 9, 11] * 2 + [40])
    found, expected = funnel(tallies, LABELS), expected_errors(tallies, LABELS)
    last = found.reviewers.row(20, named=True)
    assert (found.overall, found.tau2) == (240 / 2100, 0)
    assert 0 < found.phi < 1
    assert last["expected"] == pytest.approx(10)
    assert last["rate"] == pytest.approx(40 / 10 * 240 / 2100)
    assert last["crude_rate"] == 0.4
    assert last["z"] == pytest.approx(30 / np.sqrt(expected["errors_variance"][20]))
    distance = np.arcsin(np.sqrt(40.375 / 100.75)) - np.arcsin(np.sqrt(0.1))
    assert last["z_adjusted"] == pytest.approx(distance * 2 * np.sqrt(100))
    assert last["p"] == pytest.approx(2 * norm.sf(last["z_adjusted"]))
    assert last["leaning"] == pytest.approx(0.3)
    assert (last["is_outlier"], last["direction"]) == (True, "errs more")
    assert sum(scored(found, "is_outlier")) == 1
    assert (found.chance_95, found.chance_998) == pytest.approx((1.05, 0.042))


def test_too_few_errors_stand_out_as_well() -> None:
    """Somebody who never errs where a fifth is expected is found; without violating labels the side has no name."""
    found = funnel(people([20, 21, 19, 22, 18, 20, 0, 20, 19, 21]), PLAIN).reviewers.row(6, named=True)
    assert found["is_outlier"]
    assert found["direction"] == "errs less"
    assert found["z"] < 0


def test_a_leaning_is_seen_where_the_errors_in_total_are_ordinary() -> None:
    """As many errors as all others, but every one of them lets something through."""
    rows = []
    for place in range(12):
        misses = 12 if place == 7 else 6
        rows += [(f"r{place:02}", "spam", "fine", misses), (f"r{place:02}", "spam", "spam", 50 - misses)]
        rows += [(f"r{place:02}", "fine", "spam", 12 - misses), (f"r{place:02}", "fine", "fine", 38 + misses)]
    found = funnel(tallied(*rows), LABELS).reviewers.row(7, named=True)
    assert abs(found["z_adjusted"]) < 0.5
    assert found["is_outlier"]
    assert found["direction"] == "lets through more"
    assert found["leaning"] < 0


def test_who_is_alone_in_a_cell_is_still_found() -> None:
    """A reviewer who errs on the cases of a policy that nobody else gets does not explain that away."""
    others = people([5, 4, 6, 5, 5, 3, 7, 5, 5, 6, 4])
    alone = tallied(("x", "fine", "spam", 30), ("x", "fine", "fine", 70), policy="rare", language="xx")
    found = funnel(pl.concat([others, alone]), LABELS)
    assert found.reviewers.filter("is_outlier")["reviewer"].to_list() == ["x"]


def test_hard_cases_are_no_fault() -> None:
    """Whoever gets the policy in which everybody errs is crudely far off, and adjusted like all others."""
    easy = people([2, 3, 2, 1, 2, 2, 3, 1, 2, 2])
    hard = [(f"h{place}", "fine", given, n) for place in range(4) for given, n in (("spam", 30), ("fine", 70))]
    found = funnel(pl.concat([easy, tallied(*hard, policy="hard")]), LABELS)
    assert not any(scored(found, "is_outlier"))
    row = found.reviewers.row(0, named=True)
    assert row["crude_rate"] == pytest.approx(0.3)
    assert row["rate"] == pytest.approx(found.overall, abs=0.04)


def test_ordinary_differences_widen_what_counts_as_ordinary() -> None:
    """Where true rates differ, φ says how much more than luck, τ² is their variance (arcsine), and z shrinks."""
    chance = np.random.default_rng(5)
    rates = np.sin(chance.normal(0.45, 0.06, 400)) ** 2
    found = funnel(people(chance.binomial(200, rates).tolist(), n=200), LABELS)
    assert found.tau2 == pytest.approx(0.06**2, rel=0.2)
    assert found.phi == pytest.approx(1 + 0.06**2 * 800, rel=0.2)
    assert np.std(scored(found, "z_adjusted")) == pytest.approx(1, abs=0.1)
    assert np.std(scored(found, "z")) > 1.7


def test_equal_reviewers_show_no_over_dispersion() -> None:
    """The winsorised ratio is 1 by luck alone, and so many lie outside the limits as chance would have."""
    chance = np.random.default_rng(6)
    found = funnel(people(chance.binomial(200, 0.1, 2000).tolist(), n=200), LABELS)
    assert found.phi == pytest.approx(1, abs=0.1)
    outside = found.reviewers.filter(pl.col("p") < 0.05).height
    assert outside == pytest.approx(found.chance_95, abs=4 * np.sqrt(100))


def test_without_violating_labels_only_errors_are_judged() -> None:
    found = funnel(people([5, 4, 6, 5, 5, 3, 7, 5, 5, 30]), PLAIN)
    assert scored(found, "z_leaning") == scored(found, "p_leaning") == scored(found, "leaning") == [None] * 10
    assert found.reviewers.filter("is_outlier")["direction"].to_list() == ["errs more"]
    assert scored(found, "is_outlier").index(True) == 9


def test_among_a_few_nobody_is_called() -> None:
    """One who errs far more makes all others look good, so q is unknown; z and p stand."""
    found = funnel(people([5, 4, 30]), LABELS)
    assert scored(found, "q") == [None] * 3
    assert scored(found, "is_outlier") == [False] * 3
    assert scored(found, "z")[2] > 5


@pytest.mark.parametrize("tallies", [pl.DataFrame(schema=COLUMNS), people([3]), people([0, 0]), people([100, 100])])
def test_nobody_to_compare_with_and_nothing_to_tell_apart_is_no_outlier(tallies: pl.DataFrame) -> None:
    found = funnel(tallies, LABELS)
    assert not any(scored(found, "is_outlier"))
    assert not found.reviewers.select(pl.selectors.float().is_nan().any()).sum_horizontal().sum()


def test_the_metric_is_the_funnels_score_of_each_slice() -> None:
    tallies = people([10, 9, 11, 10, 8, 12, 10, 10, 9, 11, 40])
    parts = [tallies.filter(pl.col("reviewer") == who).drop("reviewer") for who in sorted(set(tallies["reviewer"]))]
    found = funnel_z([*parts, parts[0].clear()], LABELS, Options())
    assert [each.value for each in found[:-1]] == pytest.approx(scored(funnel(tallies, LABELS), "z_adjusted"))
    assert (found[-1].value, found[-1].n) == (None, 0)
    few = funnel_z(parts[:3], LABELS, Options())
    assert {each.value for each in few} == {None}
    assert "fewer than 10" in few[0].note


def judged(houses: list[House]) -> tuple[float, float]:
    """The share of planted reviewers that are found, and the mean share of others among those called."""
    power, false = [], []
    for each in houses:
        called = funnel(each.tallies, LABELS).reviewers["is_outlier"].to_numpy()
        power.append(called[each.planted].mean())
        false.append((called & ~each.planted).sum() / max(called.sum(), 1))
    return float(np.mean(power)), float(np.mean(false))


def test_biased_reviewers_are_found_and_few_others() -> None:
    """Ten of a hundred whose c is off by 1.2, with about 300 answers on gold each, among reviewers who differ."""
    chance = np.random.default_rng(7)
    power, false = judged([house(chance, 100, 300, biased=10, size=1.2) for _ in range(20)])
    print(f"found {power:.1%}, false discoveries {false:.1%}")
    assert power >= 0.9
    assert false <= 0.12


@pytest.mark.slow
def test_planted_biased_reviewers_are_found_in_simulated_logs(tmp_path) -> None:
    """Fifty logs with faults harsh_reviewer and lenient_reviewer of size 1.2: ≥ 90 % found, FDR ≤ 12 %."""
    plan = dataclasses.replace(NULL, reviews=60_000, gold_share=0.25, overlap_share=0.05)
    power, false, answers = [], [], []
    for seed in range(50):
        who = np.random.default_rng(seed).choice(plan.reviewers, 5, replace=False) + 1
        kinds = np.array(["harsh_reviewer", "lenient_reviewer"])[np.arange(5) % 2]
        faults = tuple(
            read_fault(f"{kind}:reviewer=mod-{each:03},size=1.2") for kind, each in zip(kinds, who, strict=True)
        )
        _, source = loaded(dataclasses.replace(plan, seed=seed, faults=faults), tmp_path / str(seed))
        with closing(source.engine):
            tallies = ask(source.engine, "gold_tallies", Filters(stages=("gold",)), by=("reviewer",))
            found = funnel(tallies, source.taxonomy).reviewers
        planted = found["reviewer"].is_in([f"mod-{each:03}" for each in who])
        power.append((found["is_outlier"] & planted).sum() / planted.sum())
        false.append((found["is_outlier"] & ~planted).sum() / max(found["is_outlier"].sum(), 1))
        answers.append(found["answers"].median())
    print(f"{np.mean(answers):.0f} answers each: found {np.mean(power):.1%}, false discoveries {np.mean(false):.1%}")
    assert np.mean(power) >= 0.9
    assert np.mean(false) <= 0.12
