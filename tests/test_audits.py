"""Audits: what they say of all decisions, which of them count, and whether the intervals hold the truth."""

import dataclasses
from contextlib import closing

import numpy as np
import polars as pl
import pytest
from audited import KEEP_OR_REMOVE, SCHEMA, WORKED, counts, log
from test_answer_key import NULL, coverage, loaded, told

from dashboard import answers
from dashboard.measure import measure, open_source
from data.store import open_workspace
from metrics import audits
from metrics.audit_tables import FOUND, NO_DESIGN, draws, violation
from metrics.design import hajek_mean
from metrics.estimate import Estimate
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters
from queries.refresh import bring_up_to_date

QUICK = Options(replicates=500)


def measured(metric, rows: pl.DataFrame, *, labels: Taxonomy = KEEP_OR_REMOVE, options: Options = QUICK) -> Estimate:
    return metric(rows, labels, options)


def test_the_worked_example_has_a_recall_of_80_and_a_naive_one_of_99_5():
    """370 · 20 of 370 · 20 + 2 · 920 decisions; two misses are too few for a point, so it stands in the note."""
    found = measured(audits.recall, counts(WORKED))
    assert found.note.startswith("interval only: 2 audited misses, fewer than 5 (weighted 80.1 %); worth 46 audits")
    assert found.note.endswith("naive 99.5 %")
    assert (found.value, found.n) == (None, 372)
    assert found.low < 7_400 / 9_240 < found.high
    assert measured(audits.naive_recall, counts(WORKED)).value == 370 / 372


def test_with_five_misses_recall_is_a_point():
    found = measured(audits.recall, counts([*WORKED[:3], (*WORKED[3][:4], 5)]))
    assert found.value == pytest.approx(370 * 20 / (370 * 20 + 5 * 920))
    assert found.low < found.value < found.high


@pytest.mark.parametrize(
    ("metric", "value", "n"),
    [
        (audits.accuracy, (370 * 20 + 98 * 920) / 100_000, 500),
        (audits.precision, 370 / 400, 400),
        (audits.prevalence, (370 * 20 + 2 * 920) / 100_000, 500),
        (audits.naive_accuracy, 468 / 500, 500),
        (audits.naive_precision, 370 / 400, 400),
        (audits.naive_prevalence, 372 / 500, 500),
    ],
)
def test_the_worked_example_by_hand(metric, value, n):
    found = measured(metric, counts(WORKED))
    assert (found.value, found.n) == (pytest.approx(value, abs=1e-12), n)
    assert found.low < value < found.high


def test_weighted_accuracy_is_hajeks_mean_of_the_audits_one_by_one():
    values = [label == audited for _, _, label, audited, n in WORKED for _ in range(n)]
    chances = [chance for _, chance, _, _, n in WORKED for _ in range(n)]
    assert measured(audits.accuracy, counts(WORKED)).value == pytest.approx(hajek_mean(values, chances).value)


def test_the_draws_spread_by_the_linearised_standard_error_where_audits_are_many():
    """Poisson variance of the Hájek mean, a hundred times the worked example: within 4 %."""
    many = [(*row[:4], 100 * row[4]) for row in WORKED]
    sample = violation(counts(many), KEEP_OR_REMOVE, QUICK)
    expected = hajek_mean(np.repeat(sample.found, sample.audits), np.repeat(sample.chances, sample.audits))
    found = FOUND.of(draws(sample, Options(replicates=20_000)))
    assert found.mean() == pytest.approx(expected.value, rel=1e-3)
    assert found.std() == pytest.approx(expected.standard_error, rel=0.04)


def test_shares_of_one_stratum_are_drawn_from_jeffreys_posterior():
    """2 of 100 approvals violate: Beta(2.5, 98.5), whose middle 95 % SciPy gives."""
    from scipy.stats import beta  # noqa: PLC0415 - slow to load

    sample = violation(counts(WORKED), KEEP_OR_REMOVE, QUICK)
    tables = draws(sample, Options(replicates=40_000))
    missed = tables[:, 0, 1] / tables[:, 0].sum(axis=1)
    assert np.quantile(missed, (0.025, 0.975)) == pytest.approx(beta(2.5, 98.5).ppf((0.025, 0.975)), rel=0.03)


def test_where_everything_was_audited_nothing_is_left_to_chance():
    found = measured(audits.accuracy, counts([(*row[:1], 1.0, *row[2:]) for row in WORKED]))
    assert (found.low, found.value, found.high) == (pytest.approx(468 / 500),) * 3


def test_without_probabilities_all_count_alike_and_the_design_is_unknown():
    rows = counts(WORKED).with_columns(inclusion_probability=pl.lit(None, dtype=pl.Float64))
    found = measured(audits.accuracy, rows)
    assert (found.value, found.note) == (468 / 500, NO_DESIGN)
    assert "(unweighted 99.5 %); design unknown" in measured(audits.recall, rows).note


def test_audits_that_tell_no_probability_are_left_out_and_counted_where_others_tell_one():
    targeted = counts([("", None, "keep", "remove", 50)])
    found = measured(audits.accuracy, pl.concat([counts(WORKED), targeted]))
    assert found.value == pytest.approx(0.9756)
    assert found.note.endswith("naive 85.1 %; 50 audits without an inclusion probability left out")


@pytest.mark.parametrize("standing", ["own", "not blind", "repeated"])
def test_audits_that_stand_otherwise_do_not_count(standing):
    others = counts([("removed", 0.05, "remove", "keep", 1_000)], standing=standing)
    assert measured(audits.accuracy, pl.concat([counts(WORKED), others])).value == pytest.approx(0.9756)
    assert measured(audits.accuracy, others) == Estimate(None, None, None, 0, "no audited decision that counts")


def test_without_knowing_what_violates_there_is_accuracy_and_nothing_else():
    unknown = Taxonomy(("keep", "remove"))
    assert measured(audits.accuracy, counts(WORKED), labels=unknown).value == pytest.approx(0.9756)
    found = measured(audits.recall, counts(WORKED), labels=unknown)
    assert (found.value, found.n) == (None, 500)
    assert "is_violating" in found.note


def test_by_label_that_label_is_violating():
    found = measured(
        audits.precision, counts(WORKED), labels=Taxonomy(("keep", "remove")), options=Options(label="keep")
    )
    assert (found.value, found.n) == (0.98, 100)


def test_the_order_of_rows_and_the_names_of_strata_change_nothing():
    turned = counts([(f"x{row[0]}", *row[1:]) for row in reversed(WORKED)])
    for metric in (audits.accuracy, audits.precision, audits.prevalence):
        one, other = measured(metric, counts(WORKED)), measured(metric, turned)
        assert other.value == pytest.approx(one.value)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=0.01)


REVIEWS = [f"r{k},i{k},mod,{'remove' if k % 2 else 'keep'},p{k % 2},2026-03-02T10:00:00Z" for k in range(6)]
AUDITS = {
    "r0,aud,keep,2026-03-03T10:00:00Z,kept,0.1,true": "drawn",
    "r0,bud,remove,2026-03-03T12:00:00Z,kept,0.1,true": None,
    "r1,mod,remove,2026-03-03T10:00:00Z,removed,0.5,true": "own",
    "r2,aud,keep,2026-03-03T10:00:00Z,kept,0.1,false": "not blind",
    "r3,aud,keep,2026-03-03T10:00:00Z,removed,0.5,": "repeated",
    "r3,aud,remove,2026-03-03T11:00:00Z,removed,0.5,": "drawn",
    "r4,aud,remove,2026-03-02T09:00:00Z,kept,0.1,true": "early",
    "r9,aud,remove,2026-03-03T10:00:00Z,kept,0.1,true": None,
}
"""How each audit stands: a second auditor's stands beside the first, and that of an unknown review nowhere."""


def test_every_audit_stands_as_it_was_made(tmp_path):
    """Of two auditors of one review the first was drawn, and of two audits by one auditor the last counts."""
    with closing(open_workspace(log(tmp_path, reviews=REVIEWS, audits=list(AUDITS)))) as workspace:
        found = ask(workspace.engine, "audits", Filters())
    assert sorted(found["standing"].to_list()) == sorted(filter(None, AUDITS.values()))
    assert found["audits"].sum() == 6
    assert found.filter(pl.col("second_label").is_not_null()).drop("audits").row(0) == (
        *("drawn", "kept", 0.1),
        *("keep", "keep", "remove"),
    )
    assert found.filter(standing="drawn", label="remove")["audit_label"].to_list() == ["remove"]
    assert found.schema == SCHEMA


def test_audits_are_the_same_whether_their_reviews_are_sought_by_id_or_by_number(tmp_path):
    """With its rollups, a store looks for the numbers that it keeps of ids."""
    path = log(tmp_path, reviews=REVIEWS, audits=list(AUDITS))
    found = []
    for _ in range(2):
        with closing(open_workspace(path)) as workspace:
            counted = ask(workspace.engine, "audits", Filters(), by=("policy",))
            found.append((workspace.engine.has_rollups, counted.sort(counted.columns)))
        bring_up_to_date(path)
    (first, by_id), (second, by_number) = found
    assert (first, second) == (False, True)
    assert by_id.equals(by_number)


def test_audits_keep_to_filters_and_slices(tmp_path):
    with closing(open_workspace(log(tmp_path, reviews=REVIEWS, audits=list(AUDITS)))) as workspace:
        source = open_source(workspace)
        by_policy = measure(source, "audit_accuracy", by=("policy",))
        only = measure(source, "audit_accuracy", filters=Filters(policies=("p1",)))
    assert by_policy.select("policy", "value", "n").rows() == [("p0", 0.5, 2), ("p1", 1.0, 1)]
    assert only.select("value", "n").row(0) == (1.0, 1)


def test_a_label_that_only_auditors_gave_is_a_label(tmp_path):
    path = log(tmp_path, labels=[], reviews=REVIEWS, audits=["r0,aud,unsure,2026-03-03T10:00:00Z,,0.5,"])
    with closing(open_workspace(path)) as workspace:
        source = open_source(workspace)
        assert source.taxonomy.labels == ("keep", "remove", "unsure")
        assert measure(source, "audit_accuracy")["value"][0] == 0


def test_every_decision_of_a_reviewer_on_an_item_can_be_audited(tmp_path):
    """Audits are drawn from all decisions, so the rule for repeats does not hold here."""
    again = "again,i0,mod,remove,p0,2026-03-05T10:00:00Z"
    with closing(open_workspace(log(tmp_path, reviews=[*REVIEWS, again], audits=list(AUDITS)))) as workspace:
        assert measure(open_source(workspace), "audit_accuracy")["n"][0] == 3


def test_data_health_tells_what_doubted_audits_would_have_changed(tmp_path):
    """Audits of 12 of the 22 decisions that they stand for agree; the early one, of 10, does not."""
    with closing(open_workspace(log(tmp_path, reviews=REVIEWS, audits=list(AUDITS)))) as workspace:
        health = answers.health(open_source(workspace))
    checks = dict(health["checks"].select("check", "headline").iter_rows())
    assert checks["self_audits"] == "they do not count; with them: Audited accuracy 55 % → 58 %"
    assert checks["audits_not_blind"] == "they do not count; with them: Audited accuracy 55 % → 69 %"
    assert checks["repeated_audits"] == "they do not count; with them: Audited accuracy 55 % → 50 %"
    assert checks["audited_before_decided"] == "without them: Audited accuracy 55 % → 100 %"
    assert checks["audits_without_review"] == "does not enter the headline"
    assert set(health["effects"]["metric"]) == {"audit_accuracy"}


STRATA = {"kept": (40_000, 0.04, 0.008), "mild": (12_000, 0.7, 0.04), "severe": (8_000, 0.9, 0.1)}
"""Decisions, the share that violates, and the inclusion probability."""


def drawn_once(random: np.random.Generator) -> pl.DataFrame:
    """Audits drawn one by one: those kept do not say violating, the others do."""
    rows = []
    for stratum, (decisions, share, chance) in STRATA.items():
        label = "keep" if stratum == "kept" else "remove"
        violating = int(decisions * share)
        for audited, all_of in (("remove", violating), ("keep", decisions - violating)):
            rows.append((stratum, chance, label, audited, int(random.binomial(all_of, chance))))
    return counts(row for row in rows if row[-1])


def test_the_truth_lies_in_weighted_intervals_and_in_no_naive_one():
    """300 draws; of so many, 91.5 to 98 % is what may be asked of 95 %."""
    violating = [decisions * share for decisions, share, _ in STRATA.values()]
    right = (STRATA["kept"][0] - violating[0] + sum(violating[1:])) / 60_000
    truth = {"accuracy": right, "recall": sum(violating[1:]) / sum(violating), "prevalence": sum(violating) / 60_000}
    held = {name: [0, 0] for name in truth}
    random = np.random.default_rng(11)
    for _ in range(300):
        rows = drawn_once(random)
        for name, true in truth.items():
            for place, metric in enumerate((getattr(audits, name), getattr(audits, f"naive_{name}"))):
                found = measured(metric, rows, options=Options())
                held[name][place] += found.low <= true <= found.high
    for name, (weighted, naive) in held.items():
        assert 0.915 <= weighted / 300 <= 0.98, (name, weighted)
        assert naive < 15, (name, naive)


AUDITED = dataclasses.replace(NULL, reviews=80_000, gold_share=0.02, overlap_share=0.1)
"""About 1,300 audits: 400 of reviews that found no violation, with some 15 misses, and the others of removals."""

SLICES = ("", "site", "queue", "policy")


@pytest.mark.slow
def test_over_simulated_logs_weighted_intervals_hold_the_truth_and_naive_ones_do_not(tmp_path):
    """Audits drawn by the outcome of the review, 60 logs: overall and in slices, against the key's `audited`."""
    names = [f"audit_{name}" for name in ("accuracy", "precision", "recall", "prevalence")]
    frames = []
    for seed in range(60):
        key, source = loaded(dataclasses.replace(AUDITED, seed=seed), tmp_path / str(seed), "audits")
        with closing(source.engine):
            for metric, by in ((f"{kind}{name}", by) for name in names for kind in ("", "naive_") for by in SLICES):
                rows = measure(source, metric, by=(by,) if by else (), min_n=1).drop_nulls("low")
                rows = rows.rename({by: "slice"}) if by else rows.with_columns(slice=pl.lit(""))
                truth = told(key, "audited", metric.removeprefix("naive_"), by)
                held = rows.join(truth, on="slice").select(held=pl.col("truth").is_between("low", "high"))
                frames.append(held.with_columns(seed=pl.lit(seed), metric=pl.lit(metric), by=pl.lit(by)))
    every = pl.concat(frames)
    for metric in (f"{kind}{name}" for name in names for kind in ("", "naive_")):
        for by in SLICES:
            share, error = coverage(every.filter(metric=metric, by=by))
            print(f"{metric} by {by or 'nothing'}: {share:.1%} ± {error:.1%}")
    for name in names:
        share, _ = coverage(every.filter(metric=name))
        assert 0.93 <= share <= 0.97, (name, share)
    for name in ("naive_audit_accuracy", "naive_audit_recall"):
        assert coverage(every.filter(metric=name, by=""))[0] < 0.05, name
