"""Which cases are talked about, and what a session is credited with: what the talk brought, and not what chance did."""

import math

import krippendorff
import numpy as np
import polars as pl
import pytest
from scipy.stats import ttest_rel

from metrics.before_after import agreeing, change, level
from metrics.calibration import ALIKE, COSTS, SEVERITY, ambiguity, chosen, harm, harm_basis, ranked_kinds
from metrics.patterns import Patterns
from metrics.session import NO_CONTROLS, alpha, by_clause, effect, rounds
from metrics.taxonomy import Taxonomy

KEEP_REMOVE = Taxonomy(("keep", "remove"))
TRUTHS = ("dirichlet", "mixture", "skewed")


def patterns(*rows: tuple[int, ...], items: int = 1) -> Patterns:
    """Patterns by their label counts, each of some items."""
    return Patterns(np.array(rows), np.full(len(rows), items))


def written(counts: np.ndarray, labels: tuple[str, ...]) -> list[str]:
    """Label counts as the queries write them."""
    return ["\x1e".join(f"{n}\x1f{label}" for n, label in zip(row, labels, strict=True) if n) for row in counts]


def test_ambiguity_is_the_forecast_of_a_dirichlet_multinomial() -> None:
    """Half the items 2:0, half 0:2 and one in five 1:1. By hand, from Fleiss' kappa and the labels' shares."""
    log = Patterns(np.array([[2, 0], [0, 2], [1, 1], [5, 5]]), np.array([40, 40, 20, 0]))
    kappa = 1 - 0.2 / 0.5
    prior = (1 - kappa) / kappa / 2
    total = 2 + 2 * prior
    by_hand = 1 - 2 * (1 + prior) * (2 + prior) / (total * (total + 1))
    found = ambiguity(log, KEEP_REMOVE)
    assert found[2] == pytest.approx(by_hand)
    assert found[0] == pytest.approx(1 - ((2 + prior) * (3 + prior) + prior * (1 + prior)) / (total * (total + 1)))


def test_one_against_one_says_less_than_five_against_five() -> None:
    found = ambiguity(
        Patterns(np.array([[2, 0], [0, 2], [1, 1], [5, 5], [9, 1]]), np.array([40, 30, 20, 0, 0])), KEEP_REMOVE
    )
    assert found[0] < found[4] < found[2] < found[3] < 0.5


def test_the_forecast_holds_on_average_where_items_are_as_it_assumes() -> None:
    """Of 40,000 items with three reviews, those of each pattern disagree in later pairs as often as was forecast."""
    generator = np.random.default_rng(5)
    chances = generator.dirichlet([0.6, 0.3, 0.3], size=40_000)
    earlier, later = generator.multinomial(3, chances), generator.multinomial(2, chances)
    kinds, place, items = np.unique(earlier, axis=0, return_inverse=True, return_counts=True)
    forecast = ambiguity(Patterns(kinds, items), Taxonomy(("a", "b", "c")))
    for kind, expected in enumerate(forecast):
        disagree = 1 - agreeing(later[place.ravel() == kind])
        assert disagree.mean() == pytest.approx(expected, abs=4 * disagree.std() / math.sqrt(len(disagree)))


def test_where_reviewers_agree_no_better_than_chance_all_items_are_alike() -> None:
    found = ambiguity(patterns((2, 0), (1, 1), (1, 1), (0, 2)), KEEP_REMOVE)
    assert found.tolist() == [0.5] * 4
    assert ambiguity(patterns((2, 0), (0, 2)), KEEP_REMOVE).tolist() == [0, 0]


def test_harm_is_what_the_labels_that_met_cost() -> None:
    """Between keep and remove 2 and 6, so 4; keep and warn, two pairs, 1; then (4 + 2 × 1 + 2 × 3) / 5."""
    labels = ("keep", "warn", "remove")
    costs = {("keep", "remove"): 2.0, ("remove", "keep"): 6.0, ("keep", "warn"): 1.0, ("warn", "remove"): 3.0}
    declared, severe = Taxonomy(labels, (0.0, 1.0, 4.0), costs=costs), Taxonomy(labels, (0.0, 1.0, 4.0))
    met = patterns((1, 0, 1), (1, 2, 1), (3, 0, 0))
    assert harm(met, declared).tolist() == pytest.approx([4, (4 + 2 * 1 + 2 * 3) / 5, 0])
    assert harm(met, severe).tolist() == pytest.approx([4, (4 + 2 * 1 + 2 * 3) / 5, 0])
    assert harm(met, Taxonomy(labels)).tolist() == pytest.approx([1, 1, 0])
    assert [harm_basis(met, each) for each in (declared, severe, Taxonomy(labels))] == [COSTS, SEVERITY, ALIKE]
    assert harm_basis(met, Taxonomy(labels, (0.0, 1.0, 4.0), costs={("keep", "warn"): 1.0})) == SEVERITY


def test_kinds_are_ranked_by_ambiguity_times_live_traffic_times_harm() -> None:
    counts = pl.DataFrame(
        {
            "policy": ["p", "q", "q"],
            "pattern": written(np.array([[1, 1], [1, 1], [2, 0]]), ("keep", "remove")),
            "items": 1,
        }
    )
    volume = pl.DataFrame({"policy": ["p", "q", "p"], "stage": ["live", "live", "gold"], "reviews": [10, 30, 500]})
    found = ranked_kinds(counts, volume, KEEP_REMOVE)
    assert found["policy"].to_list() == ["q", "p"]
    assert found["volume"].to_list() == [0.75, 0.25]
    assert found["priority"].to_list() == pytest.approx(
        (found["ambiguity"] * found["volume"] * found["harm"]).to_list()
    )


def candidates(*clauses: str, items: int = 5) -> pl.DataFrame:
    """Cases of these clauses, the first matter most; one item stands under two standards."""
    rows = [(f"{clause}{n}", clause, 1.0 / (1 + n + 10 * k)) for k, clause in enumerate(clauses) for n in range(items)]
    found = pl.DataFrame(rows, schema=["item_id", "clause", "priority"], orient="row").with_columns(policy=pl.lit("p"))
    return pl.concat([found, found.head(1)]).sort("priority", descending=True, maintain_order=True)


def test_a_session_covers_ground_and_has_an_item_once() -> None:
    found = chosen(candidates("a", "b", "c"), np.random.default_rng(1), cases=5, per_clause=2, controls=True)
    talked, controls = found.filter(~pl.col("is_control")), found.filter("is_control")
    assert found["item_id"].is_unique().all()
    assert talked["clause"].to_list() == ["a", "a", "b", "b", "c"]
    assert controls["pair"].to_list() == talked["pair"].to_list()
    assert controls["clause"].to_list() == talked["clause"].to_list()
    assert not chosen(candidates("a"), np.random.default_rng(1), cases=9, per_clause=4, controls=False)[
        "is_control"
    ].any()


def test_a_coin_says_which_of_a_pair_is_the_control_and_a_single_case_has_none() -> None:
    firsts = [
        chosen(candidates("a", items=3), np.random.default_rng(seed), cases=2, per_clause=2, controls=True)
        for seed in range(40)
    ]
    assert {found.filter(pl.col("item_id") == "a0")["is_control"][0] for found in firsts} == {True, False}
    assert not any(found.filter(pl.col("item_id") == "a2")["is_control"][0] for found in firsts)


BEFORE = np.array([[2, 2], [1, 1], [3, 1], [2, 1], [1, 2]])
AFTER = np.array([[4, 0], [3, 1], [3, 1], [4, 0], [0, 3]])


def test_the_rise_has_the_paired_t_interval() -> None:
    """Against scipy's paired t test of each case's share of agreeing pairs."""
    outside = ttest_rel(agreeing(AFTER), agreeing(BEFORE)).confidence_interval()
    found = change("percent_agreement", BEFORE, AFTER, KEEP_REMOVE)
    assert found.value == pytest.approx(agreeing(AFTER).mean() - agreeing(BEFORE).mean())
    assert (found.low, found.high) == pytest.approx((outside.low, min(outside.high, 1)))


def test_alpha_of_both_rounds_is_krippendorffs() -> None:
    for counts in (BEFORE, AFTER):
        outside = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
        assert level("krippendorff_alpha", counts, KEEP_REMOVE) == pytest.approx(outside)


def test_the_error_of_a_rise_of_alpha_is_that_of_drawing_cases_again() -> None:
    generator = np.random.default_rng(2)
    chances = generator.beta(0.5, 0.5, size=60)[:, None] * [1, -1] + [0, 1]
    before, after = (generator.multinomial(n, chances) for n in (3, 6))
    draws = generator.integers(0, 60, size=(4000, 60))
    again = [
        level("krippendorff_alpha", after[rows], KEEP_REMOVE) - level("krippendorff_alpha", before[rows], KEEP_REMOVE)
        for rows in draws
    ]
    found = change("krippendorff_alpha", before, after, KEEP_REMOVE)
    assert (found.high - found.low) / 2 / 2.0010 == pytest.approx(np.std(again), rel=0.08)


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        (BEFORE[:2], AFTER[:2], "fewer than 3 cases"),
        (BEFORE[:1], np.array([[1, 0]]), "no case has two ratings in both"),
        (np.array([[1, 1]] * 4), np.array([[3, 0]] * 4), "do not show how this value varies"),
    ],
)
def test_what_cannot_be_told_says_why(before: np.ndarray, after: np.ndarray, note: str) -> None:
    found = change("percent_agreement", before, after, KEEP_REMOVE)
    assert found.low is None
    assert note in found.note


def session(before: np.ndarray, after: np.ndarray, *, controls: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cases and votes of a session; the last cases are controls of the first."""
    n = len(before)
    ids, labels = [f"c{k}" for k in range(n)], KEEP_REMOVE.labels
    cases = pl.DataFrame(
        {
            "case_id": ids,
            "policy": ["p"] * (n - 1) + [None],
            "clause": [None, *["p1"] * (n - 1)],
            "pattern": written(before, labels),
            "ambiguity": 0.4,
            "pair": [k % (n - controls) for k in range(n)],
            "is_control": [k >= n - controls for k in range(n)],
        }
    )
    votes = [(ids[k], labels[j]) for k in range(n) for j in range(2) for _ in range(after[k, j])]
    return cases, pl.DataFrame(votes, schema={"case_id": pl.String, "label": pl.String}, orient="row")


def test_a_session_is_told_for_all_by_policy_and_by_clause() -> None:
    found = rounds(*session(BEFORE, AFTER), KEEP_REMOVE.labels)
    table = by_clause(found)
    assert table["clause"].to_list() == [None, "(no policy)", "(no policy) · p1", "p", "p · p1"]
    first = table.row(0, named=True)
    assert (first["before"], first["after"]) == pytest.approx((agreeing(BEFORE).mean(), agreeing(AFTER).mean()))
    assert (first["cases"], first["votes"], first["expected"]) == (5, int(AFTER.sum()), pytest.approx(0.6))
    assert first["effect"] is None
    assert first["effect_note"] == NO_CONTROLS
    assert alpha(found)[1] == pytest.approx(krippendorff.alpha(value_counts=AFTER, level_of_measurement="nominal"))


def test_the_effect_compares_each_case_with_its_control() -> None:
    more = np.vstack([BEFORE, BEFORE[:4]])
    votes = np.vstack([AFTER, [[2, 2], [2, 2], [3, 1], [1, 0]]])
    found = effect(rounds(*session(more, votes, controls=4), KEEP_REMOVE.labels))
    assert found.n == 3
    assert found.value == pytest.approx((agreeing(AFTER[:3]) - agreeing(votes[5:8])).mean())


def test_without_votes_a_session_has_no_result() -> None:
    table = by_clause(rounds(*session(BEFORE, np.zeros_like(BEFORE)), KEEP_REMOVE.labels))
    assert table.select("before", "after", "rise", "expected").row(0) == (None, None, None, None)


def chances(truth: str, items: int, generator: np.random.Generator) -> np.ndarray:
    """How likely each of two labels is for each item."""
    if truth == "dirichlet":
        remove = generator.beta(0.5, 1.0, size=items)
    elif truth == "mixture":
        remove = np.where(generator.random(items) < 0.25, 0.5, generator.choice([0.03, 0.97], size=items))
    else:
        remove = generator.beta(0.3, 2.5, size=items)
    return np.column_stack([1 - remove, remove])


def talked_over(truth: str, reviews: int, cases: int, generator: np.random.Generator, *, clearer: float = 0.0):
    """A whole session about a made-up log: chosen by what split, voted on by six; the rise and the effect.

    Talk makes the likelier label likelier by a share `clearer` of what is missing.
    """
    of = chances(truth, 600, generator)
    earlier = generator.multinomial(reviews, of)
    log = pl.DataFrame(
        {"item_id": np.arange(600), "policy": "p", "clause": None, "pattern": written(earlier, KEEP_REMOVE.labels)}
    )
    counts = log.group_by("policy", "pattern").agg(items=pl.len().cast(pl.Int64))
    volume = pl.DataFrame({"policy": ["p"], "stage": ["live"], "reviews": [1]})
    ranked = log.join(ranked_kinds(counts, volume, KEEP_REMOVE).drop("items"), on=["policy", "pattern"]).sort(
        "priority", descending=True
    )
    found = chosen(ranked, generator, cases=cases, per_clause=cases, controls=True)
    mine = of[found["item_id"].to_numpy()]
    sure = np.eye(2)[mine.argmax(axis=1)]
    share = np.where(found["is_control"].to_numpy(), 0, clearer)[:, None]
    votes = generator.multinomial(6, (1 - share) * mine + share * sure)
    both = rounds(
        found.with_columns(case_id=pl.col("item_id").cast(pl.String)), _votes(found, votes), KEEP_REMOVE.labels
    )
    talked = both.part(~both.is_control)
    return change("percent_agreement", talked.before, talked.after, KEEP_REMOVE), effect(both)


def _votes(cases: pl.DataFrame, counts: np.ndarray) -> pl.DataFrame:
    rows = [
        (str(item), label)
        for item, row in zip(cases["item_id"], counts, strict=True)
        for label, times in zip(KEEP_REMOVE.labels, row, strict=True)
        for _ in range(times)
    ]
    return pl.DataFrame(rows, schema={"case_id": pl.String, "label": pl.String}, orient="row")


def called(found) -> bool:
    """Whether the interval leaves out 0."""
    return found.low is not None and (found.low > 0 or found.high < 0)


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize(("reviews", "cases"), [(2, 3), (2, 12), (5, 5), (5, 12)])
def test_a_session_that_changed_nothing_is_credited_with_nothing(truth: str, reviews: int, cases: int) -> None:
    """An effect is called in at most 6 % of 2,000 sessions, whatever the items are like."""
    generator = np.random.default_rng([reviews, cases, TRUTHS.index(truth)])
    calls = [called(talked_over(truth, reviews, cases, generator)[1]) for _ in range(2000)]
    assert np.mean(calls) <= 0.06


def test_the_naive_rise_is_there_without_any_effect_and_the_effect_is_not() -> None:
    """Of 60 sessions that changed nothing the naive rise is called in nearly all, the effect in few: 6 % and 2 SE."""
    generator = np.random.default_rng(11)
    found = [talked_over("mixture", 2, 12, generator) for _ in range(60)]
    assert np.mean([called(rise) for rise, _ in found]) > 0.9
    assert np.mean([called(brought) for _, brought in found]) <= 0.06 + 2 * math.sqrt(0.06 * 0.94 / 60)


def test_a_talk_that_made_cases_clear_is_found() -> None:
    generator = np.random.default_rng(12)
    found = [talked_over("mixture", 2, 12, generator, clearer=0.9)[1] for _ in range(40)]
    assert np.mean([each.low is not None and each.low > 0 for each in found]) > 0.6
