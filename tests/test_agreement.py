"""Agreement of all reviewers: worked examples, the laws it obeys, and what it says where it cannot be known."""

import krippendorff
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import label_counts, pairs_of, patterns_of, ratings_of, real_ratings

from metrics import agreement, pairs
from metrics import conger as congers
from metrics.agreement import coefficient
from metrics.conger import conger, conger_kappa, reviewer_entries
from metrics.estimate import Estimate
from metrics.leaving_out import reviewer_standard_error, without_each_reviewer
from metrics.options import Interval, Level, Options
from metrics.patterns import item_ratings, rating_patterns
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("a", "b", "c"), values=(0.0, 1.0, 4.0), violating=frozenset({"a"}), declared=True)
COEFFICIENTS = (
    "percent_agreement",
    "krippendorff_alpha",
    "fleiss_kappa",
    "scott_pi",
    "gwet_ac1",
    "gwet_ac2",
    "brennan_prediger",
    "positive_agreement",
    "negative_agreement",
    "prevalence_index",
)
INTERVALS: tuple[Interval, ...] = ("default", "bootstrap", "jackknife", "reviewers")


def found(name: str, counts: pl.DataFrame, labels: Taxonomy = LABELS, options: Options = Options()) -> Estimate:  # noqa: B008 - frozen
    """A metric of the module by its name."""
    estimate: Estimate = getattr(agreement, name)(counts, labels, options)
    return estimate


def some_ratings(items: int = 60, reviewers: int = 5, seed: int = 1) -> pl.DataFrame:
    """Ratings with gaps, of items that differ."""
    generator = np.random.default_rng(seed)
    kinds = generator.dirichlet([0.6, 0.4, 0.2], size=items)
    return ratings_of(
        [
            ["abc"[generator.choice(3, p=kind)] if generator.random() < 0.6 else None for _ in range(reviewers)]
            for kind in kinds
        ]
    )


def some_patterns(**size: int) -> pl.DataFrame:
    """The same as patterns."""
    return patterns_of(label_counts(some_ratings(**size), LABELS))


def test_alpha_matches_krippendorffs_worked_example() -> None:
    """Krippendorff (2011), example C: nominal data, 4 observers, 12 units, some missing."""
    units = ["111", "2223", "3333", "3333", "2222", "1234", "4444", "1112", "2222", "555", "11", "3"]
    counts = patterns_of([[unit.count(label) for label in "12345"] for unit in units], labels="12345")
    estimate = found("krippendorff_alpha", counts, Taxonomy(tuple("12345")))
    assert estimate.value == pytest.approx(0.743, abs=5e-4)
    assert estimate.n == 11


matrices = st.integers(2, 4).flatmap(
    lambda reviewers: st.lists(
        st.lists(st.sampled_from([None, 0, 1, 2, 5]), min_size=reviewers, max_size=reviewers), min_size=2, max_size=12
    )
)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@given(rows=matrices)
@settings(max_examples=60, deadline=None)
def test_alpha_equals_the_krippendorff_package(level: Level, rows: list[list[int | None]]) -> None:
    """Any matrix with gaps gives the package's alpha, and undefined where the package gives none."""
    labels = Taxonomy(tuple("0125"), values=(0.0, 1.0, 2.0, 5.0))
    frame = ratings_of(rows)
    ours = found("krippendorff_alpha", frame, labels, Options(level=level)).value
    counts = label_counts(frame, labels)
    pairable = counts[counts.sum(axis=1) > 1]
    if len(pairable) == 0 or (pairable.sum(axis=0) > 0).sum() < 2:
        assert ours is None
        return
    data = np.array([[np.nan if label is None else label for label in row] for row in rows]).T
    theirs = krippendorff.alpha(reliability_data=data, level_of_measurement=level, value_domain=[0, 1, 2, 5])
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_the_order_of_rows_does_not_matter(name: str, interval: Interval) -> None:
    """The same counts in another order give the same estimate, the bootstrap's included."""
    counts = some_ratings() if interval == "reviewers" else some_patterns()
    one, other = (found(name, frame, options=Options(interval=interval)) for frame in (counts, counts.reverse()))
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high), abs=1e-12)
    assert (one.n, one.note) == (other.n, other.note)


@pytest.mark.parametrize("name", COEFFICIENTS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_estimates_stay_in_order_and_in_bounds(name: str, interval: Interval) -> None:
    """Every interval holds its value, stays in its range, and names its question."""
    estimate = found(name, some_ratings(), options=Options(interval=interval))
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    assert -1 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert ("reviewers like these" if interval == "reviewers" else "these reviewers") in estimate.note


@pytest.mark.parametrize("name", [name for name in COEFFICIENTS if name != "gwet_ac2"])
def test_renaming_labels_does_not_matter(name: str) -> None:
    """A nominal coefficient does not know what its labels are called or in which order they are declared."""
    renamed = Taxonomy(("z", "a", "b"), violating=frozenset({"z"}))
    ratings = some_ratings()
    other = ratings.with_columns(pl.col("label").replace_strict({"a": "z", "b": "a", "c": "b"}))
    shuffled = Taxonomy(("b", "z", "a"), violating=frozenset({"z"}))
    values = [found(name, ratings).value, found(name, other, renamed).value, found(name, other, shuffled).value]
    assert values == pytest.approx([values[0]] * 3, abs=1e-12)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_slices_add_up(name: str) -> None:
    """Counts of two halves, one after the other, are the counts of the whole."""
    ratings = some_ratings()
    halves = [ratings.filter((pl.col("item_id") < "item-0030") == first) for first in (True, False)]
    whole = found(name, patterns_of(label_counts(ratings, LABELS)))
    both = found(name, pl.concat([patterns_of(label_counts(half, LABELS)) for half in halves]))
    assert (both.value, both.low, both.high) == pytest.approx((whole.value, whole.low, whole.high), abs=1e-12)


@pytest.mark.parametrize("name", COEFFICIENTS)
def test_patterns_and_item_ratings_say_the_same(name: str) -> None:
    """Both questions of the log hold the same counts."""
    one, other = found(name, some_ratings()), found(name, some_patterns())
    assert (one.value, one.low, one.n) == (pytest.approx(other.value), pytest.approx(other.low), other.n)


def test_patterns_tell_any_number_of_labels() -> None:
    """Every label comes back to its place; a label beyond the taxonomy is an error."""
    counts = np.random.default_rng(2).integers(0, 9, size=(50, 14))
    labels = Taxonomy(tuple("abcdefghijklmn"))
    parsed = rating_patterns(patterns_of(counts), labels)
    assert sorted(map(tuple, parsed.counts)) == sorted(map(tuple, counts))
    with pytest.raises(pl.exceptions.InvalidOperationError, match="incomplete mapping"):
        rating_patterns(patterns_of(counts), LABELS)


def test_no_pairable_item_is_undefined_with_a_reason() -> None:
    """Items of one rating say nothing about agreement, and nor does nothing at all."""
    for counts in (patterns_of([[1, 0, 0], [0, 1, 0]]), patterns_of([[1, 0, 0]]).clear()):
        for name in COEFFICIENTS:
            assert found(name, counts) == Estimate(None, None, None, 0, "no item has two ratings")


@pytest.mark.parametrize("name", ["krippendorff_alpha", "fleiss_kappa", "scott_pi"])
def test_one_label_is_undefined_with_a_reason(name: str) -> None:
    """Without variation, agreement beyond chance is neither 1 nor 0."""
    estimate = found(name, patterns_of([[3, 0, 0], [2, 0, 0]]))
    assert estimate.value is None
    assert "same label" in estimate.note


@pytest.mark.parametrize("interval", INTERVALS)
def test_few_disagreements_give_a_value_without_an_interval(interval: Interval) -> None:
    """Four disputed items carry no interval of any kind; a fifth does."""
    rows = [["a", "b"]] * 4 + [["a", "a"]] * 30 + [["b", "b"]] * 30
    four, five = (
        found("krippendorff_alpha", ratings_of(r), options=Options(interval=interval))
        for r in (rows, [*rows, ["a", "b"]])
    )
    assert four.value is not None
    assert (four.low, four.high) == (None, None)
    assert "4 items show disagreement, fewer than 5" in four.note
    if interval != "reviewers":
        assert five.low is not None


def test_few_minority_items_give_no_interval() -> None:
    """Nor do four items with a rare label."""
    estimate = found("gwet_ac1", patterns_of([[3, 0, 0]] * 50 + [[2, 1, 0]] * 4))
    assert estimate.low is None
    assert "4 items have a label other than the commonest, fewer than 5" in estimate.note


def test_always_the_same_disagreement_has_no_interval() -> None:
    """Where every item looks alike there is no spread to see; the value stays."""
    estimate = found("brennan_prediger", patterns_of([[1, 1]] * 10), Taxonomy(("a", "b")))
    assert (estimate.value, estimate.low) == (-1.0, None)
    assert "no interval" in estimate.note


@pytest.mark.parametrize("options", [Options(level="ordinal"), Options(level="interval"), Options(level="ratio")])
def test_levels_need_ordered_labels(options: Options) -> None:
    """Labels without a measure have no ordinal alpha, and the note says what to give."""
    estimate = found("krippendorff_alpha", some_patterns(), Taxonomy(("a", "b", "c")), options)
    assert estimate.value is None
    assert "severity" in estimate.note


def test_sides_need_violating_labels() -> None:
    """Without `is_violating` there is no positive agreement, but there is for a chosen label."""
    plain = Taxonomy(("a", "b", "c"))
    missing = found("positive_agreement", some_patterns(), plain)
    assert missing.value is None
    assert "`is_violating` in labels" in missing.note
    assert found("positive_agreement", some_patterns(), plain, Options(label="a")) == found(
        "positive_agreement", some_patterns()
    )


def test_one_label_against_the_rest_is_two_labels() -> None:
    """`label` collapses before anything is computed."""
    two = label_counts(some_ratings(), LABELS)[:, [1, 0]] + label_counts(some_ratings(), LABELS)[:, [2, 2]] * [0, 1]
    for name in ("krippendorff_alpha", "gwet_ac1", "gwet_ac2", "fleiss_kappa"):
        expected = found(
            name, patterns_of(two, labels=("b", "rest")), Taxonomy(("b", "rest")), Options(weights="none")
        ).value
        assert found(name, some_patterns(), options=Options(label="b", level="ordinal")).value == pytest.approx(
            expected
        )


def test_labels_of_equal_severity_are_one_to_ordinal_alpha() -> None:
    """Two labels that measure the same are the same where measure counts."""
    tied = Taxonomy(("a", "b", "c"), values=(0.0, 1.0, 1.0))
    merged = patterns_of(
        label_counts(some_ratings(), LABELS)[:, :2] + label_counts(some_ratings(), LABELS)[:, [2, 2]] * [0, 1]
    )
    for level in ("ordinal", "interval"):
        expected = found(
            "krippendorff_alpha", merged, Taxonomy(("a", "b"), values=(0.0, 1.0)), Options(level=level)
        ).value
        assert found("krippendorff_alpha", some_patterns(), tied, Options(level=level)).value == pytest.approx(expected)


def test_scotts_pi_says_when_it_is_fleiss() -> None:
    """Pi is for two ratings of an item; of more it is Fleiss' kappa, and says so."""
    pairs_only = [["a", "b"], ["a", "a"], ["b", "b"], ["c", "a"]] * 5
    assert "Fleiss" not in found("scott_pi", ratings_of(pairs_only)).note
    assert "Fleiss" in found("scott_pi", ratings_of([["a", "b", "b"], *pairs_only])).note


def test_gwets_interval_is_wider_where_most_items_have_one_rating() -> None:
    """His formula takes the share of items with two ratings as known; the full linearisation does not."""
    rows = some_ratings(items=200, reviewers=2, seed=4)
    ours, his = (found("gwet_ac1", rows, options=Options(interval=i)) for i in ("default", "gwet"))
    assert his.value == ours.value
    assert his.high - his.low > ours.high - ours.low
    assert found("krippendorff_alpha", rows, options=Options(interval="gwet")).low is None


@pytest.mark.parametrize("name", ["krippendorff_alpha", "gwet_ac1", "positive_agreement"])
def test_deleting_a_reviewer_is_literal(name: str) -> None:
    """The jackknife over reviewers is what leaving each one out of the log gives."""
    ratings = some_ratings()
    literal = np.array(
        [
            found(name, ratings.filter(pl.col("reviewer_id") != who)).value
            for who in sorted(ratings["reviewer_id"].unique())
        ]
    )
    formula, groups = agreement.definition(name, LABELS, Options())
    ours = reviewer_standard_error(without_each_reviewer(item_ratings(ratings, LABELS).grouped(groups), formula))
    assert ours == pytest.approx(np.sqrt(4 / 5 * ((literal - literal.mean()) ** 2).sum()), abs=1e-12)


def test_two_reviewers_show_no_spread_of_reviewers() -> None:
    """Without one of two there is no pair left: no interval, and the value stays."""
    estimate = found("krippendorff_alpha", some_ratings(reviewers=2), options=Options(interval="reviewers"))
    assert estimate.value is not None
    assert estimate.low is None
    assert "fewer than three" in estimate.note


@pytest.mark.parametrize(
    ("dataset", "expected"), [("adult2", 0.0339), ("snow_rte", 0.093), ("convabuse", 0.095), ("hatecheck", 0.023)]
)
def test_other_reviewers_would_move_alpha_far_more_than_other_items(dataset: str, expected: float) -> None:
    """On real data the spread over reviewers is five to nine times the spread over items."""
    ratings = real_ratings(dataset, repeats="last")
    labels = Taxonomy(tuple(sorted(ratings["label"].unique())))
    formula, _ = agreement.definition("krippendorff_alpha", labels, Options())
    assert reviewer_standard_error(without_each_reviewer(item_ratings(ratings, labels), formula)) == pytest.approx(
        expected, rel=0.05
    )


def test_conger_of_two_reviewers_is_cohen() -> None:
    """Conger's kappa generalises Cohen's."""
    ratings = ratings_of([["a", "b"], ["a", "a"], ["b", "b"], ["c", "a"], ["c", "c"], ["b", "a"], ["c", "b"]])
    ours = conger_kappa(ratings, LABELS, Options(weights="quadratic")).value
    assert ours == pytest.approx(pairs.cohen_kappa(pairs_of(ratings), LABELS, Options(weights="quadratic")).value)


def test_congers_gradient_and_deleted_reviewers_are_literal() -> None:
    """The analytic gradient is the complex step's, and each left-out reviewer is left out of the log."""
    ratings = some_ratings()
    ratings = pl.concat([ratings, ratings.head(9).with_columns(label=pl.lit("c"))])
    entries = reviewer_entries(item_ratings(ratings, LABELS))
    weights = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
    statistic = conger(entries, weights)
    assert statistic.gradient is not None
    step = 1e-30 * np.eye(statistic.totals.size)
    stepped = statistic.statistic(statistic.totals + 1j * step).imag / 1e-30
    np.testing.assert_allclose(statistic.gradient(statistic.totals), stepped, rtol=0, atol=1e-12)
    literal = [
        conger(reviewer_entries(item_ratings(ratings.filter(pl.col("reviewer_id") != who), LABELS)), weights).value()
        for who in sorted(ratings["reviewer_id"].unique())
    ]
    np.testing.assert_allclose(congers.without_each_reviewer(entries, weights), literal, rtol=0, atol=1e-12)


@pytest.mark.parametrize("interval", INTERVALS)
def test_conger_has_every_interval(interval: Interval) -> None:
    """Linearised, bootstrap, jackknife and over reviewers."""
    estimate = conger_kappa(some_ratings(), LABELS, Options(interval=interval, replicates=200))
    assert estimate.low < estimate.value < estimate.high


def test_coefficient_gives_every_standard_error() -> None:
    """One object answers for linearisation and jackknife, and they are close."""
    statistic = coefficient("gwet_ac1", rating_patterns(some_patterns(items=400), LABELS), LABELS, Options())
    assert statistic.standard_error() == pytest.approx(statistic.jackknife_standard_error(), rel=0.02)
