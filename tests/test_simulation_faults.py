"""Every fault changes what it should and nothing else, each against the log of the same seed without it."""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy.special import ndtri
from simulated import (
    BEHIND,
    TAXONOMY,
    Log,
    changed_columns,
    changed_days,
    changed_rows,
    dimensions_of,
    overlap_patterns,
    reached_days,
    simulated,
    true_values,
    unlike,
)

from data.errors import LogError
from data.load import load
from data.simulation.faults import AUTO, FAULTS, plant, read_fault
from data.simulation.models import SKILL, USUAL
from data.simulation.people import hire
from data.simulation.plan import Plan
from data.simulation.scenario import POLICY_NAMES, resolve
from data.simulation.standards import standards
from data.store import create
from metrics import agreement, signal_detection
from metrics.estimate import Estimate
from metrics.options import Options

SIZE = {"reviews": 40_000, "days": 28, "reviewers": 40, "seed": 11, "gold_share": 0.2, "overlap_share": 0.3}
DAY = 15
"""The first day of every fault below that has one."""
CAUSES = (
    *("item_id", "reviewer_id", "stage", "day", "policy", "clause", "u", "ambiguity", "violating", "usual_share"),
    *("follows", "in_force", "skill", "leaning", "shown", "officially", "decided_as", "key", "known", "decided"),
)
"""All that a decision comes from, save chance."""
DECISION = frozenset({"label", "confidence", "reason_code"})
LATER = pl.col("day") >= DAY
NOBODY = pl.lit(False)  # noqa: FBT003 - a column


@dataclass(frozen=True)
class Case:
    """What a fault may change: `scope` are the reviews behind which something differs, all of them and no other.

    `effect` is what is added to `skill` or `leaning` there. `columns` of the reviews differ in scope, and `tables`
    besides the reviews, their audits and their appeals. `delivery`: the rows themselves are not the same ones.
    """

    text: str
    scope: Callable[[Log], pl.Expr] = lambda _log: NOBODY
    effect: dict[str, pl.Expr] = field(default_factory=dict)
    columns: frozenset[str] = DECISION
    tables: frozenset[str] = frozenset()
    delivery: bool = False


def _later(expression: pl.Expr) -> Callable[[Log], pl.Expr]:
    return lambda _log: LATER & expression


RULES = frozenset({"standards", "events", "gold", "predictions"})
CHANGED_RULE = DECISION | {"standard_version", "claimed_at"}
CASES = {
    "lenient_reviewer": Case(
        "lenient_reviewer:reviewer=mod-007,day=15",
        _later(pl.col("reviewer_id") == "mod-007"),
        {"leaning": pl.lit(0.8)},
    ),
    "harsh_reviewer": Case(
        "harsh_reviewer:reviewer=mod-012,day=15,size=0.7",
        _later(pl.col("reviewer_id") == "mod-012"),
        {"leaning": pl.lit(-0.7)},
    ),
    "weak_reviewer": Case(
        "weak_reviewer:reviewer=mod-030,day=15", _later(pl.col("reviewer_id") == "mod-030"), {"skill": pl.lit(-1.2)}
    ),
    "policy_blind_spot": Case(
        "policy_blind_spot:team=team-03,policy=nudity,day=15",
        _later((pl.col("team") == "team-03") & (pl.col("policy") == "nudity")),
        {"skill": pl.lit(-1.5)},
    ),
    "fatigue": Case(
        "fatigue:site=istanbul,day=15",
        _later(pl.col("site") == "istanbul"),
        {"skill": -pl.col("hours") / 8},
    ),
    "site_drift": Case(
        "site_drift:site=dublin,ramp=6,day=15",
        _later(pl.col("site") == "dublin"),
        {"leaning": -0.6 * ((pl.col("day") - DAY + 1) / 6).clip(upper_bound=1)},
    ),
    "model_regression": Case("model_regression:policy=nudity,day=15", tables=frozenset({"predictions", "events"})),
    "overconfident_model": Case("overconfident_model:day=15", tables=frozenset({"predictions"})),
    "content_shift": Case(
        "content_shift:policy=scams,day=15",
        _later(pl.col("policy") == "scams"),
        columns=DECISION | {"policy", "queue", "claimed_at"},
        tables=frozenset({"predictions"}),
    ),
    "standard_change": Case(
        "standard_change:policy=harassment,day=15",
        _later(pl.col("policy") == "harassment"),
        columns=CHANGED_RULE,
        tables=RULES,
    ),
    "unclear_clause": Case(
        "unclear_clause:policy=nudity,clause=3,day=15",
        _later((pl.col("policy") == "nudity") & (pl.col("clause") == 3)),
    ),
    "biased_audit": Case("biased_audit:day=15", tables=frozenset({"audits"})),
    "leaked_gold": Case(
        "leaked_gold:gold_set=gold-b,day=15",
        lambda log: LATER & (pl.col("gold_set") == "gold-b") & pl.col("reviewer_id").is_in(log.planted["knowing"]),
        columns=frozenset({"label", "reason_code"}),
    ),
    "wrong_gold": Case(
        "wrong_gold",
        lambda log: (pl.col("stage") == "gold") & pl.col("item_id").is_in(log.key["gold"]["wrong_keys"]),
        columns=frozenset(),
        tables=frozenset({"gold"}),
    ),
    "stale_gold": Case(
        "stale_gold:policy=violence,day=15",
        _later(pl.col("policy") == "violence"),
        columns=CHANGED_RULE,
        tables=RULES,
    ),
    "anchoring": Case(
        "anchoring:day=15",
        _later(pl.col("shown")),
        {"leaning": pl.when("flagged").then(-0.8).otherwise(0.8)},
    ),
    "coaching": Case(
        "coaching:day=15",
        lambda log: LATER & pl.col("reviewer_id").is_in(log.planted["coached"]),
        {"skill": pl.lit(0.7)},
        tables=frozenset({"events"}),
    ),
    "late_data": Case("late_data", delivery=True),
    "duplicate_feed": Case("duplicate_feed:share=0.6,day=15", delivery=True),
    "clock_skew": Case("clock_skew:site=bogota,minutes=25,day=15", columns=frozenset({"decided_at"}), delivery=True),
}
every_fault = pytest.mark.parametrize("name", CASES)
Simulated = Callable[..., Log]


def _simulator(factory: pytest.TempPathFactory, size: dict[str, float]) -> Simulated:
    @functools.cache
    def found(*faults: str) -> Log:
        return simulated(factory.mktemp("log"), *faults, **size)

    return found


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Simulated:
    """Simulates a log with the faults given, each once for all tests."""
    return _simulator(tmp_path_factory, SIZE)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Simulated:
    """The same, of a seventh of the reviews in three weeks."""
    return _simulator(tmp_path_factory, SIZE | {"reviews": 6_000, "days": 21})


@pytest.fixture(scope="module")
def null(log: Simulated) -> Log:
    """The log without a fault."""
    return log()


def test_every_fault_has_its_case():
    assert CASES.keys() == FAULTS.keys()
    assert all(read_fault(case.text).name == name for name, case in CASES.items())


@every_fault
def test_what_stands_behind_a_review_differs_in_scope_and_nowhere_else(name: str, log: Simulated, null: Log):
    """The reviews that are concerned are exactly those that the fault names, from its day on, by what it says."""
    case, faulty = CASES[name], log(CASES[name].text)
    scope = case.scope(faulty)
    inside = faulty.behind.with_columns(inside=scope)["inside"]
    assert unlike(null.behind, faulty.behind, CAUSES).equals(inside, check_names=False)
    for column, effect in case.effect.items():
        added = faulty.behind[column] - null.behind[column]
        stated = faulty.behind.select(pl.when(scope).then(effect).otherwise(0.0)).to_series()
        np.testing.assert_allclose(added, stated, atol=1e-12)
        assert not unlike(null.behind, faulty.behind, tuple({*CAUSES} - {column})).any()


@every_fault
def test_the_tables_differ_in_scope_and_nowhere_else(name: str, log: Simulated, null: Log):
    """Every row has its id, place and columns as without the fault, unless the fault reaches it."""
    case, faulty = CASES[name], log(CASES[name].text)
    concerned = set(null.behind.filter(unlike(null.behind, faulty.behind, CAUSES))["review_id"])
    one, other = null.tables["reviews"], faulty.tables["reviews"]
    if not case.delivery:
        changed = unlike(one, other, tuple(one.columns))
        assert set(one.filter(changed)["review_id"]) <= concerned
        assert changed_columns(one, other) == (case.columns if concerned else set())
    for table in null.tables.keys() - {"reviews"} - case.tables:
        rows = changed_rows(null.tables[table], faulty.tables[table])
        if table in {"audits", "appeals"}:
            assert set(rows["review_id"]) <= concerned
        else:
            assert rows.is_empty()
            assert null.tables[table].equals(faulty.tables[table])
    assert all(not null.tables[table].equals(faulty.tables[table]) for table in case.tables)
    if concerned and "predictions" in case.tables:
        items = set(faulty.behind.filter(pl.col("review_id").is_in(concerned))["item_id"])
        assert set(changed_rows(null.tables["predictions"], faulty.tables["predictions"])["item_id"]) <= items


@every_fault
def test_the_key_differs_where_the_fault_reaches_and_nowhere_else(name: str, log: Simulated, null: Log):
    """True values per day and slice are others exactly where something behind the reviews is another.

    On gold as it is, an item may be so clear that the answer stays as certain: there nothing else differs.
    """
    faulty = log(CASES[name].text)
    for family in BEHIND:
        changed, reached = changed_days(null, faulty, family), reached_days(null, faulty, family)
        assert changed <= reached
        assert changed == reached or family == "gold"
        assert bool(changed) == bool(reached)
    where = ("on_gold", "on_other_gold", "on_live")
    people, others = null.key["people"], faulty.key["people"]
    for family, part in zip(("gold", "other_gold", "live"), where, strict=True):
        stage, behind = BEHIND[family]
        concerned = null.behind.filter(unlike(null.behind, faulty.behind, behind)).filter(stage)
        assert {who for who in people if people[who][part] != others[who][part]} == set(concerned["reviewer_id"])
    assert all(people[who] | dict.fromkeys(where) == others[who] | dict.fromkeys(where) for who in people)


KEY_SECTIONS = {
    "model_regression": {"models"},
    "content_shift": {"policies"},
    "standard_change": {"policies"},
    "stale_gold": {"policies"},
    "wrong_gold": {"gold"},
}


@every_fault
def test_the_key_names_the_fault_with_every_parameter(name: str, log: Simulated, null: Log):
    """What was asked for, the defaults for the rest, and the date; the key's other sections say the same as before."""
    faulty = log(CASES[name].text)
    asked = read_fault(CASES[name].text)
    assert {**faulty.planted, **asked.values} == faulty.planted
    if "day" in asked.values:
        assert faulty.planted["date"] == "2026-06-17"
    sections = {part for part in null.key if null.key[part] != faulty.key[part]}
    assert sections - {"faults", "metrics", "people"} == KEY_SECTIONS.get(name, set())


@pytest.mark.parametrize("name", FAULTS)
def test_names_and_days_left_to_the_simulation_stand_in_the_key(name: str):
    plan = Plan(faults=(plant(name),))
    (found,) = resolve(plan, hire(plan))
    assert AUTO not in found.fault.values.values()
    assert resolve(plan, hire(plan)) == (found,)
    if plan.faults[0].values.get("day") == AUTO:
        assert found.first_day == 54
        assert found.fault.values["day"] == 55


def detected(log: Log, rows: pl.Expr) -> dict[str, tuple[float, float]]:
    """Measured d' and c of some reviews, each with its standard error, against what they took the items for."""
    found = log.reviews.filter(rows).group_by("decided_as").agg(pl.col("enforced").mean(), pl.len()).sort("decided_as")
    shares, counts = found["enforced"].to_numpy(), found["len"].to_numpy()
    alarms, hits = ndtri(shares)
    errors = np.sqrt(shares * (1 - shares) / counts) * np.sqrt(2 * np.pi) * np.exp(ndtri(shares) ** 2 / 2)
    error = float(np.hypot(*errors))
    return {"skill": (hits - alarms, error), "leaning": (-(hits + alarms) / 2, error / 2)}


@pytest.mark.parametrize(
    ("name", "where", "column", "size"),
    [
        ("lenient_reviewer", pl.col("reviewer_id") == "mod-007", "leaning", 0.8),
        ("harsh_reviewer", pl.col("reviewer_id") == "mod-012", "leaning", -0.7),
        ("weak_reviewer", pl.col("reviewer_id") == "mod-030", "skill", -1.2),
        ("policy_blind_spot", (pl.col("team") == "team-03") & (pl.col("policy") == "nudity"), "skill", -1.5),
        ("fatigue", (pl.col("site") == "istanbul") & (pl.col("hours") > 6), "skill", -7 / 8),
        ("fatigue", (pl.col("site") == "istanbul") & (pl.col("hours") < 2), "skill", -1 / 8),
        ("site_drift", (pl.col("site") == "dublin") & (pl.col("day") >= DAY + 5), "leaning", -0.6),
        ("site_drift", (pl.col("site") == "dublin") & (pl.col("day") < DAY + 3), "leaning", -0.2),
        ("anchoring", pl.col("shown") & pl.col("flagged"), "leaning", -0.8),
        ("anchoring", pl.col("shown") & ~pl.col("flagged"), "leaning", 0.8),
    ],
)
def test_the_labels_show_an_effect_of_the_size_stated(
    name: str, where: pl.Expr, column: str, size: float, log: Simulated, null: Log
):
    """D' and c measured from what was decided move by the fault's size, within four standard errors."""
    (was, error), (is_now, more) = (detected(each, LATER & where)[column] for each in (null, log(CASES[name].text)))
    assert is_now - was == pytest.approx(size, abs=4 * np.hypot(error, more))
    assert detected(null, ~LATER) == detected(log(CASES[name].text), ~LATER)


def test_readings_of_an_unclear_clause_spread_by_size(log: Simulated, null: Log):
    """Each reviewer has one reading, whatever the stage and day; forty of them spread as a normal sample does."""
    faulty = log(CASES["unclear_clause"].text)
    read = faulty.behind.with_columns(added=faulty.behind["leaning"] - null.behind["leaning"])
    readings = (
        read.filter(CASES["unclear_clause"].scope(faulty))
        .group_by("reviewer_id")
        .agg(pl.col("added").min(), spread=pl.col("added").max() - pl.col("added").min())
    )
    assert readings.height == 40
    assert readings["spread"].max() == pytest.approx(0, abs=1e-12)
    assert readings["added"].std() == pytest.approx(1, abs=4 / np.sqrt(2 * 40))
    assert readings["added"].mean() == pytest.approx(0, abs=4 / np.sqrt(40))


def scored(log: Log) -> pl.DataFrame:
    """Live items with the model's evidence, from the written score, and whether they violate."""
    usual = pl.col("policy").replace_strict(dict(zip(POLICY_NAMES, USUAL, strict=True)))
    live = log.behind.filter(pl.col("stage") == "live")
    found = live.join(log.tables["predictions"], on="item_id").filter(pl.col("score").is_between(0, 1, closed="none"))
    score = pl.col("score")
    return found.with_columns(logit=(score / (1 - score)).log()).with_columns(
        evidence=(pl.col("logit") - usual) / SKILL
    )


def model_skill(rows: pl.DataFrame) -> tuple[float, float]:
    """The model's d' with its standard error: how far apart the evidence lies, whose spread is 1."""
    found = rows.group_by("violating").agg(pl.col("evidence").mean(), pl.len()).sort("violating")
    return float(found["evidence"].diff()[1]), float(np.sqrt((1 / found["len"]).sum()))


def test_a_regressed_version_tells_less_well_in_its_policy_from_its_day_on(log: Simulated, null: Log):
    faulty = log(CASES["model_regression"].text)
    rows, usual = scored(faulty), scored(null)
    concerned = LATER & (pl.col("policy") == "nudity")
    assert set(rows.filter(LATER)["model_version"]) == {"v3"}
    assert rows.filter(~LATER).equals(usual.filter(~LATER))
    assert rows.filter(~concerned)["score"].equals(usual.filter(~concerned)["score"])
    found, error = model_skill(rows.filter(concerned))
    assert found == pytest.approx(SKILL - 1.2, abs=4 * error)
    assert faulty.key["models"][2]["d_prime"] == {
        policy: pytest.approx(1.2 if policy == "nudity" else SKILL) for policy in POLICY_NAMES
    }
    assert [model["version"] for model in faulty.key["models"]] == ["v1", "v2", "v3"]
    (event,) = changed_rows(null.tables["events"], faulty.tables["events"]).to_dicts()
    assert (event["kind"], event["title"]) == ("model", "live-guard v3 released")


def test_a_regression_without_a_policy_is_one_in_all(log: Simulated):
    found, error = model_skill(scored(log("model_regression:day=15,size=0.9")).filter(LATER))
    assert found == pytest.approx(SKILL - 0.9, abs=4 * error)


def test_an_overconfident_model_has_a_calibration_slope_of_one_by_size(log: Simulated, null: Log):
    """Labels stay what they were; statsmodels' logistic regression on the logit finds 1 before and a half after."""
    faulty = log(CASES["overconfident_model"].text)
    assert faulty.tables["predictions"].drop("score").equals(null.tables["predictions"].drop("score"))
    for rows, slope in ((~LATER, 1.0), (LATER, 0.5)):
        found = scored(faulty).filter(rows)
        fit = sm.Logit(found["violating"].cast(int).to_numpy(), sm.add_constant(found["logit"].to_numpy())).fit(disp=0)
        assert fit.params[1] == pytest.approx(slope, abs=4 * fit.bse[1])
        assert fit.params[0] == pytest.approx(0, abs=4 * fit.bse[0])


def shares_of(rows: pl.DataFrame, condition: pl.Expr) -> tuple[float, float]:
    """A share with its standard error."""
    share = float(rows.select(condition.mean()).item())
    return share, float(np.sqrt(share * (1 - share) / rows.height))


def test_a_content_shift_moves_mix_and_prevalence(log: Simulated):
    """Scams, 12 % of content of which 30 % violates, get 10 % of the rest and 1.6 times the violating share."""
    live = log(CASES["content_shift"].text).behind.filter(pl.col("stage") == "live")
    for days, mix, violating in ((~LATER, 0.12, 0.3), (LATER, 0.1 + 0.9 * 0.12, 0.48)):
        scams = pl.col("policy") == "scams"
        for expected, (share, error) in (
            (mix, shares_of(live.filter(days), scams)),
            (violating, shares_of(live.filter(days & scams), pl.col("violating"))),
        ):
            assert share == pytest.approx(expected, abs=4 * error)
    shares = log(CASES["content_shift"].text).key["policies"]["scams"]["violating_share"]
    assert shares == [0.3] * 14 + [0.48] * 14


def test_two_content_shifts_move_items_of_their_own(log: Simulated):
    """The second takes nothing back of what the first has moved."""
    both = log("content_shift:policy=scams,mix=0.1,day=15", "content_shift:policy=nudity,mix=0.2,day=15")
    live = both.behind.filter((pl.col("stage") == "live") & LATER)
    for policy, usual, mix in (("scams", 0.12, 0.1), ("nudity", 0.22, 0.2)):
        share, error = shares_of(live, pl.col("policy") == policy)
        assert share == pytest.approx(mix + 0.7 * usual, abs=4 * error)


@pytest.mark.parametrize(("laggards", "mean"), [(0, 6), (0.15, 10.5), (1, 36)])
def test_reviewers_follow_a_change_after_the_lag_stated(laggards: float, mean: float):
    """Six days on average, and six times as many for laggards."""
    plan = Plan(reviewers=5_000, faults=(plant("standard_change", policy="nudity", day=11, laggards=laggards),))
    people = hire(plan)
    followed_from = standards(plan, people, resolve(plan, people)).followed_from[:, POLICY_NAMES.index("nudity")]
    lag = followed_from - 10
    assert lag.min() == 0
    assert lag.mean() == pytest.approx(mean, abs=4 * lag.std() / np.sqrt(5_000))


@pytest.mark.parametrize("direction", ["stricter", "looser"])
def test_a_changed_standard_judges_a_share_of_the_items_anew(direction: str, log: Simulated, null: Log):
    """What did not violate does (stricter), or the reverse (looser); who does not follow yet decides as before."""
    faulty = log(f"standard_change:policy=harassment,day=15,share=0.3,direction={direction}")
    concerned = faulty.behind.filter(LATER & (pl.col("policy") == "harassment"))
    may_cross = pl.col("violating") == (direction == "looser")
    able = concerned.filter(may_cross)
    share, error = shares_of(able.unique("item_id"), pl.col("officially") != pl.col("violating"))
    assert share == pytest.approx(0.3, abs=4 * error)
    assert concerned.filter(~may_cross & (pl.col("officially") != pl.col("violating"))).is_empty()
    days = faulty.key["policies"]["harassment"]["change"]["followed_from_day"]
    follows = pl.col("reviewer_id").replace_strict(days) <= pl.col("day")
    followed = concerned.select(pl.col("follows") == follows, right=pl.col("decided_as") == pl.col("officially"))
    assert followed["follows"].all()
    assert followed["right"].filter(concerned["follows"]).all()
    behind = unlike(null.reviews, faulty.reviews, ("label",))
    assert not faulty.reviews.filter(behind & (~pl.col("follows") | ~pl.col("crosses"))).height
    versions = (
        faulty.tables["gold"]
        .filter(pl.col("policy") == "harassment")
        .group_by("item_id")
        .agg(
            first=pl.col("label").sort_by("valid_from").first(),
            second=pl.col("label").sort_by("valid_from").last(),
            rows=pl.len(),
        )
    )
    assert set(versions["rows"]) == {2}
    assert versions.filter(pl.col("first") != pl.col("second")).height > 20


def test_the_model_follows_a_changed_standard_from_its_next_version_on(log: Simulated, null: Log):
    """The standard changes on day 8 and the second version is released on day 12."""
    faulty = log("standard_change:policy=harassment,day=8,share=0.3")
    found, usual = (each.tables["predictions"].sort("item_id", "model_version") for each in (faulty, null))
    changed = found.filter(found["score"] != usual["score"])
    assert set(changed["model_version"]) == {"v2"}
    crossed = set(faulty.behind.filter(pl.col("crosses"))["item_id"])
    assert set(changed["item_id"]) <= crossed | set(faulty.tables["gold"]["item_id"])
    assert [model["follows"] for model in faulty.key["models"]] == [[], ["harassment"]]


def test_reviewers_who_know_a_leaked_set_give_its_keys(log: Simulated, null: Log):
    """Half of them know 85 % of the keys by heart, and decide the rest as they would have."""
    faulty = log(CASES["leaked_gold"].text)
    assert len(faulty.planted["knowing"]) == 20
    concerned = unlike(null.behind, faulty.behind, CAUSES)
    (was, error), (is_now, more) = (
        shares_of(
            each.gold_answers.filter(pl.col("review_id").is_in(each.behind.filter(concerned)["review_id"])),
            pl.col("label") == pl.col("gold_label"),
        )
        for each in (null, faulty)
    )
    assert is_now == pytest.approx(0.85 + 0.15 * was, abs=4 * np.hypot(0.15 * error, more))


def test_a_share_of_the_gold_has_a_wrong_key(log: Simulated, null: Log):
    """Each wrong key is another label than the right one, and the answer key lists the items."""
    faulty = log(CASES["wrong_gold"].text)
    wrong = unlike_gold(null, faulty)
    share, error = shares_of(wrong, pl.col("changed"))
    assert share == pytest.approx(0.08, abs=4 * error)
    assert wrong.filter("changed")["item_id"].to_list() == faulty.key["gold"]["wrong_keys"]
    assert null.key["gold"]["wrong_keys"] == []


def unlike_gold(one: Log, other: Log) -> pl.DataFrame:
    """The gold items, and whether their label differs."""
    gold = one.tables["gold"]
    return gold.select("item_id", changed=gold["label"] != other.tables["gold"]["label"])


def test_stale_gold_keeps_its_old_keys_without_an_end(log: Simulated, null: Log):
    faulty = log("standard_change:policy=violence,day=15,share=0.4,lag=0", "stale_gold")
    assert faulty.key["faults"][1]["policy"] == "violence"
    assert faulty.key["faults"][1]["day"] == 15
    assert faulty.tables["gold"]["label"].equals(null.tables["gold"]["label"])
    of_policy = pl.col("policy") == "violence"
    assert faulty.tables["gold"].filter(~of_policy).equals(null.tables["gold"].filter(~of_policy))
    stale = faulty.tables["gold"].filter(of_policy)
    assert stale["standard_version"].null_count() == stale["valid_until"].null_count() == stale.height
    crossed = faulty.gold_answers.filter(LATER & pl.col("crosses") & of_policy)
    was, is_now = (
        shares_of(
            each.gold_answers.filter(pl.col("review_id").is_in(crossed["review_id"].to_list())),
            pl.col("label") == pl.col("gold_label"),
        )[0]
        for each in (null, faulty)
    )
    assert was > 0.6
    assert is_now < 0.3


def test_a_biased_audit_draws_easy_cases_and_records_the_usual_probability(log: Simulated, null: Log):
    """Audits find fewer of the mistakes, so that weighing them as recorded makes reviewers look good."""
    usual = {"kept": 0.008, "enforced": 0.04, "severe": 0.1}
    clear = pl.when("officially").then(1).otherwise(-1) * (1 - pl.col("ambiguity")).sqrt() * pl.col("u")
    found = []
    for each in (null, log("biased_audit:size=2")):
        audited = each.tables["audits"].unique("review_id").join(each.reviews, on="review_id")
        assert audited.filter(pl.col("inclusion_probability") != pl.col("stratum").replace_strict(usual)).is_empty()
        easy = audited.select(clear.mean(), error=clear.std() / pl.len().sqrt()).row(0)
        found.append((easy, shares_of(audited, pl.col("enforced") != pl.col("officially"))))
    for (was, error), (is_now, more), sign in zip(*found, (1, -1), strict=True):
        assert sign * (is_now - was) > 4 * np.hypot(error, more)


def test_late_data_are_missing_from_the_last_days_only(log: Simulated, null: Log):
    faulty = log("late_data:days=2,share=0.4")
    kept = null.tables["reviews"].join(faulty.tables["reviews"], on="review_id", how="semi")
    assert faulty.tables["reviews"].equals(kept)
    missing = null.reviews.select("day", gone=~pl.col("review_id").is_in(faulty.reviews["review_id"].to_list()))
    assert not missing.filter(pl.col("day") <= 26)["gone"].any()
    share, error = shares_of(missing.filter(pl.col("day") > 26), pl.col("gone"))
    assert share == pytest.approx(0.4, abs=4 * error)


def test_a_feed_delivered_twice_differs_in_its_ids_only(log: Simulated, null: Log):
    faulty = log(CASES["duplicate_feed"].text)
    known = set(null.tables["reviews"]["review_id"])
    again = ~pl.col("review_id").is_in(known)
    assert faulty.tables["reviews"].filter(~again).equals(null.tables["reviews"])
    copies = faulty.tables["reviews"].filter(again).drop("review_id")
    assert copies["reviewer_id"].len() == faulty.tables["reviews"].filter(again)["review_id"].n_unique()
    day = null.reviews.filter(pl.col("day") == DAY)
    assert copies.height / day.height == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / day.height))
    assert copies.join(day, on=copies.columns, how="anti", nulls_equal=True).is_empty()
    assert copies.is_unique().all()


def test_a_slow_clock_records_its_sites_decisions_early(log: Simulated, null: Log):
    faulty = log(CASES["clock_skew"].text)
    early = null.reviews["decided_at"] - faulty.reviews["decided_at"]
    concerned = null.reviews.select(LATER & (pl.col("site") == "bogota")).to_series()
    assert set(early.filter(concerned).dt.total_seconds()) == {25 * 60}
    assert set(early.filter(~concerned).dt.total_seconds()) == {0}


def test_the_weakest_on_gold_are_coached_whether_it_helps_or_not(log: Simulated, null: Log):
    real, regression = log(CASES["coaching"].text), log("coaching:kind=regression,day=15")
    before = (
        null.gold_answers.filter(~LATER)
        .group_by("reviewer_id")
        .agg(accuracy=(pl.col("label") == pl.col("gold_label")).mean())
    )
    ranked = before.sort("accuracy")
    assert set(real.planted["coached"]) == set(ranked["reviewer_id"][:8])
    assert real.planted["coached"] == regression.planted["coached"]
    assert regression.key["metrics"] == null.key["metrics"]
    assert all(null.tables[table].equals(regression.tables[table]) for table in null.tables.keys() - {"events"})
    (event,) = changed_rows(null.tables["events"], regression.tables["events"]).to_dicts()
    assert (event["kind"], event["title"]) == ("staffing", "Coaching of 8 reviewers")


def counted(log: Log, family: str) -> pl.DataFrame:
    """The reviews of a family with what was drawn: `right`, `enforced`, `violating`, as the written tables tell it."""
    if family == "gold":
        return log.gold_answers.with_columns(
            right=pl.col("label") == pl.col("gold_label"), violating=pl.col("gold_label").is_in(TAXONOMY.violating)
        )
    if family == "model":
        items = (
            log.behind.filter(pl.col("stage") != "gold").unique("item_id").join(log.tables["predictions"], on="item_id")
        )
        return items.with_columns(enforced=pl.col("label").is_in(TAXONOMY.violating), violating=pl.col("officially"))
    live = log.reviews.filter(pl.col("stage") == "live")
    return live.with_columns(right=pl.col("label") == pl.col("right"), violating=pl.col("officially"))


SHARES = {
    "accuracy": (pl.lit(value=True), pl.col("right")),
    "over_enforcement": (~pl.col("violating"), pl.col("enforced")),
    "under_enforcement": (pl.col("violating"), ~pl.col("enforced")),
}
FEWEST = 150
"""In smaller slices a share is too far from normal for a bound of four and a half standard errors."""


def surprises(log: Log, family: str) -> np.ndarray:
    """How many standard errors the drawn shares are from the true values, by slice, before and from the faults' day."""
    found = []
    rows = counted(log, family)
    for metric in SHARES.keys() & log.key["metrics"][family].keys():
        among, counts = SHARES[metric]
        for dimension in ("", *dimensions_of(log, family)):
            slices = rows.filter(among).with_columns(slice=pl.col(dimension) if dimension else pl.lit(""))
            days = slices.group_by("slice", "day").agg(pl.len(), drawn=counts.sum())
            truth = true_values(log, family, metric, dimension)
            true = [truth[value]["days"][day - 1] for value, day in days.select("slice", "day").iter_rows()]
            sums = days.with_columns(true=pl.col("len") * pl.Series(true)).group_by("slice", LATER.alias("later")).sum()
            sums = sums.filter(pl.col("len") >= FEWEST)
            share = pl.col("true") / pl.col("len")
            found.append(
                sums.select(
                    (pl.col("drawn") - pl.col("true")) / (pl.col("len") * share * (1 - share)).sqrt()
                ).to_series()
            )
    return np.concatenate(found)


def overlap_surprises(log: Log) -> np.ndarray:
    """The same of the product's alpha and percent agreement, over the whole log."""
    found = []
    overlap = log.reviews.filter(pl.col("stage") == "overlap")
    for metric in ("percent_agreement", "krippendorff_alpha", "gwet_ac1"):
        for dimension in ("", "policy", "standard_version", "site"):
            for value, truth in true_values(log, "overlap", metric, dimension).items():
                if truth["all"] is None:
                    continue
                counts = overlap_patterns(overlap.filter(pl.col(dimension) == value) if dimension else overlap)
                estimate = getattr(agreement, metric)(counts, TAXONOMY, Options())
                if estimate.n >= FEWEST and estimate.low is not None:
                    found.append(standardised(estimate, truth["all"]))
    return np.array(found)


def reviewer_surprises(log: Log) -> np.ndarray:
    """The same of the product's d' and c of every reviewer, against those on other gold like theirs."""
    answers = log.gold_answers.group_by("reviewer_id", "gold_label", "label").agg(answers=pl.len().cast(pl.Int64))
    answers = answers.with_columns(kind="label", items="answers")  # Nobody gets an item twice.
    return np.array(
        [
            standardised(estimate, log.key["people"][who]["on_other_gold"][metric])
            for (who,), counts in answers.group_by("reviewer_id")
            for metric in ("d_prime", "criterion")
            if (estimate := getattr(signal_detection, metric)(counts, TAXONOMY, Options())).value is not None
        ]
    )


def standardised(estimate: Estimate, true: float) -> float:
    """How many of its standard errors an estimate is from the true value, by the limit on that side of it."""
    limit = estimate.high if true > estimate.value else estimate.low
    return (true - estimate.value) / abs(limit - estimate.value) * 1.96


def _named(faults: tuple[str, ...]) -> str:
    return "+".join(fault.partition(":")[0] for fault in faults) if len(faults) < len(FAULTS) else "all faults"


COMBINED = (
    ("standard_change:policy=harassment,day=15,share=0.4,lag=8,laggards=0.5", "anchoring:day=5"),
    ("standard_change:policy=scams,day=15,direction=looser,share=0.4", "stale_gold", "wrong_gold:share=0.2"),
    ("leaked_gold:gold_set=gold-a,day=8,share=0.8", "wrong_gold:share=0.2", "leaked_gold:gold_set=gold-c,day=15"),
    ("anchoring:day=15", "model_regression:day=15", "standard_change:policy=nudity,day=5,share=0.4"),
    tuple(case.text for case in CASES.values()),
)
every_log = pytest.mark.parametrize("faults", [(), *((case.text,) for case in CASES.values()), *COMBINED], ids=_named)


@every_log
@pytest.mark.parametrize("family", ["gold", "live", "model"])
def test_what_was_drawn_agrees_with_the_true_shares(faults: tuple[str, ...], family: str, log: Simulated):
    """No share of any slice is far from the key, and all together are as far as chance has it, or less."""
    found = surprises(log(*faults), family)
    assert len(found) > 60
    assert np.abs(found).max() < 4.5
    assert (found**2).mean() < 1.5


@every_log
def test_what_was_drawn_agrees_with_the_true_agreement(faults: tuple[str, ...], log: Simulated):
    """Neither percent agreement nor alpha nor AC1 is far from the key, in any slice."""
    found = overlap_surprises(log(*faults))
    assert len(found) > 30
    assert np.abs(found).max() < 4.5


@every_log
def test_what_was_drawn_agrees_with_each_reviewers_true_skill_and_leaning(faults: tuple[str, ...], log: Simulated):
    """Reviewers share gold items, so the mean square of eighty figures spreads by a fifth from log to log."""
    found = reviewer_surprises(log(*faults))
    assert len(found) == 80
    assert np.abs(found).max() < 4.5
    assert (found**2).mean() < 1 + 4.5 * 0.2
    assert np.abs(found.mean()) < 4.5 / np.sqrt(len(found))


@pytest.fixture(scope="module")
def every(log: Simulated) -> Log:
    """The log with all faults at once."""
    return log(*(case.text for case in CASES.values()))


def test_all_faults_together_are_each_planted_as_alone(every: Log, log: Simulated, null: Log):
    """What they add to skill and leaning adds up, where the content is the same; the key names them in order."""
    assert [fault["name"] for fault in every.key["faults"]] == list(CASES)
    same = null.behind["policy"] == every.behind["policy"]
    for column in ("skill", "leaning"):
        alone = [log(case.text) for name, case in CASES.items() if name not in {"coaching", "content_shift"}]
        added = sum((each.behind[column] - null.behind[column]) for each in alone)
        together = every.behind[column] - null.behind[column]
        kept = same & ~every.behind["reviewer_id"].is_in(every.key["faults"][16]["coached"])
        kept &= (null.behind["flagged"] == every.behind["flagged"]) | ~null.behind["shown"]
        np.testing.assert_allclose(together.filter(kept), added.filter(kept), atol=1e-9)


def test_a_log_with_all_faults_loads(every: Log, tmp_path: Path):
    """Every row lands; a late repeat is known already."""
    create(tmp_path / "workspace")
    now = dt.datetime(2026, 7, 10, tzinfo=dt.UTC)
    for table, rows in every.tables.items():
        report = load(tmp_path / "workspace", table, [every.folder / f"{table}.parquet"], now=now)
        assert (report.read, report.quarantined) == (rows.height, 0)
        assert report.inserted == rows.n_unique()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("harsh_reviewer:reviewer=mod-003,day=5", "harsh_reviewer:reviewer=mod-030,size=0.4,day=15"),
        ("unclear_clause:policy=nudity", "unclear_clause:policy=scams,clause=4"),
        ("fatigue:site=manila", "fatigue:size=0.5,day=15"),
    ],
)
def test_two_faults_of_a_kind_add_up(one: str, other: str, small: Simulated):
    """Each does what it does alone."""
    both = small(one, other)
    for column in ("skill", "leaning"):
        added = sum(small(each).behind[column] - small().behind[column] for each in (one, other))
        np.testing.assert_allclose(both.behind[column] - small().behind[column], added, atol=1e-12)


def test_two_coachings_choose_on_their_own_days(small: Simulated):
    """The one that is named first begins later; each finds whom it would find alone."""
    texts = ("coaching:day=20,reviewers=5,kind=regression", "coaching:day=12,reviewers=3,kind=regression")
    assert small(*texts).key["faults"] == [small(text).planted for text in texts]


def test_a_fault_may_be_named_twice(small: Simulated):
    """The second does the same once more, to the same people."""
    once = small("coaching:day=12,reviewers=3")
    assert small("coaching:day=12,reviewers=3", "coaching:day=12,reviewers=3").key["faults"] == [once.planted] * 2


def test_two_versions_may_regress_one_after_the_other(small: Simulated):
    models = small("model_regression:day=15,policy=nudity", "model_regression:day=20,size=0.5").key["models"]
    assert [model["d_prime"]["nudity"] for model in models] == [SKILL, SKILL, SKILL - 1.2, pytest.approx(SKILL - 1.7)]
    assert [model["d_prime"]["scams"] for model in models] == [SKILL, SKILL, SKILL, SKILL - 0.5]


@pytest.mark.parametrize("order", [1, -1])
def test_gold_goes_stale_when_its_standard_changes(order: int):
    """Where both are planted, policy and day are those of the change, in whichever order they are named."""
    faults = (plant("standard_change", policy="scams", day=30), plant("stale_gold"))[::order]
    plan = Plan(faults=faults)
    found = {each.fault.name: each for each in resolve(plan, hire(plan))}
    assert found["stale_gold"].where == found["standard_change"].where == {"policy": POLICY_NAMES.index("scams")}
    assert found["stale_gold"].first_day == found["standard_change"].first_day == 29


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gremlins", "There is no fault 'gremlins'. The faults are lenient_reviewer, "),
        ("", "There is no fault ''. The faults are lenient_reviewer, "),
        ("fatigue:size=", "--fault 'fatigue:size=': 'size=' is not of the form parameter=value."),
        ("fatigue:size=1,size=2", "--fault 'fatigue:size=1,size=2': size is given twice."),
        ("fatigue:name=1", "The fault fatigue has no 'name'; it takes size, site, day."),
        ("fatigue:size=-1", "The fault fatigue: size is a number from 0 to 10,000, not -1.0."),
        ("fatigue:day=2026-13-01", "The fault fatigue: day is a number of days or a date such as 2026-05-04"),
        ("late_data:days=1.5", "The fault late_data: days is a whole number such as 2, not '1.5'."),
    ],
)
def test_a_fault_that_cannot_be_read_says_why(text: str, message: str):
    with pytest.raises(LogError) as error:
        read_fault(text)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (("harsh_reviewer:reviewer=mod-999",), "The fault harsh_reviewer: there is no reviewer 'mod-999'; there are"),
        (("harsh_reviewer:reviewer=all",), "The fault harsh_reviewer: there is no reviewer 'all'; there are mod-001"),
        (("content_shift:policy=all",), "The fault content_shift: there is no policy 'all'; there are minor_safety"),
        (("fatigue:day=2026-07-01",), "The fault fatigue: day 2026-07-01 is outside the log"),
        (("coaching:day=1",), "The fault coaching: before day 1 only 0 reviewers have 5 answers on gold, not 8."),
        (
            ("standard_change:policy=scams,day=9", "stale_gold:policy=scams,day=12"),
            "The fault stale_gold: the standard of scams changes on day 9, not 12; leave out the day.",
        ),
    ],
)
def test_a_fault_that_cannot_be_planted_says_why_and_leaves_no_file(
    faults: tuple[str, ...], message: str, tmp_path: Path
):
    with pytest.raises(LogError) as error:
        simulated(tmp_path / "log", *faults, **SIZE)
    assert str(error.value).startswith(message)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_day_may_be_written_as_a_date():
    plan = Plan(faults=(read_fault("fatigue:day=2026-06-30"), read_fault(" fatigue : day = 90 , site = dublin ")))
    assert [each.first_day for each in resolve(plan, hire(plan))] == [89, 89]
