"""Where nothing is planted nothing is found: over a hundred logs, p-values of simple tests are uniform.

Reviewers differ honestly, and newcomers learn: comparisons within reviewers are of those who are not new, and
comparisons of groups of reviewers are of a figure for each reviewer. Overlap items share their error among reviewers,
so that comparisons within reviewers are of live reviews, one an item.
"""

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2, kruskal, kstest, norm

from data.simulation.checking import AUDIT_DAYS, audits
from data.simulation.day import Day, make_day
from data.simulation.effects import Memory
from data.simulation.faults import read_fault
from data.simulation.frames import review_ids
from data.simulation.house import House
from data.simulation.plan import Plan
from data.simulation.world import FIRST_VIOLATING, GOLD, LIVE

LOGS, REVIEWS, DAYS, REVIEWERS = 100, 16_000, 21, 60
LEAST = 1e-3
"""The p-value below which the hundred p-values are not uniform."""


def rows_of(house: House, day: Day) -> pl.DataFrame:
    """The reviews of a day with what tests look at, a row each."""
    items, row = day.dealt.items, day.dealt.row
    numbers = np.arange(1, 1 + len(row))
    ours = np.minimum(row, len(day.predictions.score) - 1)
    drawn = audits(house, day, numbers)["review_id"].cast(pl.String).unique()
    return pl.DataFrame(
        {
            "day": np.full(len(row), day.number),
            "reviewer": day.dealt.reviewer,
            "row": row,
            "stage": day.dealt.stage,
            "site": house.people.site[day.dealt.reviewer],
            "shift": house.people.shift[day.dealt.reviewer],
            "new": house.people.hired[day.dealt.reviewer] > -60,
            "hour": np.floor(day.dealt.hours),
            "policy": items.policy,
            "market": items.market,
            "violating": items.violating,
            "right": day.label == day.right,
            "right_side": (day.label >= FIRST_VIOLATING) == day.officially,
            "enforced": day.label >= FIRST_VIOLATING,
            "seconds": day.handle_seconds,
            "shown": day.shown,
            "gold": day.dealt.gold,
            "flagged": day.predictions.label[ours] >= FIRST_VIOLATING,
            "score": day.predictions.score[ours],
            "version": np.full(len(row), int(day.predictions.version.name[1:])),
            "stratum": (day.label >= FIRST_VIOLATING).astype(int) + (day.label >= FIRST_VIOLATING + 2),
            "audited": review_ids(numbers).is_in(drawn.implode()),
        }
    )


def simulated_rows(seed: int, *faults: str, reviews: int) -> tuple[House, pl.DataFrame]:
    """A house and its reviews; without faults, one in which there is nothing to find."""
    planted = tuple(read_fault(fault) for fault in faults)
    house = House.of(Plan(reviews=reviews, days=DAYS, reviewers=REVIEWERS, seed=seed, faults=planted))
    memory = Memory.empty(REVIEWERS)
    days = (make_day(house, day, first_number=1, memory=memory) for day in range(DAYS))
    rows = pl.concat(rows_of(house, day) for day in days)
    return house, rows.with_columns(half=pl.col("day") * 2 // DAYS, weekday=pl.col("day") % 7)


def alike(rows: pl.DataFrame, what: str, groups: str, *, within: str) -> float:
    """The p-value that a share is the same in all groups, within each stratum: Mantel and Haenszel's, for many groups.

    Source: Mantel (1963), doi:10.1080/01621459.1963.10500879.
    """
    cells = rows.group_by(within, groups).agg(pl.col(what).sum().alias("hits"), pl.len().alias("n"))
    totals = rows.group_by(within).agg(pl.col(what).mean().alias("share"), pl.len().alias("of"))
    cells = cells.join(totals, on=within).filter(pl.col("of") > 1)
    names = rows[groups].unique().sort().to_list()
    excess, spread = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for (_,), stratum in cells.group_by(within):
        counts = np.zeros(len(names))
        at = [names.index(name) for name in stratum[groups]]
        counts[at] = stratum["n"]
        share, of = stratum["share"][0], stratum["of"][0]
        excess[at] += (stratum["hits"] - stratum["n"] * share).to_numpy()
        spread += share * (1 - share) * of / (of - 1) * (np.diag(counts) - np.outer(counts, counts) / of)
    statistic = excess @ np.linalg.pinv(spread, hermitian=True) @ excess
    return float(chi2.sf(statistic, np.linalg.matrix_rank(spread, hermitian=True)))


def same_level(rows: pl.DataFrame, what: str, groups: str, *, each: str) -> float:
    """Kruskal and Wallis's p-value that a mean of each reviewer, or of each item, is alike in all groups."""
    means = rows.group_by(each, groups).agg(pl.col(what).mean())
    return float(kruskal(*(ours[what] for _, ours in means.group_by(groups, maintain_order=True))).pvalue)


def spiegelhalter(rows: pl.DataFrame) -> float:
    """The p-value that scores are calibrated. Source: Spiegelhalter (1986), doi:10.1002/sim.4780050506."""
    score, violating = rows["score"].to_numpy(), rows["violating"].to_numpy()
    excess = ((violating - score) * (1 - 2 * score)).sum()
    return float(2 * norm.sf(abs(excess) / np.sqrt(((1 - 2 * score) ** 2 * score * (1 - score)).sum())))


def p_values(seed: int, *faults: str, reviews: int = REVIEWS) -> dict[str, float]:
    """The p-value of each simple test of a log."""
    house, rows = simulated_rows(seed, *faults, reviews=reviews)
    live, on_gold = rows.filter(stage=LIVE), rows.filter(stage=GOLD)
    settled = live.filter(~pl.col("new"))
    items = rows.filter(pl.col("stage") != GOLD).unique(["day", "row"], maintain_order=True)
    modelled = items.with_columns(model_right=pl.col("flagged") == pl.col("violating"))
    with_model = settled.with_columns(agrees=pl.col("enforced") == pl.col("flagged"), slow=pl.col("seconds") > 26)
    sets = pl.Series("set", house.gold.sets)[on_gold["gold"]]
    may_be_audited = live.filter(pl.col("day") < DAYS - AUDIT_DAYS)
    return {
        "accuracy, first and second half": alike(settled, "right", "half", within="reviewer"),
        "accuracy by weekday": alike(settled, "right", "weekday", within="reviewer"),
        "accuracy by hour of the shift": alike(settled, "right", "hour", within="reviewer"),
        "accuracy by market": alike(settled, "right", "market", within="reviewer"),
        "accuracy, model shown or not": alike(settled, "right", "shown", within="reviewer"),
        "agreement with the model, shown or not": alike(with_model, "agrees", "shown", within="reviewer"),
        "handle time, model shown or not": alike(with_model, "slow", "shown", within="reviewer"),
        "enforcement, first and second half": alike(settled, "enforced", "half", within="reviewer"),
        "accuracy by site": same_level(live, "right", "site", each="reviewer"),
        "accuracy by shift": same_level(live, "right", "shift", each="reviewer"),
        "enforcement by site": same_level(live, "enforced", "site", each="reviewer"),
        "accuracy by gold set": same_level(on_gold.with_columns(sets), "right", "set", each="gold"),
        "accuracy, audited or not": alike(may_be_audited, "right_side", "audited", within="stratum"),
        "prevalence by day": alike(items, "violating", "day", within="policy"),
        "prevalence by market": alike(items, "violating", "market", within="policy"),
        "the model, first and second version": alike(modelled, "model_right", "version", within="violating"),
        "the model by day": alike(modelled, "model_right", "day", within="violating"),
        "calibration of the first version": spiegelhalter(items.filter(version=1)),
        "calibration of the second version": spiegelhalter(items.filter(version=2)),
    }


def test_p_values_are_uniform():
    """Kolmogorov and Smirnov's test finds none of them otherwise over a hundred logs."""
    found = pl.DataFrame([p_values(seed) for seed in range(1, 1 + LOGS)])
    uniform = {name: kstest(found[name], "uniform").pvalue for name in found.columns}
    assert {name: p for name, p in uniform.items() if p <= LEAST} == {}


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ("fatigue", "accuracy by hour of the shift"),
        ("site_drift:day=1", "enforcement by site"),
        ("site_drift:day=11,ramp=0", "enforcement, first and second half"),
        ("anchoring", "agreement with the model, shown or not"),
        ("leaked_gold:day=1,share=1", "accuracy by gold set"),
        ("biased_audit", "accuracy, audited or not"),
        ("content_shift:policy=nudity,size=2", "prevalence by day"),
        ("model_regression", "the model, first and second version"),
        ("overconfident_model", "calibration of the first version"),
    ],
)
def test_the_same_tests_find_what_is_planted(fault, found):
    """In logs of five times the size, so that it is no matter of luck."""
    assert p_values(1, fault, reviews=5 * REVIEWS)[found] < LEAST
