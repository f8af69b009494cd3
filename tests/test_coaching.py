"""What coaching did: nothing is found where the weakest only had better luck, and what was done is found."""

import numpy as np
import polars as pl
import pytest
from simulated import TAXONOMY, simulated

from metrics.coaching import NO_PEERS, Effect, coaching_effect
from metrics.forecasting import Forecaster
from metrics.shrinkage import fit_beta_binomial
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("fine", "spam"), violating=frozenset({"spam"}), declared=True)
COLUMNS = {
    **dict.fromkeys(("reviewer", "is_since", "item_policy", "item_language", "gold_label", "label"), pl.String),
    "is_since": pl.Boolean,
    "answers": pl.Int64,
}


def answered(*rows: tuple[str, bool, str, int, int]) -> pl.DataFrame:
    """Rows of reviewer, whether since, policy, answers and errors."""
    full = [
        (who, is_since, policy, "en", "fine", label, count)
        for who, is_since, policy, answers, errors in rows
        for label, count in (("fine", answers - errors), ("spam", errors))
    ]
    return pl.DataFrame(full, schema=COLUMNS, orient="row").filter(pl.col("answers") > 0)


def house(
    seed: int,
    *,
    people: int = 40,
    coached: int = 8,
    answers: int = 80,
    spread: float = 0.04,
    helped: float = 0.0,
    others: float = 0.0,
) -> tuple[pl.DataFrame, list[str]]:
    """People who err in 12 of 100 cases, more or less.

    The worst as counted lose the share `helped` of their errors, and the others the share `others` of theirs.
    """
    random = np.random.default_rng(seed)
    weight = 0.12 * 0.88 / spread**2 - 1 if spread else 1e9
    chance = random.beta(0.12 * weight, 0.88 * weight, people)
    before, since = random.poisson(answers, (2, people)) + 5
    wrong = random.binomial(before, chance)
    worst = np.argsort(-wrong / before)[:coached]
    chance *= np.where(np.isin(np.arange(people), worst), 1 - helped, 1 - others)
    names, rows = [f"p{number}" for number in range(people)], []
    for number, (who, wrong_since) in enumerate(zip(names, random.binomial(since, chance).tolist(), strict=True)):
        rows.append((who, False, "p", int(before[number]), int(wrong[number])))
        rows.append((who, True, "p", int(since[number]), wrong_since))
    return answered(*rows), [names[number] for number in worst]


def is_found(found: Effect) -> bool:
    """Whether there is an effect beyond doubt, for better or worse."""
    effect = found.effect
    assert effect.low is not None
    assert effect.high is not None
    return effect.low > 0 or effect.high < 0


def is_naively_found(found: Effect) -> bool:
    """Whether accuracy rose from before to since beyond the intervals of both, squared and added."""
    before, since = found.before, found.since
    return since.value - before.value > np.hypot(since.value - since.low, before.high - before.value)


@pytest.mark.parametrize(
    "size",
    [
        *({}, {"coached": 1}, {"answers": 30}, {"spread": 0.02}, {"spread": 0.0}),
        *({"people": 20, "coached": 4}, {"people": 100, "coached": 20}),
    ],
    ids=str,
)
def test_the_worst_who_only_regress_to_the_mean_are_not_found_to_have_gained(size: dict[str, float]) -> None:
    """In at most 6 of 100 houses is any effect found, for better or worse; before and after alone finds many."""
    effects = [coaching_effect(*_asked(house(seed, **size))) for seed in range(200)]
    assert np.mean([is_found(each) for each in effects]) <= 0.06
    assert np.mean([is_naively_found(each) for each in effects]) > 0.08


def test_coaching_that_halves_the_errors_is_found_mostly_and_sized_rightly() -> None:
    effects = [coaching_effect(*_asked(house(seed, helped=0.5))) for seed in range(150)]
    assert np.mean([is_found(each) for each in effects]) > 0.9
    assert np.mean([each.effect.value for each in effects]) == pytest.approx(0.5 * 0.16, abs=0.02)


def _asked(made: tuple[pl.DataFrame, list[str]]) -> tuple[pl.DataFrame, Taxonomy, list[str]]:
    return made[0], LABELS, made[1]


def everybody(*, since: int = 10) -> list[tuple[str, bool, str, int, int]]:
    """Twelve people with a tenth of errors in easy cases and two fifths in hard ones, before and since."""
    parts = ((False, 10), (True, since))
    return [
        (f"p{number}", is_since, policy, 100, errors if policy == "easy" else 4 * errors)
        for number in range(12)
        for is_since, errors in parts
        for policy in ("easy", "hard")
    ]


def test_who_gets_harder_cases_since_is_not_taken_to_have_become_worse() -> None:
    """One person has easy cases before and hard ones since, and errs as everybody does on such cases."""
    theirs = [("moved", False, "easy", 200, 20), ("moved", True, "hard", 200, 80)]
    found = coaching_effect(answered(*everybody(), *theirs), LABELS, ["moved"])
    assert found.since.value - found.before.value == pytest.approx(-0.3)
    assert found.forecast.value == pytest.approx(0.6, abs=0.01)
    assert found.effect.value == pytest.approx(0, abs=0.01)


def test_what_everybody_gained_is_taken_off() -> None:
    """All err half as often since: the gain is there, and the effect is not."""
    found = coaching_effect(answered(*everybody(since=5)), LABELS, ["p3"])
    assert found.gain.value == pytest.approx(0.125, abs=0.01)
    assert found.peers_gain.value == pytest.approx(0.125, abs=0.01)
    assert (found.peers, found.effect.value) == (11, pytest.approx(0, abs=1e-9))


@pytest.mark.parametrize("others", [0.3, -0.3])
def test_a_change_for_all_in_proportion_to_their_errors_is_no_effect(others: float) -> None:
    """The worst as counted, who err most, gain or lose most when cases become easier or harder for everybody."""
    effects = [coaching_effect(*_asked(house(seed, others=others, helped=others))) for seed in range(200)]
    assert np.mean([is_found(each) for each in effects]) <= 0.08
    assert np.mean([each.effect.value for each in effects]) == pytest.approx(0, abs=0.004)


def test_peers_were_as_good_before_and_not_coached() -> None:
    """Twenty of forty err as the coached one did, and they are the peers; of those coached meanwhile nobody is."""
    rows = [
        (f"p{number:02}", is_since, "p", 100, 30 if number < 20 else 5) for number in range(40) for is_since in (0, 1)
    ]
    rows += [("coached", False, "p", 100, 30), ("coached", True, "p", 100, 10)]
    tallies = answered(*((who, bool(since), *rest) for who, since, *rest in rows))
    found = coaching_effect(tallies, LABELS, ["coached"])
    assert found.peers == 20
    assert found.effect.n == 100
    assert abs(found.peers_gain.value) < 0.03
    alone = coaching_effect(tallies, LABELS, ["coached"], aside=[f"p{number:02}" for number in range(38)])
    assert alone.peers == 2
    assert NO_PEERS in alone.effect.note


def test_without_peers_the_gain_stands_and_says_so() -> None:
    found = coaching_effect(answered(*everybody()), LABELS, [f"p{number}" for number in range(11)])
    assert found.peers_gain.value is None
    assert found.effect.value == found.gain.value
    assert NO_PEERS in found.effect.note


@pytest.mark.parametrize(("is_since", "note"), [(False, "no gold answers since"), (True, "no gold answers before")])
def test_without_answers_before_or_since_there_is_no_effect(is_since: bool, note: str) -> None:  # noqa: FBT001 - a parameter
    found = coaching_effect(answered(*everybody(), ("new", is_since, "easy", 50, 5)), LABELS, ["new"])
    assert (found.effect.value, found.effect.note) == (None, note)
    assert coaching_effect(answered(), LABELS, ["new"]).effect.value is None


def test_forecasts_of_many_people_are_those_of_empirical_bayes_but_for_those_far_out() -> None:
    """Who is far out is drawn in less: the forecast lies between empirical Bayes' and what was counted."""
    random = np.random.default_rng(2)
    whole = random.integers(20, 200, 800)
    part = random.binomial(whole, random.beta(6, 44, 800))
    found = Forecaster.of(part.astype(float), whole.astype(float)).means()
    model = fit_beta_binomial(part, whole)
    usual, drawn_in = model.means(part, whole), np.abs(part / whole - model.mean)
    ordinary = np.abs(usual - model.mean) < model.spread
    assert np.abs(found - usual)[ordinary].mean() < 0.1 * model.spread
    far = np.abs(usual - model.mean) > 2 * model.spread
    assert far.any()
    assert (np.abs(found - model.mean)[far] >= np.abs(usual - model.mean)[far] - 0.004).all()
    assert (np.abs(found - model.mean)[far] <= drawn_in[far]).all()


@pytest.mark.parametrize("people", [8, 12, 40])
@pytest.mark.parametrize("spread", [0.01, 0.05])
def test_what_is_said_of_the_worst_holds_in_93_to_98_of_100_houses(people: int, spread: float) -> None:
    """The interval of the true share of the worst quarter together, whoever that turns out to be."""
    random, held, worst = np.random.default_rng(people), 0, people // 4
    weight = 0.12 * 0.88 / spread**2 - 1
    for _ in range(400):
        true, whole = random.beta(0.12 * weight, 0.88 * weight, people), random.integers(30, 90, people).astype(float)
        part = random.binomial(whole.astype(int), true).astype(float)
        weights = np.where(np.argsort(np.argsort(-part / whole)) < worst, 1 / worst, 0)
        mean, deviation = Forecaster.of(part, whole).sum(weights)
        held += abs(mean - weights @ true) <= 1.96 * deviation
    assert 0.93 <= held / 400 <= 0.99


SEEDS = 60
SIZE = {"reviews": 60_000, "days": 28, "reviewers": 60, "gold_share": 0.3}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["regression", "real"])
def test_on_simulated_logs_coaching_is_found_where_it_helped_and_not_where_it_did_not(kind: str, tmp_path) -> None:
    """Eight reviewers with the lowest accuracy on gold are coached on day 15; the same seeds for both kinds."""
    effects = []
    for seed in range(SEEDS):
        log = simulated(tmp_path / str(seed), f"coaching:kind={kind},day=15", seed=seed, **SIZE)
        rows = log.gold_answers.with_columns(is_since=pl.col("day") >= 15)
        names = {"reviewer": "reviewer_id", "item_policy": "policy", "item_language": "language"}
        keys = [pl.col(old).alias(new) for new, old in names.items()]
        tallies = rows.group_by(*keys, "is_since", "gold_label", "label").agg(answers=pl.len().cast(pl.Int64))
        effects.append(coaching_effect(tallies, TAXONOMY, log.planted["coached"]))
    found, naive = (np.mean([judge(each) for each in effects]) for judge in (is_found, is_naively_found))
    size = np.mean([each.effect.value for each in effects])
    print(f"{kind}: found {found:.1%}, naively {naive:.1%} of {SEEDS}; effect {size:+.3f}, n {effects[0].effect.n}")
    assert found >= 0.5 if kind == "real" else found <= 0.06
    assert naive > 0.3
