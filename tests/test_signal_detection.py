"""Sensitivity and leaning of answers against gold."""

import itertools

import numpy as np
import polars as pl
import pytest
from scipy.stats import beta, binom, norm
from statsmodels.stats.proportion import proportion_confint

from metrics import signal_detection
from metrics.options import Options
from metrics.signal_detection import CRITERION, D_PRIME, Detection, detection, score
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("fine", "spam", "hate"), violating=frozenset({"spam", "hate"}))
METRICS = ("d_prime", "criterion")


def counted(*rows: tuple[str, str, int]) -> pl.DataFrame:
    """The frame of `gold_answers`, each answer being to an item of its own."""
    schema = {"gold_label": pl.String, "label": pl.String, "answers": pl.Int64}
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .filter(pl.col("answers") > 0)
        .with_columns(kind="label", items="answers")
    )


def two_kinds(hits: int, misses: int, false_alarms: int, rejections: int) -> pl.DataFrame:
    """Answers to spam and to fine items."""
    spam = ("spam", "hate", hits), ("spam", "fine", misses)
    return counted(*spam, ("fine", "spam", false_alarms), ("fine", "fine", rejections))


def found(name: str, counts: pl.DataFrame, options: Options = Options(), labels: Taxonomy = LABELS):  # noqa: B008 - frozen
    """A metric of the module."""
    return getattr(signal_detection, name)(counts, labels, options)


def test_sensitivity_and_leaning_follow_from_hits_and_false_alarms() -> None:
    """Any violating label is a hit on violating gold; both rates are corrected."""
    hit, false_alarm = norm.ppf(20.5 / 26), norm.ppf(10.5 / 26)
    counts = two_kinds(20, 5, 10, 15)
    assert found("d_prime", counts).value == pytest.approx(hit - false_alarm)
    assert found("criterion", counts).value == pytest.approx(-(hit + false_alarm) / 2)
    assert found("d_prime", counts).n == 50


def test_a_lenient_reviewer_leans_above_zero() -> None:
    """Misses make the criterion positive, false alarms negative, and mirrored answers mirror it."""
    lenient, strict = (found("criterion", two_kinds(*rows)) for rows in ((20, 20, 1, 39), (39, 1, 20, 20)))
    assert lenient.low > 0
    assert (lenient.value, lenient.low, lenient.high) == pytest.approx((-strict.value, -strict.high, -strict.low))
    assert found("d_prime", two_kinds(20, 20, 20, 20)).value == pytest.approx(0)


def test_one_label_is_told_from_the_rest() -> None:
    """With a label, the other labels are all alike, violating or not."""
    counts = counted(
        ("spam", "spam", 8), ("spam", "hate", 2), ("hate", "spam", 1), ("hate", "hate", 9), ("fine", "fine", 20)
    )
    estimate = found("d_prime", counts, Options(label="spam"))
    assert estimate.value == pytest.approx(norm.ppf(8.5 / 11) - norm.ppf(1.5 / 31))


def test_the_interval_squares_and_adds_wilsons_distances() -> None:
    """The limits are Wilson's on the normal scale, in the way of Newcombe's interval of a difference."""
    hit, false_alarm = norm.ppf(20.5 / 26), norm.ppf(10.5 / 26)
    (hit_low, hit_high), (low, high) = (norm.ppf(proportion_confint(k, 25, method="wilson")) for k in (20, 10))
    d_prime, leaning = (found(name, two_kinds(20, 5, 10, 15)) for name in METRICS)
    assert d_prime.low == pytest.approx(d_prime.value - np.hypot(hit - hit_low, high - false_alarm))
    assert d_prime.high == pytest.approx(d_prime.value + np.hypot(hit_high - hit, false_alarm - low))
    assert leaning.low == pytest.approx(leaning.value - np.hypot(hit_high - hit, high - false_alarm) / 2)
    assert leaning.high == pytest.approx(leaning.value + np.hypot(hit - hit_low, false_alarm - low) / 2)


def test_perfect_answers_have_a_finite_interval() -> None:
    """Where Wilson's limit would be 0 or 1, Jeffreys' stands in."""
    end, value = norm.ppf(beta.ppf(0.975, 40.5, 0.5)), norm.ppf(40.5 / 41)
    estimate = found("d_prime", two_kinds(40, 0, 0, 40))
    assert estimate.value == pytest.approx(2 * value)
    assert estimate.high == pytest.approx(2 * value + np.sqrt(2) * (end - value))
    assert estimate.low > 2


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ((4, 0, 10, 90), "4 answers on gold that violates"),
        ((50, 20, 0, 0), "0 on gold that does not"),
        ((0,) * 4, "0 "),
    ],
)
def test_too_little_gold_of_a_kind_is_withheld(name: str, rows: tuple[int, ...], known: str) -> None:
    """The note says how many answers there are to gold of each kind."""
    estimate = found(name, two_kinds(*rows))
    assert (estimate.value, estimate.low, estimate.high, estimate.n) == (None, None, None, sum(rows))
    assert known in estimate.note
    assert found(name, two_kinds(*rows).clear()).note


@pytest.mark.parametrize("name", METRICS)
def test_sides_need_violating_labels(name: str) -> None:
    """Without `is_violating` there are no hits, and the note says what to give."""
    estimate = found(name, two_kinds(20, 5, 10, 15), labels=Taxonomy(LABELS.labels))
    assert estimate.value is None
    assert "`is_violating` in labels" in estimate.note


def test_uncorrected_scores_of_none_and_all_are_unknown() -> None:
    """A share of 0 or 1 lies infinitely far out, and without a distance c′ has no unit."""
    assert detection((25, 25), (3, 25), corrected=False) is None
    assert detection((20, 25), (0, 25), corrected=False) is None
    assert detection((0, 0), (3, 25)) is None
    assert detection((10, 25), (10, 25)).relative_criterion is None


def chances(d_prime: float, leaning: float, violating: int, others: int) -> np.ndarray:
    """The probability of each number of hits (rows) and of false alarms (columns)."""
    hits, false_alarms = norm.cdf(d_prime / 2 - leaning), norm.cdf(-d_prime / 2 - leaning)
    rows = binom.pmf(np.arange(violating + 1), violating, hits)
    return np.outer(rows, binom.pmf(np.arange(others + 1), others, false_alarms))


def coverage(n: int, violating: int, *, truths: list[tuple[float, float]]) -> np.ndarray:
    """How often the intervals of d′ and c (columns) hold each truth (rows), over all that can be answered."""
    sides = violating, n - violating
    scores = [[score(said, answers) for said in range(answers + 1)] for answers in sides]
    outcomes = [Detection(*pair) for pair in itertools.product(*scores)]
    shares = []
    for at, weights in enumerate((D_PRIME, CRITERION)):
        low, high = np.array([outcome.interval(weights) for outcome in outcomes]).T
        shares.append(
            [chances(*truth, *sides).ravel()[(low <= truth[at]) & (truth[at] <= high)].sum() for truth in truths]
        )
    return np.array(shares).T


@pytest.mark.slow
def test_intervals_cover_the_truth() -> None:
    """Computed, not drawn: 93 to 97 of 100 hold the truth on average, 95 or more for every size, 91 in the worst case.

    At 30 answers the interval of c is wide rather than narrow: many reviewers then have neither miss nor false alarm.
    """
    truths = list(itertools.product((1.5, 2, 2.5, 3, 3.5, 4), (-0.5, -0.25, 0, 0.3, 0.55, 0.8)))
    sizes = (30, 50, 75, 100, 200, 500)
    found = np.array(
        [[coverage(n, round(n * share), truths=truths) for share in (0.2, 0.35, 0.5)] for n in sizes]
    ).reshape(len(sizes), -1, 2)
    for n, of_size in zip(sizes, found, strict=True):
        print(f"n={n}: d′ and c {of_size.mean(axis=0).round(3)}, {of_size.min(axis=0).round(3)} at the least")
    print("on average", found.mean(axis=(0, 1)).round(3))
    assert np.all((found.mean(axis=(0, 1)) >= 0.93) & (found.mean(axis=(0, 1)) <= 0.97))
    assert np.all(found.mean(axis=1) >= 0.95)
    assert np.all(found >= 0.91)
