"""Noise: level, pattern and occasion, against hand-made tables, the analysis of variance and known truth."""

import re
import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from noisy import LABELS, PAIRS, REPEATS, noise_pairs, pairs_of, room, two

from dashboard.measure import measure, open_source
from data.load import load
from data.store import open_workspace
from metrics.components import components
from metrics.estimate import Estimate
from metrics.noise import (
    ALIKE,
    NEEDS_POLICIES,
    NO_ITEMS,
    ONE_POLICY,
    level_noise,
    noises,
    occasion_noise,
    pattern_noise,
)
from metrics.noise_audit import UNTOLD, noise_audit
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

NOTHING = Options()
NO_REPEATS = pl.DataFrame(schema=REPEATS)


def both(counts: pl.DataFrame, taxonomy: Taxonomy = LABELS, options: Options = NOTHING) -> tuple[Estimate, Estimate]:
    """Level and pattern noise of one slice."""
    (level,), (pattern,) = level_noise([counts], taxonomy, options), pattern_noise([counts], taxonomy, options)
    return level, pattern


def test_whoever_is_always_harsher_is_level_noise() -> None:
    """Ann removes and Ben keeps, in both policies: of twenty differences all is the level's."""
    level, pattern = both(two(("p", "ann", "remove", "ben", "keep", 10), ("q", "ann", "remove", "ben", "keep", 10)))
    assert (level.value, pattern.value, level.n) == (pytest.approx(1), pytest.approx(0), 20)


def test_whoever_is_harsher_in_one_policy_and_milder_in_the_other_is_pattern_noise() -> None:
    level, pattern = both(two(("p", "ann", "remove", "ben", "keep", 10), ("q", "ann", "keep", "ben", "remove", 10)))
    assert (level.value, pattern.value) == (0, 1)


def test_whoever_is_harsher_now_and_milder_then_is_neither() -> None:
    """Five items each way in each policy: T = 0, so the squares are what chance leaves, -1 of 18 or so."""
    rows = [(p, "ann", one, "ben", two_, 5) for p in "pq" for one, two_ in (("remove", "keep"), ("keep", "remove"))]
    assert [each.value for each in both(two(*rows))] == [0, 0]


def test_a_table_worked_by_hand() -> None:
    """Ann removes three items that Ben keeps and two that he removes; he removes one that she keeps, in one policy.

    T = ±(3 - 1) / 2 = ±1, so ΣT² = 2; four differences weigh ½ each, Σc² = 2; so nothing is stable: 0 of 15.
    Had all four been hers, ΣT² = 8, and 6 of 6 · 5 · ½ · 2 = 30 is 0.2; the system noise is 4 / 12 = 0.333.
    """
    met = two(
        ("p", "ann", "remove", "ben", "keep", 3),
        ("p", "ann", "remove", "ben", "remove", 2),
        ("p", "ann", "keep", "ben", "remove", 1),
    )
    assert both(met)[0].value == pytest.approx(0)
    hers = two(("p", "ann", "remove", "ben", "keep", 4), ("p", "ann", "remove", "ben", "remove", 2))
    assert both(hers)[0].value == pytest.approx(0.2 / (4 / 12))


def test_components_of_a_balanced_table_are_those_of_the_mixed_model() -> None:
    """Statsmodels' restricted maximum likelihood, which is the analysis of variance where that has nothing below 0."""
    from statsmodels.regression.mixed_linear_model import MixedLM  # noqa: PLC0415 - slow to load

    chance, items, people = np.random.default_rng(2), 24, 8
    kind = np.arange(items) % 3
    scores = chance.normal(0, 2, (items, 1)) + chance.normal(0, 1, people) + chance.normal(0, 1, (items, people))
    scores = scores + chance.normal(0, 0.8, (3, people))[kind]
    found = components(pairs_of(scores, kind), kinds=3, people=people)
    rows = pl.DataFrame({"y": scores.ravel(), "item": np.repeat(np.arange(items), people)}).with_columns(
        kind=np.repeat(kind, people), reviewer=np.tile(np.arange(people), items)
    )
    effects = {
        "item": "0 + C(item)",
        "level": "0 + C(reviewer)",
        "pattern": "0 + C(reviewer):C(kind)",
    }
    fit = MixedLM.from_formula(
        "y ~ C(kind)", groups=np.ones(len(rows)), re_formula="0", vc_formula=effects, data=rows.to_pandas()
    ).fit(method="bfgs", gtol=1e-8)
    told = dict(zip(fit.model.exog_vc.names, fit.vcomp, strict=True))
    assert found.level.value == pytest.approx(told["level"], abs=1e-5)
    assert found.stable.value - found.level.value == pytest.approx(told["pattern"], abs=1e-5)
    assert found.system.value == pytest.approx(told["level"] + told["pattern"] + fit.scale, abs=1e-5)


def test_components_of_a_balanced_table_are_those_of_the_analysis_of_variance() -> None:
    """Mean squares of reviewers, of reviewers by policy and of the rest, over what they expect, to the last digit."""
    chance, people, policies, each = np.random.default_rng(3), 5, 2, 6
    kind = np.repeat(np.arange(policies), each)
    scores = chance.normal(0, 1, (policies * each, people))
    found = components(pairs_of(scores, kind), kinds=policies, people=people)
    centred = scores - scores.mean(axis=1, keepdims=True)
    means = np.stack([centred[kind == k].mean(axis=0) for k in range(policies)])
    of_people = each * policies * (means.mean(axis=0) ** 2).sum() / (people - 1)
    crossed = each * ((means - means.mean(axis=0)) ** 2).sum() / (people - 1) / (policies - 1)
    rest = ((centred - means[kind]) ** 2).sum() / (people - 1) / (each - 1) / policies
    level, pattern = (of_people - crossed) / each / policies, (crossed - rest) / each
    assert found.level.value == pytest.approx(level)
    assert found.stable.value == pytest.approx(level + pattern)
    assert found.system.value == pytest.approx(level + pattern + rest)


def test_unbalanced_estimates_are_unbiased() -> None:
    """Sixty rooms, each item with two to four of thirty reviewers: the mean is within three standard errors."""
    chance = np.random.default_rng(4)
    rooms = [room(chance, spreads=(0.09, 0.12, 0.0)) for _ in range(60)]
    shares = []
    for each in rooms:
        level, pattern = both(noise_pairs(each.ratings))
        shares.append((level.value, pattern.value, occasion_noise(each.repeats, LABELS, NOTHING).value))
    truth = (rooms[0].level, rooms[0].pattern, rooms[0].occasion)
    error = np.std(shares, axis=0) / np.sqrt(len(shares))
    assert (np.abs(np.mean(shares, axis=0) - truth) < 3 * error).all(), (np.mean(shares, axis=0), truth, error)


def test_neither_order_nor_names_nor_direction_matter() -> None:
    pairs = noise_pairs(room(np.random.default_rng(5)).ratings)
    sides = {"reviewer_a": "reviewer_b", "reviewer_b": "reviewer_a", "label_a": "label_b", "label_b": "label_a"}
    turned = pairs.rename(sides).sample(fraction=1, shuffle=True, seed=1).select(pairs.columns)
    for one, other in zip(both(pairs), both(turned), strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_a_policy_has_the_level_of_all_and_a_reading_of_its_own() -> None:
    """In p both read alike; Ann is harsher in q, r and s and milder in t, so products across policies add up to 0."""
    harsher = {"p": 8, "q": 16, "r": 16, "s": 16, "t": 0}
    rows = [(policy, "ann", "remove", "ben", "keep", items) for policy, items in harsher.items()]
    rows += [(policy, "ann", "keep", "ben", "remove", 16 - items) for policy, items in harsher.items()]
    parts = two(*(row for row in rows if row[-1])).sort("item_policy").partition_by("item_policy")
    assert [each.value for each in level_noise(parts, LABELS, NOTHING)] == pytest.approx([0, 0, 0, 0, 0])
    assert [each.value for each in pattern_noise(parts, LABELS, NOTHING)] == pytest.approx([0, 1, 1, 1, 1])


def test_severity_is_measured_in_steps() -> None:
    """Cid is one step harsher than Ann and two harsher than Ben on every item: all is level."""
    grades = Taxonomy(("0", "1", "2"), values=(0.0, 1.0, 4.0), violating=frozenset({"2"}), declared=True)
    names = {"ann": "1", "ben": "0", "cid": "2"}
    rows = [(policy, item, *pair) for policy in "pq" for item in range(10) for pair in names.items()]
    counts = noise_pairs(pl.DataFrame(rows, schema=["policy", "item", "reviewer", "label"], orient="row"))
    for level, mean in (("ordinal", (1 + 1 + 4) / 3), ("interval", (1 + 9 + 16) / 3)):
        found = noise_audit(counts, NO_REPEATS, grades, Options(level=level))
        assert found.disagreement.value == pytest.approx(mean)
        assert found.level.value == pytest.approx(1)
        assert "squared steps" in found.sentence
    one_label = both(counts, grades, Options(label="1"))
    assert one_label[0].n == 20


def test_the_moment_is_what_one_differs_from_oneself_in_parts_of_two() -> None:
    """Two differ always on ten items and in two of three on six; one differs on two of either: 4 of 10 + 6 · ⅔."""
    split, mostly = "1\x1fkeep\x1e1\x1fremove", "2\x1fkeep\x1e1\x1fremove"
    rows = [
        (split, "keep", "keep", 8),
        (split, "keep", "remove", 2),
        (mostly, "keep", "keep", 4),
        (mostly, "remove", "keep", 2),
        ("1\x1fkeep", "remove", "keep", 50),
    ]
    found = occasion_noise(pl.DataFrame(rows, schema=REPEATS, orient="row"), LABELS, NOTHING)
    assert (found.value, found.n) == (pytest.approx(4 / 14), 16)
    assert "4 repeated decisions differ" in found.note


@pytest.mark.parametrize(
    ("spreads", "verdict"),
    [
        ((0.7, 0.05, 0.0), "train people"),
        ((0.05, 0.7, 0.0), "rewrite the clause"),
        ((0.02, 0.02, 0.0), "fix fatigue"),
    ],
)
def test_the_audit_says_what_to_do(spreads: tuple[float, ...], verdict: str) -> None:
    """The part that is planted large is what is called for, and the parts add up to everything."""
    made = room(np.random.default_rng(6), items=1500, spreads=spreads)
    found = noise_audit(noise_pairs(made.ratings), made.repeats, LABELS, NOTHING)
    assert found.verdict == verdict
    assert found.sentence.lower().startswith(verdict)
    assert re.search(r"two reviewers differ on \d+% of items", found.sentence)
    assert sum(found.frame["value"]) == pytest.approx(1, abs=0.08)


def test_views_of_single_items_are_what_the_moment_leaves() -> None:
    """Doubt that stays with the reviewer and the item: a quarter of the system noise, not of the moment."""
    made = room(np.random.default_rng(7), items=3000, people=40, spreads=(0.02, 0.02, 0.24), doubt=0.0)
    found = noise_audit(noise_pairs(made.ratings), made.repeats, LABELS, NOTHING)
    assert found.item.value == pytest.approx(0.24**2 / 0.25, abs=0.06)
    assert found.item.note == "what the other parts leave"


def test_without_repeats_the_moment_is_not_told_from_single_items() -> None:
    made = room(np.random.default_rng(8))
    found = noise_audit(noise_pairs(made.ratings), NO_REPEATS, LABELS, NOTHING)
    assert (found.occasion.value, found.item.note) == (None, UNTOLD)
    assert "show some items again" in found.sentence


def test_what_cannot_be_known_is_said() -> None:
    nothing = pl.DataFrame(schema=PAIRS)
    assert [(each.value, each.n, each.note) for each in both(nothing)] == [(None, 0, NO_ITEMS)] * 2
    alike = two(("p", "ann", "keep", "ben", "keep", 9), ("q", "ann", "keep", "ben", "keep", 9))
    assert [each.note for each in both(alike)] == [ALIKE] * 2
    alone = two(("p", "ann", "remove", "ben", "keep", 9), ("p", "ann", "keep", "ben", "keep", 9))
    level, pattern = both(alone)
    assert (pattern.value, pattern.note) == (None, NEEDS_POLICIES)
    assert level.value is not None
    assert "no interval" in level.note
    unknown = both(alone, Taxonomy(LABELS.labels))
    assert {each.value for each in unknown} == {None}
    assert "is_violating" in unknown[0].note
    assert occasion_noise(NO_REPEATS, LABELS, NOTHING).value is None
    for counts, words in ((nothing, NO_ITEMS), (alike, ALIKE)):
        assert words in noise_audit(counts, NO_REPEATS, LABELS, NOTHING).sentence
    assert "is_violating" in noise_audit(alone, NO_REPEATS, Taxonomy(LABELS.labels), NOTHING).sentence


def test_one_policy_has_a_level_with_its_reading() -> None:
    made = room(np.random.default_rng(9), policies=1, spreads=(0.15, 0.15, 0.0))
    level, pattern = both(noise_pairs(made.ratings))
    assert level.note == ONE_POLICY
    assert level.low < 2 * 0.15**2 / 0.25 < level.high
    assert pattern.value is None


def test_chance_is_as_rare_as_it_says() -> None:
    """Without level or pattern, p-values are below 0.05 in about five of a hundred rooms, below 0.5 in about half."""
    chance, found = np.random.default_rng(11), []
    for _ in range(150):
        (noise,) = noises([noise_pairs(room(chance, spreads=(0.0, 0.0, 0.1)).ratings)], LABELS, NOTHING)
        found.append(noise.own.stable.chance(0.0))
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.035)
    assert np.mean(np.array(found) < 0.5) == pytest.approx(0.5, abs=0.09)


@pytest.fixture(scope="module")
def source_path(tmp_path_factory: pytest.TempPathFactory, empty_workspace: Path) -> Path:
    """An item of each policy, one of which came back to Ann and one of which Cid saw answered, and one that 51 got."""
    path = Path(shutil.copytree(empty_workspace, tmp_path_factory.mktemp("noise") / "w"))
    rows = ["item_id,reviewer_id,label,policy,decided_at,is_blind"]
    rows += [f"i1,{who},{label},p,2026-01-0{day},true" for day, who, label in _ITEM]
    rows += ["i2,ann,keep,q,2026-01-01,true", "i2,ben,keep,q,2026-01-01,true", "i2,cid,remove,q,2026-01-01,false"]
    rows += [f"i3,r{who},keep,q,2026-01-01,true" for who in range(51)]
    rows += ["i4,ann,keep,p,2026-01-01,true"]
    folder = path.parent
    (folder / "reviews.csv").write_text("\n".join(rows) + "\n")
    (folder / "labels.csv").write_text("label,severity,is_violating\nkeep,0,false\nremove,1,true\n")
    for table in ("labels", "reviews"):
        load(path, table, [folder / f"{table}.csv"])
    return path


_ITEM = [(1, "ann", "keep"), (2, "ann", "remove"), (1, "ben", "keep"), (1, "cid", "remove")]


def test_the_questions_count_independent_reviews_of_items_that_few_decided(source_path: Path) -> None:
    with closing(open_workspace(source_path)) as opened:
        engine = open_source(opened).engine
        met = ask(engine, "noise_pairs", Filters()).sort("item_policy", "reviewer_a", "reviewer_b")
        assert met.rows() == [
            ("p", 3, "ann", "ben", "remove", "keep", 1),
            ("p", 3, "ann", "cid", "remove", "remove", 1),
            ("p", 3, "ben", "cid", "keep", "remove", 1),
            ("q", 2, "ann", "ben", "keep", "keep", 1),
        ]
        returned = ask(engine, "repeat_patterns", Filters())
        assert returned.rows() == [("1\x1fkeep\x1e2\x1fremove", "keep", "remove", 1)]


def test_the_metrics_are_measured_by_slice(source_path: Path) -> None:
    with closing(open_workspace(source_path)) as opened:
        source = open_source(opened)
        by_policy = measure(source, "level_noise", by=("policy",), min_n=0)
        assert by_policy["n"].to_list() == [1, 1]
        assert measure(source, "occasion_noise", min_n=0)["value"][0] == pytest.approx(1)
        assert "withheld: 2 items" in measure(source, "level_noise")["note"][0]


@pytest.mark.slow
def test_intervals_hold_the_truth() -> None:
    """300 rooms of thirty reviewers and of twelve: what is planted lies in 92 to 97 of 100 intervals."""
    for people in (30, 12):
        chance, held = np.random.default_rng(10), []
        for _ in range(300):
            made = room(chance, people=people, items=600, spreads=(0.09, 0.09, 0.0))
            level, pattern = both(noise_pairs(made.ratings))
            moment = occasion_noise(made.repeats, LABELS, NOTHING)
            told = ((level, made.level), (pattern, made.pattern), (moment, min(made.occasion, 1)))
            held.append([each.low <= truth <= each.high for each, truth in told])
        shares = np.mean(held, axis=0)
        print(f"{people} reviewers: level {shares[0]:.1%}, pattern {shares[1]:.1%}, occasion {shares[2]:.1%}")
        assert (shares >= 0.92).all()
        assert (shares <= 0.97).all()
