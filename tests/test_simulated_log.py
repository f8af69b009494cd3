"""The simulated log is distributed as `data/simulation/` states it; `tests/test_simulate.py` is about its files.

Every comparison is of a fixed seed, and would fail by chance once in a hundred thousand seeds or so (`RARE`).
"""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr
from scipy.stats import binomtest, chisquare, kstest
from simulated import Log, simulated

from data import simulate as simulating
from data.simulate import simulate
from data.simulation import checking, dealing, decisions, models, people, world
from data.simulation.content import HUB
from data.simulation.day import HANDLE_HARDNESS, HANDLE_MEDIAN
from data.simulation.deliveries import LATE, LATEST, REPEATED
from data.simulation.people import hire
from data.simulation.plan import Plan
from data.simulation.scenario import POLICY_NAMES

RARE = 1e-5
REVIEWS, DAYS, REVIEWERS, SEED = 200_000, 28, 120, 11
ENFORCED = world.LABELS[world.FIRST_VIOLATING :]


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Log:
    """Four weeks in which nothing is planted."""
    return simulated(
        tmp_path_factory.mktemp("simulated") / "log", reviews=REVIEWS, days=DAYS, reviewers=REVIEWERS, seed=SEED
    )


@pytest.fixture(scope="module")
def reviews(log) -> pl.DataFrame:
    """The reviews with what stands behind them."""
    return log.reviews


@pytest.fixture(scope="module")
def items(reviews) -> pl.DataFrame:
    """What came in, an item each: what is not gold, nor picked for a calibration round."""
    return reviews.filter(pl.col("stage").is_in(["live", "overlap"])).unique("item_id", maintain_order=True)


@pytest.fixture(scope="module")
def staff() -> people.People:
    """As many reviewers as there can be."""
    return hire(Plan(reviewers=5_000, seed=SEED))


def is_share(count: int, among: int, share: float) -> bool:
    """Whether a count can be that of a share."""
    return binomtest(count, among, share).pvalue > RARE


def are_shares(found: pl.Series, shares: dict[str, float]) -> bool:
    """Whether values are as common as their shares."""
    counts = dict(found.cast(pl.String).value_counts().iter_rows())
    assert set(counts) <= set(shares)
    expected = np.array(list(shares.values())) * len(found)
    return chisquare([counts.get(name, 0) for name in shares], expected).pvalue > RARE


def departure(found: pl.Series, chance: np.ndarray) -> float:
    """How many standard errors the number of what happened lies from the sum of its chances."""
    return float((found.sum() - chance.sum()) / np.sqrt((chance * (1 - chance)).sum()))


# What comes in.


def test_content_is_mixed_as_stated(items):
    assert are_shares(items["policy"], {policy.name: policy.share for policy in world.POLICIES})
    assert are_shares(items["market"], {market.name: market.share for market in world.MARKETS})
    assert are_shares(items["content_type"], dict(world.CONTENT_TYPES))
    assert are_shares(items["clause"], {str(clause): 1 / world.CLAUSES for clause in range(1, world.CLAUSES + 1)})


@pytest.mark.parametrize("market", world.MARKETS, ids=lambda market: market.name)
def test_content_of_a_market_is_in_its_language_or_in_english(market, items):
    languages = items.filter(market=market.name)["language"]
    assert set(languages) == {market.language, "en"}
    if market.language != "en":
        assert is_share((languages == "en").sum(), len(languages), world.ENGLISH_SHARE)


@pytest.mark.parametrize("policy", world.POLICIES, ids=lambda policy: policy.name)
def test_a_policy_has_its_prevalence_its_queue_and_its_codes(policy, items):
    ours = items.filter(policy=policy.name)
    assert is_share(ours["violating"].sum(), len(ours), policy.violating)
    assert ours["queue"].unique().to_list() == [policy.queue]
    enforced = pl.col("label").is_in(ENFORCED)
    told = pl.when(enforced).then(pl.lit(f"{policy.code}-") + pl.col("clause").cast(pl.String))
    assert ours.select(told.eq_missing(pl.col("reason_code")).all()).item()


def test_items_are_as_severe_and_as_ambiguous_as_stated(items):
    assert kstest(items["u"], "norm").pvalue > RARE
    assert are_shares(items["ambiguity"], {str(each): 0.25 for each in decisions.AMBIGUITIES.tolist()})
    fine, violating = items.filter(~pl.col("violating")), items.filter("violating")
    assert are_shares(fine["right"], dict(zip(world.LABELS, (0.8, 0.2), strict=False)))
    assert are_shares(violating["right"], dict(zip(ENFORCED, (0.4, 0.3, 0.2, 0.1), strict=True)))


# Who works when, and on what.


def test_volume_is_what_was_asked_for_with_less_at_weekends(log, reviews):
    by_date = reviews.group_by(pl.col("decided_at").dt.date().alias("date")).len().sort("date")
    assert by_date["len"].sum() == REVIEWS
    assert by_date["len"].to_list() == log.house.plan.volumes().tolist()
    weekend = by_date["date"].dt.weekday() >= 6
    lower, usual = by_date.filter(weekend)["len"], by_date.filter(~weekend)["len"]
    assert lower.min() / usual.max() == pytest.approx(0.85, abs=1e-3)
    assert lower.max() / usual.min() == pytest.approx(0.85, abs=1e-3)


def test_everybody_keeps_to_a_shift_and_to_two_days_off(log, reviews):
    worked = reviews.group_by("reviewer_id").agg(
        shifts=(pl.col("decided_at").dt.hour() // 8).unique(), days=pl.col("decided_at").dt.weekday().unique()
    )
    first_off = dict(zip(log.house.people.names, log.house.people.day_off.tolist(), strict=True))
    assert (worked["shifts"].list.len() == 1).all()
    assert set(worked["reviewer_id"]) == set(first_off)
    for reviewer, days in worked.select("reviewer_id", "days").iter_rows():
        assert not set(days) & {1 + first_off[reviewer], 1 + (first_off[reviewer] + 1) % 7}


def test_people_are_spread_over_sites_teams_and_shifts(staff):
    assert set(np.bincount(staff.site)) == {1_250}
    assert np.bincount(staff.team).max() == people.TEAM_SIZE
    assert all(len(np.unique(staff.site[staff.team == team])) == 1 for team in range(len(staff.teams)))
    shifts = {str(shift): share for shift, share in enumerate(people.SHIFT_SHARES)}
    assert are_shares(pl.Series(staff.shift), shifts)
    assert are_shares(pl.Series(staff.day_off), {str(day): 1 / 7 for day in range(7)})
    own_hub = (staff.hub == staff.site).sum()
    assert own_hub / 5_000 == pytest.approx(0.6)
    assert are_shares(pl.Series(staff.attendance), {"0.95": 0.85, "0.55": 0.15})
    assert set((staff.hub - staff.site) % world.HUBS) == {0, 1}


def test_reviewers_read_only_what_their_hub_reads(log, reviews):
    hubs = {market.name: int(HUB[at]) for at, market in enumerate(world.MARKETS)}
    own = dict(zip(log.house.people.names, log.house.people.hub.tolist(), strict=True))
    dealt = reviews.filter(pl.col("stage") != "calibration")
    assert (dealt["market"].cast(pl.String).replace_strict(hubs) == dealt["reviewer_id"].replace_strict(own)).all()
    spoken = reviews.join(log.tables["reviewers"], on="reviewer_id").select(
        pl.col("languages").str.split(" ").list.contains(pl.col("language"))
    )
    assert spoken["languages"].all()


def test_overlap_items_go_to_two_to_five_different_reviewers(reviews):
    shared = reviews.filter(stage="overlap").group_by("item_id").agg(pl.len(), pl.col("reviewer_id").n_unique())
    assert shared["len"].equals(shared["reviewer_id"])
    assert shared["len"].sum() / REVIEWS == pytest.approx(0.15, abs=0.002)
    assert 0.1 < shared["len"].sum() / REVIEWS < 0.2
    for size, share in world.OVERLAP_SIZES:
        assert (shared["len"] == size).mean() == pytest.approx(share, abs=0.005)
    assert not reviews.filter(stage="live")["item_id"].is_duplicated().any()


def test_gold_is_three_in_a_hundred_half_violating_and_nobody_gets_it_twice(log, reviews):
    answers = reviews.filter(stage="gold")
    assert len(answers) / REVIEWS == pytest.approx(0.03, abs=1e-4)
    assert not answers.select("reviewer_id", "item_id").is_duplicated().any()
    gold = log.tables["gold"]
    assert set(answers["item_id"]) <= set(gold["item_id"])
    assert is_share(gold["label"].is_in(ENFORCED).sum(), len(gold), world.GOLD_VIOLATING)
    assert (log.gold_answers["gold_label"] == log.gold_answers["right"]).all()
    assert len(log.gold_answers) == len(answers)


def test_a_calibration_round_gives_everybody_in_it_the_same_english_items(reviews):
    rounds = reviews.filter(stage="calibration")
    assert sorted(rounds["day"].unique()) == [
        1 + day for day in range(DAYS) if day % dealing.ROUND_EVERY == dealing.ROUND_DAY
    ]
    assert rounds["language"].unique().to_list() == ["en"]
    for (_,), ours in rounds.group_by("day"):
        assert ours["item_id"].n_unique() == dealing.ROUND_ITEMS
        assert ours["reviewer_id"].n_unique() == dealing.ROUND_REVIEWERS
        assert len(ours) == dealing.ROUND_ITEMS * dealing.ROUND_REVIEWERS


# How they decide.


def test_skill_and_leaning_are_spread_as_stated(staff):
    assert kstest(staff.skill, "norm", args=(people.SKILL_MEAN, people.SKILL_SPREAD)).pvalue > RARE
    assert (staff.skill.min(), staff.skill.max()) >= (people.SKILL_BOUNDS[0], 0)
    assert staff.skill.max() <= people.SKILL_BOUNDS[1]
    assert kstest(staff.leaning, "norm", args=(people.LEANING_MEAN, people.LEANING_SPREAD)).pvalue > RARE
    assert abs(np.corrcoef(staff.skill, staff.leaning)[0, 1]) < 4.5 / np.sqrt(5_000)
    assert staff.policy_skill.mean(axis=1) == pytest.approx(0, abs=1e-12)
    around_their_mean = people.POLICY_SPREAD * np.sqrt(1 - 1 / len(POLICY_NAMES))
    assert kstest(staff.policy_skill[:, 0], "norm", args=(0, around_their_mean)).pvalue > RARE


def test_one_in_twenty_is_new_and_lacks_skill_that_practice_brings(staff):
    new = staff.hired > -60
    assert is_share(new.sum(), 5_000, people.NEWCOMERS)
    assert staff.hired[~new].max() <= -200
    first, later = staff.lacking(0), staff.lacking(30)
    assert first[new].min() > people.LEARNING_SIZE * np.exp(-60 / people.LEARNING_DAYS)
    assert later / first == pytest.approx(np.exp(-30 / people.LEARNING_DAYS))
    assert first[~new].max() < 0.002


def test_the_key_tells_the_ability_with_which_every_review_is_made(log, reviews):
    """Skill, leaning, skill by policy and practice, as the key tells them, add up to what stands behind each review."""
    known = pl.DataFrame(
        [
            (name, policy, each["skill"], each["leaning"], each["hired_days_before"], extra)
            for name, each in log.key["people"].items()
            for policy, extra in each["policy_skill"].items()
        ],
        schema=["reviewer_id", "policy", "overall", "told_leaning", "hired", "extra"],
        orient="row",
    )
    told = reviews.with_columns(pl.col("policy").cast(pl.String)).join(known, on=["reviewer_id", "policy"])
    practice = people.LEARNING_SIZE * (-(pl.col("day") - 1 + pl.col("hired")) / people.LEARNING_DAYS).exp()
    told = told.with_columns(told_skill=pl.col("overall") + pl.col("extra") - practice)
    assert len(told) == REVIEWS
    assert told["told_skill"].to_numpy() == pytest.approx(told["skill"].to_numpy(), abs=3e-6)
    assert told["told_leaning"].to_numpy() == pytest.approx(told["leaning"].to_numpy(), abs=1e-6)


@pytest.mark.parametrize(("violates", "sign"), [(True, 0.5), (False, -0.5)], ids=["hits", "false alarms"])
def test_hits_and_false_alarms_of_every_reviewer_are_those_of_their_skill_and_leaning(violates, sign, reviews):
    """Phi(d'/2 - c) and Phi(-d'/2 - c): their departures over the reviewers are standard normal."""
    ours = reviews.filter(pl.col("stage") == "live", pl.col("violating") == violates)
    chance = ndtr(sign * ours["skill"] - ours["leaning"])
    ours = ours.with_columns(chance=chance, enforces=pl.col("label").is_in(ENFORCED))
    assert abs(departure(ours["enforces"], ours["chance"].to_numpy())) < 4
    by_reviewer = [
        departure(each["enforces"], each["chance"].to_numpy())
        for _, each in ours.group_by("reviewer_id", maintain_order=True)
    ]
    assert len(by_reviewer) == REVIEWERS
    assert kstest(by_reviewer, "norm").pvalue > 1e-3
    assert np.abs(by_reviewer).max() < 4.5


def test_labels_are_as_common_as_their_chances(reviews):
    """Given the item's place and ambiguity, as the answer key has it when it adds up what is expected."""
    ours = reviews.filter(stage="live")
    signal = decisions.signals(ours["skill"].to_numpy(), ours["leaning"].to_numpy(), ours["violating"].to_numpy())
    chances = decisions.label_chances(
        signal, ours["violating"].to_numpy(), ours["u"].to_numpy(), ours["ambiguity"].to_numpy()
    )
    assert chances.sum(axis=1) == pytest.approx(1)
    for at, label in enumerate(world.LABELS):
        assert abs(departure(ours["label"] == label, chances[:, at])) < 4


def test_clear_items_mislead_everybody_alike_and_ambiguous_ones_split_the_room(reviews):
    pairs = reviews.filter(stage="overlap").with_columns(enforces=pl.col("label").is_in(ENFORCED).cast(float))
    split = pairs.group_by("item_id", "ambiguity").agg((pl.col("enforces").n_unique() == 2).alias("split"))
    by_ambiguity = split.group_by("ambiguity").agg(pl.col("split").mean()).sort("ambiguity")["split"].to_list()
    assert by_ambiguity == sorted(by_ambiguity)
    assert by_ambiguity[-1] > 1.2 * by_ambiguity[0]


def test_confidence_grows_with_accuracy(reviews):
    sure = reviews.with_columns(
        right_side=pl.col("enforced") == pl.col("violating"), tenth=(10 * pl.col("confidence")).floor()
    )
    by_tenth = sure.group_by("tenth").agg(pl.col("right_side").mean(), pl.len()).sort("tenth")
    assert sure["confidence"].is_between(0.5, 1).all()
    assert by_tenth["right_side"].is_sorted()
    assert by_tenth["right_side"][-1] - by_tenth["right_side"][0] > 0.2


def test_handle_times_are_as_long_as_stated_and_longer_for_hard_cases(reviews):
    """Median 26 s, and 8 to 82 s from the 5th to the 95th in a hundred, within what 120 paces of people leave open."""
    seconds = (reviews["decided_at"] - reviews["claimed_at"]).dt.total_seconds()
    for quantile, stated in ((0.05, 8), (0.5, HANDLE_MEDIAN), (0.95, 82)):
        assert abs(np.log(seconds.quantile(quantile) / stated)) < 4 * 0.2 / np.sqrt(REVIEWERS)
    side = np.where(reviews["violating"], 1, -1)
    clear = side * np.sqrt(1 - reviews["ambiguity"]) * reviews["u"]
    ambiguous = reviews["ambiguity"].to_numpy()
    logs = np.log(np.maximum(seconds, 1))
    assert np.corrcoef(logs, clear)[0, 1] < -0.2
    assert np.corrcoef(logs, ambiguous)[0, 1] > 0.2
    both = (ambiguous - ambiguous.mean()) / ambiguous.std() - clear / clear.std()
    assert np.polyfit(both / np.sqrt(2), logs, 1)[0] == pytest.approx(HANDLE_HARDNESS, abs=0.01)


# What is checked.


@pytest.fixture(scope="module")
def checked(log, reviews) -> pl.DataFrame:
    """The reviews that may be audited."""
    last = log.house.plan.days - checking.AUDIT_DAYS
    return reviews.filter(pl.col("stage").is_in(["live", "overlap"]), pl.col("day") <= last)


@pytest.mark.parametrize(("stratum", "labels"), [(0, world.LABELS[:2]), (1, ENFORCED[:2]), (2, ENFORCED[2:])])
def test_each_stratum_is_audited_with_the_probability_that_is_recorded(stratum, labels, log, checked):
    audits = log.tables["audits"].filter(stratum=checking.STRATA[stratum])
    recorded = checking.INCLUSION[stratum]
    assert audits["inclusion_probability"].unique().to_list() == [recorded]
    drawn = checked.filter(pl.col("label").is_in(labels))
    assert set(audits["review_id"]) <= set(drawn["review_id"])
    assert is_share(audits["review_id"].n_unique(), len(drawn), recorded)


def test_auditors_err_by_their_skill_and_some_reviews_are_audited_twice(log, reviews):
    audits = log.tables["audits"].join(reviews, on="review_id", suffix="_reviewed")
    for violates, sign in ((True, 0.5), (False, -0.5)):
        ours = audits.filter(violating=violates)
        chance = ndtr(sign * checking.AUDITOR_SKILL - checking.AUDITOR_LEANING)
        # They are drawn by what the reviewer said, who errs on the same hard items: weighted they stand for all.
        weight = 1 / ours["inclusion_probability"].to_numpy()
        beyond = weight * (ours["label"].is_in(ENFORCED).to_numpy() - chance)
        assert abs(beyond.sum()) < 4 * np.sqrt((beyond**2).sum())
    by_review = audits.group_by("review_id").agg(pl.len(), pl.col("auditor_id").n_unique())
    assert by_review["len"].equals(by_review["auditor_id"])
    assert is_share((by_review["len"] == 2).sum(), len(by_review), checking.SECOND_AUDITS)
    assert by_review["len"].max() == 2
    waited = audits["audited_at"] - audits["decided_at"]
    assert waited.min() >= dt.timedelta(0)
    assert waited.max() <= dt.timedelta(days=checking.AUDIT_DAYS)
    assert audits["auditor_id"].n_unique() == len(people.auditors())
    assert not set(audits["auditor_id"]) & set(reviews["reviewer_id"])


def test_appeals_select_towards_mistakes_at_the_stated_rates(log, reviews):
    """Opened against decisions to enforce only; the chance that one is opened before the log ends is known."""
    may = reviews.filter(pl.col("label").is_in(ENFORCED), pl.col("stage").is_in(["live", "overlap"]))
    appeals = log.tables["appeals"]
    assert set(appeals["review_id"]) <= set(may["review_id"])
    assert not appeals["review_id"].is_duplicated().any()
    left = DAYS - may["decided"] / checking.DAY_SECONDS
    may = may.with_columns(
        opened=pl.col("review_id").is_in(appeals["review_id"].implode()),
        in_time=1 - np.exp(-left / checking.OPENED_DAYS),
    )
    for wrong in (0, 1):
        ours = may.filter(pl.col("violating") == (wrong == 0))
        chance = checking.APPEALED[wrong] * ours["in_time"].to_numpy()
        assert abs(departure(ours["opened"], chance)) < 4
        closed = appeals.join(ours, on="review_id").filter(pl.col("outcome").is_not_null())
        assert is_share((closed["outcome"] == "overturned").sum(), len(closed), checking.OVERTURNED[wrong])
        assert len(closed) > 100


def test_appeals_come_after_the_decision_and_end_with_the_log(log, reviews):
    appeals = log.tables["appeals"].rename({"decided_at": "closed_at"}).join(reviews, on="review_id")
    end = log.house.plan.at(DAYS)
    assert (appeals["opened_at"] >= appeals["decided_at"]).all()
    assert (appeals["opened_at"] < end).all()
    assert appeals["closed_at"].is_null().equals(appeals["outcome"].is_null())
    assert appeals["outcome"].is_null().any()
    closed = appeals.drop_nulls("closed_at")
    assert (closed["closed_at"] >= closed["opened_at"]).all()
    assert (closed["closed_at"] < end).all()


# The model.


def test_a_share_of_the_live_reviews_is_made_with_the_model_on_the_screen(log, reviews):
    live = reviews.filter(stage="live")
    assert is_share(live["model_shown"].sum(), len(live), log.house.plan.shown_share)
    assert not reviews.filter(pl.col("stage") != "live")["model_shown"].any()


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_scores_are_calibrated(version, log, items):
    """In each tenth of the scores as many items violate as the scores add up to."""
    scored = log.tables["predictions"].filter(model_version=version).join(items, on="item_id")
    for (_,), ours in scored.with_columns(tenth=pl.col("score").rank("ordinal") * 10 // (pl.len() + 1)).group_by(
        "tenth"
    ):
        assert abs(departure(ours["violating"], ours["score"].to_numpy())) < 4


@pytest.mark.parametrize("version", [1, 2])
def test_the_model_flags_by_its_skill_from_the_day_of_its_release(version, log, items):
    scored = log.tables["predictions"].filter(model_version=f"v{version}").join(items, on="item_id", suffix="_reviewed")
    change = round(DAYS * models.SECOND_RELEASE)
    days = scored["day"].unique().sort().to_list()
    assert days == (list(range(1, change + 1)) if version == 1 else list(range(change + 1, DAYS + 1)))
    flagged = scored["label"].is_in(ENFORCED)
    assert flagged.equals(scored["score"] >= models.THRESHOLD)
    told = log.key["models"][version - 1]
    for violates, name in ((True, "recall"), (False, "false_positive_rate")):
        for policy in POLICY_NAMES:
            ours = (scored["violating"] == violates) & (scored["policy"] == policy)
            assert is_share(flagged.filter(ours).sum(), ours.sum(), told[name][policy])


def test_every_item_is_scored_before_anybody_opens_it_and_gold_by_every_version(log, reviews):
    first = reviews.filter(pl.col("stage") != "gold").group_by("item_id").agg(pl.col("claimed_at").min())
    scored = first.join(log.tables["predictions"], on="item_id", how="left")
    assert (scored["claimed_at"] - scored["scored_at"] >= dt.timedelta(seconds=599)).all()
    assert len(scored) == len(first)
    gold = log.tables["predictions"].join(log.tables["gold"], on="item_id", how="semi")
    assert len(gold) == 2 * len(log.tables["gold"])


def test_nothing_but_model_releases_happens(log):
    assert log.tables["events"]["title"].to_list() == ["live-guard v1 released", "live-guard v2 released"]
    assert log.tables["standards"]["version"].unique().to_list() == ["2025.1"]
    assert log.key["faults"] == []


# How it arrives.


def test_reviews_arrive_late_and_repeated_as_stated(tmp_path, monkeypatch):
    monkeypatch.setattr(simulating, "MOST_IN_ONE_FILE", REVIEWS - 1)
    simulate(tmp_path / "log", Plan(reviews=REVIEWS, days=DAYS, reviewers=REVIEWERS, seed=SEED))
    arrived = pl.concat(
        pl.read_parquet(path).with_columns(on=dt.date.fromisoformat(path.stem))
        for path in sorted((tmp_path / "log" / "reviews").iterdir())
    ).with_columns(lag=(pl.col("on") - pl.col("decided_at").dt.date()).dt.total_days())
    first = arrived.unique("review_id", keep="first", maintain_order=True)
    assert len(first) == REVIEWS
    settled = first.filter(pl.col("decided_at").dt.date() <= arrived["on"].max() - dt.timedelta(days=LATEST))
    assert are_shares(settled["lag"], {"0": 1 - LATE, "1": LATE / LATEST, "2": LATE / LATEST})
    again = arrived.filter(~pl.col("review_id").is_first_distinct())
    on_time = first.filter(pl.col("lag") == 0, pl.col("on") < arrived["on"].max())
    assert is_share(len(again), len(on_time), REPEATED)
    assert again["lag"].unique().to_list() == [1]
    told = [column for column in arrived.columns if column not in {"on", "lag"}]
    assert len(again.join(on_time, on=told, how="semi", nulls_equal=True)) == len(again)
