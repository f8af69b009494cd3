"""Who still decides by the old version: shares, days and laggards against what was planted, and plain notes."""

import dataclasses
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from launched import TWO, adoption_counts, workspace
from polars.testing import assert_frame_equal
from scipy.special import betainc
from scipy.stats import betabinom
from simulated import TAXONOMY, Log, simulated

from dashboard.measure import measure, open_source
from data.store import open_workspace
from metrics.adoption import ALL_ALIKE, NO_ERRORS, NO_KEYS, NOT_SINCE, Adoption, adoption, course
from metrics.adoption_lags import lags
from metrics.adoption_shares import shares
from metrics.adoption_tables import Asked, asked
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters
from queries.refresh import bring_up_to_date

LABELS = Taxonomy(("keep", "warn", "remove"), violating=frozenset({"warn", "remove"}), declared=True)
SIZE = {"reviews": 60_000, "days": 56, "reviewers": 48, "gold_share": 0.25, "overlap_share": 0.05}
FAULT = "standard_change:policy=nudity,share=0.4,day=22"
SCHEMA = {
    **dict.fromkeys(
        ("reviewer", "item_policy", "new_version", "item_id", "old_label", "new_label", "label"), pl.String
    ),
    **dict.fromkeys(("days", "answers"), pl.Int64),
}


def answers(*rows: tuple[str, str, str, str, str, int | None, int]) -> pl.DataFrame:
    """The frame of `adoption`: reviewer, item, both right labels, given label, days since the launch, answers."""
    return pl.DataFrame([(who, "p", "v2", *rest) for who, *rest in rows], schema=SCHEMA, orient="row")


def told(who: str, *, right: int = 50, wrong: int = 0) -> pl.DataFrame:
    """Answers of a reviewer whose version is known, on items that violate or do not under both."""
    rows = []
    for item, label, other in (("a", "keep", "remove"), ("b", "remove", "keep")):
        rows += [(who, item, label, label, label, None, right), (who, item, label, label, other, None, wrong)]
    return answers(*rows).filter(pl.col("answers") > 0)


def known_rates(
    took: list[int], n: list[int], *, days: list[int] | None = None, by_old: float = 0.0, by_new: float = 1.0
) -> Asked:
    """Answers of one unit after the other with given chances."""
    chances = (np.clip(np.full(len(n), each), 1e-6, 1 - 1e-6) for each in (by_old, by_new))
    return Asked(np.arange(len(n)), np.array(days or [0] * len(n)), np.array(took), np.array(n), *chances)


def test_without_errors_shares_are_those_of_beta_binomial_laws() -> None:
    """The posterior means are scipy's beta-binomial ones, each law of the grid weighed by its likelihood."""
    took, n = np.array([0, 3, 9, 10, 12]), np.array([4, 6, 10, 10, 12])
    mean, spread = np.meshgrid((np.arange(30) + 0.5) / 30, np.geomspace(1e-3, 1e2, 16))
    first, second = (mean / spread).ravel(), ((1 - mean) / spread).ravel()
    weights = np.prod([betabinom.pmf(k, m, first, second) for k, m in zip(took, n, strict=True)], axis=0)
    means = [weights @ ((first + k) / (first + second + m)) / weights.sum() for k, m in zip(took, n, strict=True)]
    found = shares(known_rates(took.tolist(), n.tolist()), units=5)
    assert found.means == pytest.approx(means, abs=2e-4)
    low, high = found.intervals
    laws = first + took[0], second + n[0] - took[0]
    assert ((low < found.means) & (found.means < high)).all()
    held = (weights @ (betainc(*laws, high[0]) - betainc(*laws, low[0]))) / weights.sum()
    assert held == pytest.approx(0.95, abs=0.002)
    assert (low[0], high[-1]) == (0, 1)


def test_errors_are_allowed_for_as_rogan_and_gladen_do() -> None:
    """Of many answers, 60 % took it; with chances of 10 % and 90 %, five in eight are by the new version."""
    found = shares(known_rates([6_000], [10_000], by_old=0.1, by_new=0.9), units=1)
    assert found.means[0] == pytest.approx((0.6 - 0.1) / (0.9 - 0.1), abs=2e-3)
    (low,), (high,) = found.intervals
    error = np.sqrt(0.6 * 0.4 / 10_000) / 0.8
    assert high - low == pytest.approx(2 * 1.96 * error, rel=0.1)


def test_whoever_cannot_tell_the_versions_apart_tells_nothing() -> None:
    """With equal chances under both, the share stays as unknown as before."""
    found = shares(known_rates([5], [10], by_old=0.5, by_new=0.5), units=1)
    (low,), (high,) = found.intervals
    assert high - low > 0.9


def test_days_of_going_over_are_found_by_trying_each() -> None:
    """The posterior of a reviewer who takes it from day 3 on is that of every possible day in turn."""
    took, n = [0, 0, 1, 2, 2, 2], [2, 2, 2, 2, 2, 2]
    each = known_rates(took, n, days=[0, 1, 2, 3, 4, 5], by_old=0.1, by_new=0.9)
    found = lags(dataclasses.replace(each, unit=np.zeros(6, dtype=int)), units=1).chances[0]
    chance = [[0.9 if day >= start else 0.1 for day in range(6)] for start in range(7)]
    likelihood = np.prod(
        [[p**k * (1 - p) ** (m - k) for p, k, m in zip(c, took, n, strict=True)] for c in chance], axis=1
    )
    assert found[:6] / found[:6].sum() == pytest.approx(likelihood[:6] / likelihood[:6].sum())
    assert found.argmax() in (2, 3)
    assert found[6] < 0.01


def test_everybodys_own_errors_count_and_those_of_all_where_nobody_knows_them() -> None:
    """Who errs often is expected to err here too, who is unknown as all others do, and items as they did before."""
    careful, careless = told("a", right=95, wrong=5), told("b", right=70, wrong=30)
    others = pl.concat([told(f"o{place}", right=80 + place, wrong=20 - place) for place in range(10)])
    asks = [(who, "x", "keep", "remove", "remove", 1, 2) for who in ("a", "b", "new")]
    every = pl.concat([careful, careless, others, answers(*asks)])
    names = every["reviewer"].unique().sort()
    numbered = every.with_columns(unit=pl.col("reviewer").replace_strict(names, range(len(names))).cast(pl.Int64))
    found = asked(numbered, LABELS, units=len(names))
    by_name = dict(zip(names.gather(found.unit), found.by_old, strict=True))
    assert by_name["a"] < by_name["new"] < by_name["b"]
    assert by_name["new"] == pytest.approx(0.157, abs=0.03)
    tried = answers(*((f"o{place}", "x", "keep", "remove", "remove", None, 3) for place in range(10)))
    again = asked(pl.concat([numbered, tried.with_columns(unit=pl.lit(3, pl.Int64))]), LABELS, units=len(names))
    assert (again.by_old > found.by_old).all()


def test_labels_of_one_side_are_told_apart_by_themselves() -> None:
    """Where both versions remove, a warning that becomes a removal is asked about as such."""
    known = answers(
        ("a", "w", "warn", "warn", "warn", None, 40),
        ("a", "w", "warn", "warn", "remove", None, 10),
        ("a", "r", "remove", "remove", "remove", None, 45),
        ("a", "r", "remove", "remove", "warn", None, 5),
    )
    asks = answers(("a", "x", "warn", "remove", "remove", 0, 30), ("a", "x", "warn", "remove", "warn", 0, 10))
    found = asked(pl.concat([known, asks]).with_columns(unit=pl.lit(0, pl.Int64)), LABELS, units=1)
    assert (found.took.tolist(), found.answers.tolist()) == ([30], [40])
    assert found.by_old[0] == pytest.approx(0.2, abs=0.02)
    assert found.by_new[0] > 0.75


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (answers(), NO_KEYS),
        (told("a"), ALL_ALIKE),
        (answers(("a", "x", "keep", "remove", "keep", None, 9)), NOT_SINCE),
        (answers(("a", "x", "keep", "remove", "keep", 3, 9)), NO_ERRORS),
    ],
)
def test_what_is_missing_is_said(rows: pl.DataFrame, note: str) -> None:
    found = course(rows, LABELS)
    assert (found.overall.value, found.overall.note) == (None, note)
    assert found.sentence == f"Nothing can be said on adoption: {note}."
    assert found.people.is_empty()
    (estimate,) = adoption([rows.drop("reviewer")], LABELS, Options())
    assert (estimate.value, estimate.n, estimate.note) == (None, 0, note)


def test_a_slice_without_answers_is_undefined_beside_others() -> None:
    asks = answers(("a", "x", "keep", "remove", "remove", 1, 20))
    first, second = adoption([pl.concat([told("a"), asks]), told("b")], LABELS, Options())
    assert first.value > 0.8
    assert (second.value, second.note) == (None, NOT_SINCE)
    assert adoption([], LABELS, Options()) == []


def late_houses(seed: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """The answers of sixty reviewers over six weeks, twelve of whom never go over, and from which day each does."""
    chance, rows, starts = np.random.default_rng(seed), [], {}
    hard = {f"x{place}": chance.beta(8, 1) for place in range(12)}
    for place in range(60):
        who, right = f"r{place:02}", int(chance.binomial(80, chance.beta(18, 2)))
        starts[who] = 999 if place < 12 else int(chance.exponential(3))
        rows.append(told(who, right=right, wrong=80 - right))
        for day, item in zip(chance.integers(0, 42, 12).tolist(), chance.choice(list(hard), 12), strict=True):
            chosen = chance.random() < (hard[item] if day >= starts[who] else 1 - hard[item])
            rows.append(answers((who, str(item), "keep", "remove", "remove" if chosen else "keep", day, 1)))
    return pl.concat(rows), starts


def judged(found: Adoption, starts: dict[str, int]) -> tuple[float, float]:
    """The share of those found who decided by the old version after the grace, and of others among those called."""
    people = found.people.with_columns(is_late=pl.col("reviewer").replace_strict(starts) > found.grace)
    right = people.filter("is_laggard", "is_late").height
    called, late = people["is_laggard"].sum(), people["is_late"].sum()
    return right / max(late, 1), (called - right) / max(called, 1)


def test_laggards_are_found_and_few_others() -> None:
    """Twelve of sixty never go over; items differ in how hard they are, reviewers in how often they err."""
    power, false = np.mean(
        [judged(course(rows, LABELS), starts) for rows, starts in map(late_houses, range(4))], axis=0
    )
    print(f"found {power:.1%}, false discoveries {false:.1%}")
    assert power >= 0.9
    assert false <= 0.12


def test_the_course_does_not_depend_on_the_order_of_rows_and_adds_up() -> None:
    rows, _ = late_houses(9)
    found, shuffled = course(rows, LABELS), course(rows.sample(fraction=1, shuffle=True, seed=3), LABELS)
    assert_frame_equal(found.people, shuffled.people)
    total = rows.filter(pl.col("days").is_not_null())["answers"].sum()
    assert found.overall.n == found.people["answers"].sum() == found.weeks["answers"].sum() == total
    assert found.days["gone_over"].is_sorted()
    assert found.half_day <= 7
    assert f"of the {total:,} decisions" in found.sentence
    assert "; half had gone over by day 4, and 12 of 60 reviewers still decided by the old one" in found.sentence


def test_before_the_grace_is_over_nobody_is_late() -> None:
    rows, _ = late_houses(9)
    found = course(rows.filter(pl.col("days").fill_null(0) <= 14), LABELS)
    assert found.people.select("p_late", "q").null_count().row(0) == (60, 60)
    assert not found.people["is_laggard"].any()


def followed(log: Log) -> dict[str, int]:
    """From which day since the launch each reviewer decides by the new version, by the answer key."""
    change = log.key["policies"][log.planted["policy"]]["change"]
    first = (
        pl.Series([change["date"]]).str.to_date() - pl.Series([log.key["first_day"]]).str.to_date()
    ).dt.total_days()
    return {who: day - 1 - first[0] for who, day in change["followed_from_day"].items()}


def simulation(folder: Path, seeds: range, fault: str = FAULT, **size: float) -> tuple[float, float, float, float]:
    """Over so many logs: found, false discoveries, and how often intervals of shares and of days hold the truth."""
    rows = []
    for seed in seeds:
        log = simulated(folder / str(seed), fault, seed=seed, **(SIZE | size))
        found, starts = course(adoption_counts(log), TAXONOMY), followed(log)
        last = found.days["day"].max()
        people = found.people.filter(pl.col("answers") > 0).with_columns(
            start=pl.col("reviewer").replace_strict(starts)
        )
        share = 1 - (pl.col("start") / (last + 1)).clip(0, 1)
        ends = pl.col("lag_low").fill_null(last + 1), pl.col("lag_high").fill_null(last + 1)
        held = people.select(
            share.is_between("low", "high").mean().alias("share"),
            pl.col("start").clip(0, last + 1).is_between(*ends).mean().alias("day"),
        ).row(0)
        rows.append((*judged(found, starts), *held))
    power, false, held_shares, held_days = np.mean(rows, axis=0)
    print(f"found {power:.1%}, false {false:.1%}, intervals of shares {held_shares:.1%}, of days {held_days:.1%}")
    return power, false, held_shares, held_days


def test_planted_laggards_are_found_in_simulated_logs(tmp_path: Path) -> None:
    """Three logs, whatever their luck: few are called wrongly, and nearly all days lie in their intervals."""
    power, false, _, held_days = simulation(tmp_path, range(3))
    assert power > 0.4
    assert false <= 0.12
    assert held_days > 0.9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "size"),
    [(FAULT, {}), ("standard_change:policy=harassment,share=0.4,day=22,direction=looser", {"reviewers": 80})],
    ids=["stricter", "looser"],
)
def test_false_discoveries_of_laggards_over_fifty_logs(tmp_path: Path, fault: str, size: dict[str, int]) -> None:
    """Fifty logs with standard_change: of those called laggards at most 12 % had followed by day 14."""
    _, false, _, held_days = simulation(tmp_path, range(50), fault, **size)
    assert false <= 0.12
    assert held_days >= 0.93


GOLD = [
    "x,keep,p,v1,2026-04-01T00:00:00Z,2026-05-10T00:00:00Z",
    "x,remove,p,v2,2026-05-10T00:00:00Z,",
    "a,keep,p,,,",
    "b,remove,,v1,,",
    "b,remove,,v2,,",
    "old,keep,p,v1,,",
]


def review(number: int, item: str, label: str, day: str, *, version: str = "", blind: str = "", who: str = "r") -> str:
    """A review as a line of CSV."""
    return f"{number},{item},{who},{label},p,2026-{day}T12:00:00Z,{version},gold,{blind}"


REVIEWS = [
    review(1, "x", "keep", "05-01"),
    review(2, "x", "remove", "05-10"),
    review(3, "x", "keep", "05-24", version="v2"),
    review(4, "x", "keep", "05-25", version="v1"),
    review(5, "x", "remove", "05-09", version="v2"),
    review(6, "x", "remove", "05-26", blind="false"),
    review(7, "a", "keep", "04-03"),
    review(8, "b", "keep", "06-01"),
    review(9, "old", "keep", "06-01"),
    review(10, "a", "keep", "03-03"),
]


def test_the_question_counts_what_was_decided_under_which_version(tmp_path: Path) -> None:
    """Only blind decisions under the version in force count, on items that gold knows under both."""
    expected = [("a", "keep", "keep", "keep", None), ("b", "remove", "remove", "keep", None)]
    expected += [("x", "keep", "remove", "keep", None), ("x", "keep", "remove", "keep", 14)]
    expected += [("x", "keep", "remove", "remove", 0)]
    path = workspace(tmp_path, standards=TWO, gold=GOLD, reviews=REVIEWS)
    for _ in range(2):
        with closing(open_workspace(path)) as opened:
            found = ask(opened.engine, "adoption", Filters(), by=("reviewer",))
        columns = ["item_id", "old_label", "new_label", "label", "days"]
        assert sorted(found.select(columns).rows(), key=str) == sorted(expected, key=str)
        assert set(found.select("reviewer", "item_policy", "new_version", "answers").rows()) == {("r", "p", "v2", 1)}
        bring_up_to_date(path)


def test_a_shadow_sample_of_one_mind_tells_too(tmp_path: Path) -> None:
    """Two reviews under each version say what is right about an item without gold; a split one tells nothing."""
    rows = [
        review(place, item, label, "05-05", version=version, who=who)
        for place, (item, version, who, label) in enumerate(
            (item, version, who, label)
            for item, labels in (("s", "keep keep remove remove"), ("t", "keep keep remove keep"), ("u", "keep " * 4))
            for version, who, label in zip(("v1", "v1", "v2", "v2"), "abab", labels.split(), strict=True)
        )
    ]
    later = [review(100 + place, item, "keep", "06-01") for place, item in enumerate("stu")]
    with closing(open_workspace(workspace(tmp_path, standards=TWO, reviews=[*rows, *later]))) as opened:
        found = ask(opened.engine, "adoption", Filters(), by=("reviewer",))
    assert found.select("reviewer", "item_id", "old_label", "new_label", "days").rows() == [
        ("r", "s", "keep", "remove", 22)
    ]


def test_before_a_launch_in_the_future_nothing_is_known_yet(tmp_path: Path) -> None:
    standards = [TWO[0], TWO[1].replace("2026-05", "2099-05")]
    rows = [row for row in REVIEWS if "v2" not in row]
    with closing(open_workspace(workspace(tmp_path, standards=standards, gold=GOLD, reviews=rows))) as opened:
        (row,) = measure(open_source(opened), "adoption").iter_rows(named=True)
    assert (row["value"], row["note"]) == (None, NOT_SINCE)


@pytest.mark.parametrize("standards", [[], TWO[:1], ["q,v1,2026-04-01T00:00:00Z", "q,v2,2026-05-10T00:00:00Z"]])
def test_without_two_dated_versions_of_a_policy_adoption_is_unknown(tmp_path: Path, standards: list[str]) -> None:
    with closing(open_workspace(workspace(tmp_path, standards=standards, gold=GOLD, reviews=REVIEWS))) as opened:
        (row,) = measure(open_source(opened), "adoption").iter_rows(named=True)
    assert (row["value"], row["n"], row["note"]) == (None, 0, NO_KEYS)


def test_the_metric_is_cut_by_reviewer_site_and_week(tmp_path: Path) -> None:
    """Site y follows and site x does not, which every cut that tells sites apart shows."""
    people = [f"r{place},t,{'xy'[place % 2]}" for place in range(6)]
    gold = [row for row in GOLD if row[0] in "xab"]
    rows = []
    for place in range(6):
        who = f"r{place}"
        for day in range(11, 21):
            rows.append(review(len(rows), "x", ("keep", "remove")[place % 2], f"05-{day}", who=who))
            rows += [
                review(len(rows) + k, item, label, f"05-{day}", who=who)
                for k, (item, label) in enumerate((("a", "keep"), ("b", "remove")))
            ]
    path = workspace(tmp_path, standards=TWO, gold=gold, reviews=rows, reviewers=people)
    with closing(open_workspace(path)) as opened:
        source = open_source(opened)
        sites, reviewers, weeks = (measure(source, "adoption", by=(by,)) for by in ("site", "reviewer", "week"))
    assert [(value < 0.1, value > 0.9) for value in sites["value"]] == [(True, False), (False, True)]
    assert (reviewers["value"] > 0.5).to_list() == [False, True] * 3
    assert weeks["n"].sum() == sites["n"].sum() == 60
    assert ((weeks["low"] < 0.5) & (weeks["high"] > 0.5)).all()
