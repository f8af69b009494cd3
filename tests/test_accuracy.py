"""Answers against gold."""

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from sklearn import metrics as sklearn_metrics
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

from metrics import accuracy, repeatability
from metrics.options import Interval, Options
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("fine", "spam", "hate"), values=(0.0, 1.0, 3.0), violating=frozenset({"spam", "hate"}))
METRICS = (
    "accuracy",
    "balanced_accuracy",
    "precision",
    "recall",
    "f1",
    "over_enforcement",
    "under_enforcement",
    "wrong_label",
    "gold_kappa",
    "mean_cost",
)
COSTS = {
    (right, given): abs(i - j) + 0.5
    for i, right in enumerate(LABELS.labels)
    for j, given in enumerate(LABELS.labels)
    if i != j
}


def answers() -> tuple[np.ndarray, np.ndarray]:
    """Gold labels and answers, 400 of them."""
    generator = np.random.default_rng(2)
    gold = generator.choice(LABELS.labels, 400, p=[0.7, 0.2, 0.1])
    return gold, np.where(generator.random(400) < 0.75, gold, generator.choice(LABELS.labels, 400))


def counted(gold: np.ndarray, given: np.ndarray) -> pl.DataFrame:
    """The frame of `gold_answers`, each answer being to an item of its own."""
    return (
        pl.DataFrame({"gold_label": gold, "label": given})
        .group_by("gold_label", "label")
        .agg(answers=pl.len().cast(pl.Int64), items=pl.len().cast(pl.Int64))
        .with_columns(kind="label")
    )


def found(name: str, options: Options = Options(), labels: Taxonomy = LABELS) -> accuracy.Estimate:  # noqa: B008 - frozen
    """A metric of the module on the answers."""
    return getattr(accuracy, name)(counted(*answers()), labels, options)


def test_values_are_scikit_learns() -> None:
    """Violating against not, and each label against the rest, as scikit-learn has them."""
    gold, given = answers()
    assert found("accuracy").value == pytest.approx(sklearn_metrics.accuracy_score(gold, given))
    assert found("balanced_accuracy").value == pytest.approx(sklearn_metrics.balanced_accuracy_score(gold, given))
    assert found("gold_kappa").value == pytest.approx(sklearn_metrics.cohen_kappa_score(gold, given))
    for label in (None, *LABELS.labels):
        sides = [s != "fine" if label is None else s == label for s in (gold, given)]
        options = Options(label=label)
        assert found("precision", options).value == pytest.approx(sklearn_metrics.precision_score(*sides))
        assert found("recall", options).value == pytest.approx(sklearn_metrics.recall_score(*sides))
        assert found("f1", options).value == pytest.approx(sklearn_metrics.f1_score(*sides))
    assert found("accuracy", Options(label="spam")).value == found("recall", Options(label="spam")).value
    matrix = sklearn_metrics.confusion_matrix(gold, given, labels=LABELS.labels)
    confusion = accuracy.confusion(counted(gold, given), LABELS)
    assert confusion["answers"].to_list() == matrix.ravel().tolist()
    assert confusion["share"].to_numpy() == pytest.approx((matrix / matrix.sum(axis=1, keepdims=True)).ravel())


def test_enforcement_errors_are_shares_of_their_gold() -> None:
    """Over- and under-enforcement are of fine and of violating gold; a wrong label is of what is rightly violating."""
    gold, given = answers()
    bad, said = gold != "fine", given != "fine"
    expected = {
        "over_enforcement": (~bad & said, ~bad),
        "under_enforcement": (bad & ~said, bad),
        "wrong_label": ((gold != given) & bad & said, bad & said),
        "precision": (bad & said, said),
    }
    for name, (part, whole) in expected.items():
        estimate = found(name)
        low, high = proportion_confint(part.sum(), whole.sum(), method="wilson")
        assert (estimate.value, estimate.n) == (pytest.approx(part.sum() / whole.sum()), whole.sum())
        assert (estimate.low, estimate.high) == pytest.approx((low, high))


def by_items(*items: tuple[str, str]) -> pl.DataFrame:
    """The frame of `gold_answers` for items, each a gold label and the labels of its answers with blanks between."""
    rows = [(gold, kind, label) for gold, kind in items for label in kind.split()]
    answers = pl.DataFrame(rows, schema=["gold_label", "kind", "label"], orient="row")
    kinds = pl.DataFrame(items, schema=["gold_label", "kind"], orient="row").group_by("gold_label", "kind").len("items")
    counts = answers.group_by("gold_label", "kind", "label").agg(answers=pl.len().cast(pl.Int64))
    return counts.join(kinds.cast({"items": pl.Int64}), on=["gold_label", "kind"])


def rounds() -> list[tuple[str, str]]:
    """Sixty items with one to six answers each, which are right on most items and wrong on the hard ones."""
    generator = np.random.default_rng(5)
    items = []
    for _ in range(60):
        gold = str(generator.choice(LABELS.labels))
        hard = generator.random() < 0.3
        given = np.where(generator.random(generator.integers(1, 7)) < (0.3 if hard else 0.95), gold, "spam")
        items.append((gold, " ".join(given)))
    return items


def test_answers_to_one_item_are_no_independent_answers() -> None:
    """The standard error is that of a regression with errors clustered by item, as statsmodels has it."""
    items = rounds()
    right = np.array([label == gold for gold, kind in items for label in kind.split()], dtype=float)
    item = np.repeat(np.arange(len(items)), [len(kind.split()) for _, kind in items])
    clustered = sm.OLS(right, np.ones_like(right)).fit(
        cov_type="cluster", cov_kwds={"groups": item, "use_correction": False}
    )
    effective = right.mean() * (1 - right.mean()) / clustered.bse[0] ** 2
    assert effective < 0.7 * len(right)
    estimate = accuracy.accuracy(by_items(*items), LABELS, Options())
    low, high = proportion_confint(right.mean() * effective, effective, method="wilson")
    assert (estimate.value, estimate.n) == (pytest.approx(right.mean()), len(right))
    assert (estimate.low, estimate.high) == pytest.approx((low, high))


@pytest.mark.parametrize("name", METRICS)
def test_the_same_answer_given_twice_tells_no_more(name: str) -> None:
    """Where everybody repeats each answer, the interval stays what it was, and n doubles."""
    once = [(gold, label) for gold, kind in rounds() for label in kind.split()]
    labels = Taxonomy(LABELS.labels, LABELS.values, LABELS.violating, COSTS)
    single = getattr(accuracy, name)(by_items(*once), labels, Options())
    double = getattr(accuracy, name)(by_items(*((g, f"{label} {label}") for g, label in once)), labels, Options())
    assert double.n == 2 * single.n
    assert (double.value, double.low, double.high) == pytest.approx((single.value, single.low, single.high), abs=2e-3)


def test_kappa_with_gold_has_statsmodels_standard_error() -> None:
    """The interval of kappa comes from the Fleiss-Cohen-Everitt standard error."""
    gold, given = answers()
    theirs = cohens_kappa(sklearn_metrics.confusion_matrix(gold, given, labels=LABELS.labels))
    estimate = found("gold_kappa")
    width = np.arctanh(estimate.high) - np.arctanh(estimate.low)
    assert width == pytest.approx(2 * 1.959964 * theirs.std_kappa / (1 - theirs.kappa**2), abs=1e-6)


def test_mean_cost_needs_a_cost_for_every_pair_that_occurs() -> None:
    """A right answer costs nothing; a pair without a cost leaves the mean undefined and is named."""
    gold, given = answers()
    costs = [COSTS.get(pair, 0.0) for pair in zip(gold, given, strict=True)]
    estimate = found("mean_cost", labels=Taxonomy(LABELS.labels, costs=COSTS))
    assert estimate.value == pytest.approx(np.mean(costs))
    error = np.std(costs, ddof=1) / 20
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * error, rel=0.02)
    missing = found(
        "mean_cost", labels=Taxonomy(LABELS.labels, costs={k: v for k, v in COSTS.items() if k[0] != "hate"})
    )
    assert missing.value is None
    assert "2 pairs of labels have no cost" in missing.note


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("interval", ["default", "bootstrap", "jackknife"])
def test_intervals_hold_the_value(name: str, interval: Interval) -> None:
    """Every kind of interval holds the value, and they are alike at 400 answers."""
    labels = Taxonomy(LABELS.labels, violating=LABELS.violating, costs=COSTS)
    plain, estimate = found(name, labels=labels), found(name, Options(interval=interval), labels)
    assert estimate.low < estimate.value < estimate.high
    assert estimate.low == pytest.approx(plain.low, abs=0.04)
    assert estimate.n == plain.n


@pytest.mark.parametrize("name", METRICS)
def test_without_answers_everything_is_undefined(name: str) -> None:
    """No gold, no accuracy: a reason instead."""
    estimate = getattr(accuracy, name)(counted(*answers()).clear(), LABELS, Options())
    assert (estimate.value, estimate.n) == (None, 0)
    assert estimate.note


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "over_enforcement", "under_enforcement", "wrong_label"])
def test_sides_need_violating_labels(name: str) -> None:
    """Without `is_violating` these are off, and the note says what to give."""
    estimate = found(name, labels=Taxonomy(LABELS.labels))
    assert estimate.value is None
    assert "`is_violating` in labels" in estimate.note


def test_an_undeclared_label_is_an_error() -> None:
    """A label beyond the taxonomy is a bug of the caller, never silently dropped."""
    with pytest.raises(pl.exceptions.InvalidOperationError):
        found("accuracy", labels=Taxonomy(("fine", "spam")))


def test_perfect_answers_have_no_spread_to_show() -> None:
    """Balanced accuracy of 1 has no interval; Wilson's has one."""
    gold, _ = answers()
    counts = counted(gold, gold)
    assert accuracy.balanced_accuracy(counts, LABELS, Options()).low is None
    assert 0.98 < accuracy.accuracy(counts, LABELS, Options()).low < 1


def test_self_agreement_is_a_share_and_a_kappa() -> None:
    """The same table as scikit-learn's; one label against the rest collapses both sides."""
    before, after = answers()
    counts = counted(before, after).rename({"gold_label": "label_before", "label": "label_after", "answers": "pairs"})
    plain = repeatability.self_agreement(counts, LABELS, Options())
    assert (plain.value, plain.n) == (pytest.approx((before == after).mean()), 400)
    kappa = repeatability.self_agreement_kappa(counts, LABELS, Options(label="spam"))
    assert kappa.value == pytest.approx(sklearn_metrics.cohen_kappa_score(before == "spam", after == "spam"))
    assert repeatability.self_agreement(counts.clear(), LABELS, Options()).note.startswith("no items rated again")
