"""A model as a rater: against published judges, scikit-learn and statsmodels, and by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from references import ORACLES, assert_figure, cases, pattern
from simulated import TAXONOMY, simulated
from sklearn import metrics as sklearn_metrics
from statsmodels.stats.inter_rater import cohens_kappa

from metrics import audits, cross_replication, matched, model
from metrics.agreement import coefficient
from metrics.cohen import kappa, kappa_standard_error
from metrics.estimate import wilson
from metrics.model_tables import NO_LABEL, held
from metrics.options import Options
from metrics.paired import difference, human_ceiling, model_minus_human, version_change
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("comply", "partial", "refuse"), (0.0, 1.0, 2.0), frozenset({"partial", "refuse"}), declared=True)
JUDGES = {"gpt4_label": "gpt-4 judge", "strmatch_label": "string match"}
SAMPLE = ORACLES.parents[1] / "data" / "sample" / "xstest"
PLAIN = Options()
GOLD = Options(reference="gold")


def xstest(judge: str) -> pl.DataFrame:
    """A judge's answer to each item with the gold label, the chat model that was judged, and both annotations."""
    reviews, gold, said = (pl.read_csv(SAMPLE / f"{name}.csv.gz") for name in ("reviews", "gold", "predictions"))
    people = reviews.pivot("reviewer_id", index=["item_id", "queue"], values="label")
    return (
        said.filter(model=JUDGES[judge])
        .select("item_id", model_label="label")
        .join(gold.select("item_id", gold_label="label"), on="item_id")
        .join(people, on="item_id")
    )


def against_gold(rows: pl.DataFrame) -> pl.DataFrame:
    """The frame of `model_gold`."""
    return rows.group_by("model_label", "gold_label").agg(items=pl.len().cast(pl.Int64))


def against_people(rows: pl.DataFrame) -> pl.DataFrame:
    """The frame of `joint_answers`, which that of `model_patterns` is a sum of."""
    written = [
        pattern([int(one == label) + int(other == label) for label in LABELS.labels], LABELS.labels)
        for one, other in rows.select("annotator-1", "annotator-2").iter_rows()
    ]
    frame = rows.with_columns(pattern=pl.Series(written))
    return frame.group_by("model_label", "gold_label", "pattern").agg(items=pl.len().cast(pl.Int64))


@pytest.mark.parametrize("judge", JUDGES)
def test_published_judges_come_out_as_statsmodels_has_them(judge: str) -> None:
    """The reference leaves out the 11 answers that are no label, and so does this test: the product does not."""
    expected = cases("model_vs_human")["xstest"]["expected"][judge]
    rows = xstest(judge)
    labelled = rows.filter(pl.col("model_label").is_in(LABELS.labels))
    assert (labelled.height, rows.height - labelled.height) == (expected["n"], expected["invalid"])
    counts = against_gold(labelled)
    table = held(counts, LABELS, np.arange(3), labels=3).table[:3, :3]
    assert table.T.tolist() == expected["table_final_rows"]
    assert_figure(model.agreement(counts, LABELS, PLAIN).value, expected["accuracy"])
    assert_figure(model.model_kappa(counts, LABELS, PLAIN).value, expected["kappa"])
    assert_figure(kappa_standard_error(kappa(table, np.eye(3))), expected["se"])
    assert_figure(matched.bowker_symmetry(table).statistic, expected["bowker"])
    assert matched.bowker_symmetry(table).p == pytest.approx(expected["bowker_p"]["value"], rel=1e-6)
    for name, one in expected["by_model"].items():
        theirs = against_gold(labelled.filter(queue=name))
        assert model.agreement(theirs, LABELS, PLAIN).n == one["n"]
        assert model.agreement(theirs, LABELS, PLAIN).value == pytest.approx(one["accuracy"], abs=1e-9)
        assert model.model_kappa(theirs, LABELS, PLAIN).value == pytest.approx(one["kappa"], abs=1e-9)


def test_the_interval_of_kappa_is_of_statsmodels_standard_error() -> None:
    """No label is a third row of the table: statsmodels gets it too."""
    counts = against_gold(xstest("gpt4_label"))
    table = held(counts, LABELS, np.arange(3), labels=3).table
    found, theirs = model.model_kappa(counts, LABELS, PLAIN), cohens_kappa(table)
    assert found.value == pytest.approx(theirs.kappa, abs=1e-12)
    half = (np.arctanh(found.high) - np.arctanh(found.low)) / 2 * (1 - theirs.kappa**2)
    assert half == pytest.approx(1.959963984540054 * theirs.std_kappa, rel=1e-9)


@pytest.mark.parametrize("label", [None, "refuse"])
@pytest.mark.parametrize("judge", JUDGES)
def test_precision_recall_and_f1_are_scikit_learns(judge: str, label: str | None) -> None:
    """An answer that is no label is one of neither side: it is missed where it violates, and no true negative."""
    rows, options = xstest(judge), Options(label=label)
    counts = against_gold(rows)
    violating = LABELS.violating if label is None else {label}
    right, said = (rows[name].is_in(violating).to_numpy() for name in ("gold_label", "model_label"))
    assert model.precision(counts, LABELS, options).value == pytest.approx(sklearn_metrics.precision_score(right, said))
    assert model.recall(counts, LABELS, options).value == pytest.approx(sklearn_metrics.recall_score(right, said))
    assert model.f1(counts, LABELS, options).value == pytest.approx(sklearn_metrics.f1_score(right, said))
    fine = (set(LABELS.labels) - set(violating or ())) if label is None else set(LABELS.labels) - {label}
    said_fine = rows["model_label"].is_in(fine).to_numpy()
    assert model.specificity(counts, LABELS, options).value == pytest.approx(
        sklearn_metrics.recall_score(~right, said_fine)
    )


def test_no_label_is_counted_and_counts_as_disagreement() -> None:
    counts = against_gold(xstest("gpt4_label"))
    found = model.agreement(counts, LABELS, PLAIN)
    assert (found.n, found.value) == (2250, pytest.approx(1798 / 2250))
    confused = model.model_confusion(counts, LABELS)
    assert confused["items"].sum() == 2250
    assert confused.filter(model_label=NO_LABEL)["items"].to_list() == [11, 0, 0]
    missing = model.no_answer(counts, LABELS, PLAIN)
    assert (missing.value, missing.low, missing.high) == (11 / 2250, *wilson(11, 2250))
    null = pl.DataFrame({"model_label": [None, "comply"], "gold_label": ["comply", "comply"], "items": [1, 3]})
    assert model.agreement(null, LABELS, PLAIN).value == 0.75


def test_the_consensus_is_what_more_than_half_say() -> None:
    """Two against one is a majority, one against one is none; violating or not may have one where labels do not."""
    rows = {"comply": ([2, 1, 0], 4), "refuse": ([0, 1, 1], 2), "partial": ([1, 1, 1], 1), "invalid": ([0, 0, 1], 3)}
    counts = pl.DataFrame(
        [(said, pattern(given, LABELS.labels), items) for said, (given, items) in rows.items()],
        schema=["model_label", "pattern", "items"],
        orient="row",
    )
    found = model.agreement(counts, LABELS, PLAIN)
    assert (found.n, found.value) == (7, 4 / 7)
    assert found.note == ("3 items without a majority are left out; the consensus is of one review for 3 of the items")
    assert model.recall(counts, LABELS, PLAIN).value == 3 / 6
    assert model.precision(counts, LABELS, PLAIN).n == 3


def test_undefined_says_why() -> None:
    none = pl.DataFrame(schema={"model_label": pl.String, "gold_label": pl.String, "items": pl.Int64})
    for metric in (model.agreement, model.model_kappa, model.precision, model.recall, model.specificity, model.f1):
        found = metric(none, LABELS, PLAIN)
        assert (found.value, found.n) == (None, 0)
        assert found.note
    unknown = Taxonomy(LABELS.labels)
    assert "is_violating" in model.recall(against_gold(xstest("gpt4_label")), unknown, PLAIN).note
    one_side = Taxonomy(LABELS.labels, violating=frozenset(LABELS.labels))
    found = model.specificity(against_gold(xstest("gpt4_label")), one_side, PLAIN)
    assert (found.value, found.note) == (None, "every item is violating by the reference")


def test_audits_are_weighed_as_in_the_metrics_of_audits() -> None:
    """The same audits with the model's label as the decision's give the same answers, but for kappa and F1."""
    generator = np.random.default_rng(4)
    right = generator.choice(LABELS.labels, 400, p=[0.8, 0.1, 0.1])
    said = np.where(generator.random(400) < 0.8, right, generator.choice(LABELS.labels, 400))
    frame = pl.DataFrame({"label": said, "audit_label": right}).with_columns(
        standing=pl.lit("drawn"),
        stratum=pl.when(pl.col("label") == "comply").then(pl.lit("a")).otherwise(pl.lit("b")),
        inclusion_probability=pl.when(pl.col("label") == "comply").then(0.1).otherwise(0.5),
        second_label=pl.lit(None, dtype=pl.String),
    )
    counts = frame.group_by(frame.columns).agg(audits=pl.len().cast(pl.Int64))
    for ours, theirs in ((model.precision, audits.precision), (model.recall, audits.recall)):
        assert ours(counts, LABELS, PLAIN).value == pytest.approx(theirs(counts, LABELS, PLAIN).value)
    weights = 1 / frame["inclusion_probability"].to_numpy()
    assert model.agreement(counts, LABELS, PLAIN).value == pytest.approx(np.average(right == said, weights=weights))
    expected = sklearn_metrics.f1_score(right != "comply", said != "comply", sample_weight=weights)
    assert model.f1(counts, LABELS, PLAIN).value == pytest.approx(expected)
    expected = sklearn_metrics.cohen_kappa_score(right, said, sample_weight=weights)
    assert model.model_kappa(counts, LABELS, PLAIN).value == pytest.approx(expected)


def test_weighted_kappa_is_scikit_learns_and_no_label_is_nobodys_neighbour() -> None:
    rows = xstest("strmatch_label")
    counts = against_gold(rows)
    codes = [
        rows[name].replace_strict({"comply": 0, "partial": 1, "refuse": 2}) for name in ("gold_label", "model_label")
    ]
    expected = sklearn_metrics.cohen_kappa_score(*codes, weights="linear", labels=[0, 1, 2])
    assert model.model_kappa(counts, LABELS, Options(weights="linear")).value == pytest.approx(expected)
    unanswered = counts.with_columns(model_label=pl.lit("no idea"))
    assert model.model_kappa(unanswered, LABELS, Options(weights="linear")).value == pytest.approx(0)


def test_the_ceiling_is_how_people_agree_on_the_same_items() -> None:
    expected = cases("model_vs_human")["xstest"]["expected"]
    counts = against_people(xstest("gpt4_label"))
    assert_figure(human_ceiling(counts, LABELS, PLAIN).value, expected["human1_human2_percent"])
    rows = xstest("gpt4_label")
    table = [
        [rows.filter((pl.col("annotator-1") == a) & (pl.col("annotator-2") == b)).height for b in LABELS.labels]
        for a in LABELS.labels
    ]
    assert_figure(cohens_kappa(table).kappa, expected["human1_human2_kappa"])
    statistic = kappa(np.array(table), np.eye(3))
    assert_figure(statistic.value(), expected["human1_human2_kappa"])
    assert_figure(kappa_standard_error(statistic), expected["human1_human2_se"])


@pytest.mark.parametrize(
    ("name", "metric"),
    [("percent_agreement", human_ceiling), ("alpha_nominal", cross_replication.human_alpha)],
)
def test_the_ceiling_of_unequal_numbers_of_judges_is_the_references(name: str, metric: Any) -> None:
    """24,783 tweets by 75 patterns of three judges and more; what the model says of them does not matter."""
    counts = pl.read_parquet(ORACLES / "real" / "davidson_counts.parquet")
    labels = Taxonomy(tuple(counts.columns[:-1]), declared=True)
    written = [pattern(row, labels.labels) for row in counts.drop("items").iter_rows()]
    frame = pl.DataFrame({"model_label": "neither", "gold_label": None, "pattern": written, "items": counts["items"]})
    expected = cases("model_vs_human")["davidson_counts"]["expected"]
    assert (frame.height, int(frame["items"].sum())) == (
        expected["distinct_patterns"]["value"],
        expected["items"]["value"],
    )
    assert_figure(metric(frame, labels, PLAIN).value, expected[name])
    alpha = coefficient("krippendorff_alpha", rating_patterns(frame, labels), labels, PLAIN)
    assert_figure(alpha.standard_error(), expected["alpha_se"])
    assert_figure(coefficient("gwet_ac1", rating_patterns(frame, labels), labels, PLAIN).value(), expected["ac1"])
    three = rating_patterns(frame, labels).where(rating_patterns(frame, labels).ratings == 3)
    assert_figure(coefficient("fleiss_kappa", three, labels, PLAIN).value(), expected["fleiss_on_3_judge_items"])


def test_the_model_is_compared_with_people_on_the_same_items() -> None:
    """McNemar's variance of a paired difference, with the n - 1 of a sample."""
    rows = xstest("gpt4_label")
    one = (rows["model_label"] == rows["gold_label"]).to_numpy()
    people = (
        (rows["annotator-1"] == rows["gold_label"]).cast(int) + (rows["annotator-2"] == rows["gold_label"])
    ).to_numpy() / 2
    found = model_minus_human(against_people(rows), LABELS, GOLD)
    assert found.value == pytest.approx((one - people).mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * (one - people).std(ddof=1) / np.sqrt(2250), rel=0.01)
    both = (rows["annotator-1"] == rows["annotator-2"]).to_numpy()
    close = (
        (rows["annotator-1"] == rows["model_label"]).cast(int) + (rows["annotator-2"] == rows["model_label"])
    ).to_numpy() / 2
    assert model_minus_human(against_people(rows), LABELS, PLAIN).value == pytest.approx((close - both).mean())
    assert model_minus_human(against_people(rows), LABELS, Options(reference="audits")).value is None


def test_a_change_of_version_is_told_by_the_items_that_both_answered() -> None:
    """1 item won and 3 lost of 8: what both got right or wrong says nothing."""
    table = [("comply", "comply", 3), ("comply", "refuse", 3), ("refuse", "comply", 1), (None, "refuse", 1)]
    counts = pl.DataFrame(
        [(a, b, "comply", pattern([1, 0, 0], LABELS.labels), n) for a, b, n in table],
        schema=["model_label", "next_label", "gold_label", "pattern", "items"],
        orient="row",
    )
    for options in (PLAIN, GOLD):
        found = version_change(counts, LABELS, options)
        assert (found.value, found.n) == (-2 / 8, 8)
        assert found.low < -2 / 8 < found.high


def test_paired_intervals_hold_the_truth() -> None:
    """Where two raters share most of what they get right; as if independent, intervals would be far too wide."""
    generator = np.random.default_rng(8)
    held_truth, widths = 0, []
    for _ in range(600):
        hard = generator.random(300)
        one, other = hard < 0.80 + generator.normal(0, 0.05, 300), hard < 0.76 + generator.normal(0, 0.05, 300)
        found = difference(one, other, np.ones(300, dtype=np.int64), reason="")
        held_truth += found.low <= 0.04 <= found.high
        widths.append(found.high - found.low)
    assert 0.93 <= held_truth / 600 <= 0.975
    assert np.mean(widths) < 0.5 * 2 * 1.96 * np.sqrt(2 * 0.17 / 300)


def test_weighted_intervals_of_kappa_and_f1_hold_the_truth() -> None:
    """Audits drawn by the reviewer's label from 6,000 decisions: 93 to 98 of 100 intervals hold what all would give."""
    generator, names = np.random.default_rng(5), np.array([*LABELS.labels, None], dtype=object)
    right = generator.choice(3, 6000, p=[0.85, 0.1, 0.05])
    decided = np.where(generator.random(6000) < 0.9, right, generator.choice(3, 6000))
    said = np.where(generator.random(6000) < 0.8, right, generator.choice(4, 6000))
    chances = np.array([0.05, 0.3, 0.6])[decided]
    truths = {
        model.model_kappa: sklearn_metrics.cohen_kappa_score(right, said),
        model.f1: sklearn_metrics.f1_score(right > 0, (said > 0) & (said < 3)),
    }
    inside = []
    for _ in range(200):
        drawn = generator.random(6000) < chances
        rows = {"label": names[said[drawn]].tolist(), "audit_label": names[right[drawn]].tolist()}
        frame = pl.DataFrame(rows | {"stratum": decided[drawn].astype(str), "inclusion_probability": chances[drawn]})
        counts = frame.group_by(frame.columns).agg(audits=pl.len().cast(pl.Int64))
        found = {metric: metric(counts.with_columns(standing=pl.lit("drawn")), LABELS, PLAIN) for metric in truths}
        inside.append([found[metric].low <= truth <= found[metric].high for metric, truth in truths.items()])
    assert ((np.mean(inside, axis=0) >= 0.93) & (np.mean(inside, axis=0) <= 0.985)).all()


def test_every_version_comes_out_as_the_answer_key_has_it(tmp_path: Path) -> None:
    """On gold, which all versions answer: of 24 intervals for recall and specificity at least 20 hold the truth."""
    inside = []
    for seed in range(1, 7):
        log = simulated(tmp_path / f"{seed}", reviews=6000, days=14, reviewers=40, seed=seed)
        gold = log.tables["gold"].select("item_id", "policy", gold_label="label")
        rows = log.tables["predictions"].rename({"label": "model_label"}).join(gold, on="item_id")
        for version in log.key["models"]:
            theirs = rows.filter(model_version=version["version"])
            violates = pl.col("gold_label").is_in(TAXONOMY.violating)
            for metric, kind, chance in (
                (model.recall, violates, version["recall"]),
                (model.specificity, ~violates, {name: 1 - f for name, f in version["false_positive_rate"].items()}),
            ):
                truth = np.mean([chance[policy] for policy in theirs.filter(kind)["policy"]])
                found = metric(against_gold(theirs), TAXONOMY, PLAIN)
                inside.append(found.low <= truth <= found.high)
    assert len(inside) == 24
    assert sum(inside) >= 20
