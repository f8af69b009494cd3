"""Agreement of reviewers two by two."""

import numpy as np
import polars as pl
import pytest
from references import pairs_of, ratings_of
from statsmodels.stats.inter_rater import cohens_kappa

from metrics.cohen import kappa, kappa_standard_error
from metrics.grouping import violating_or_not
from metrics.options import Interval, Options, Weights
from metrics.pairs import bias_index, cohen_kappa, kappa_max, light_kappa, pairwise_agreement
from metrics.taxonomy import Taxonomy
from metrics.weights import agreement_weights

LABELS = Taxonomy(("a", "b", "c"), values=(0.0, 1.0, 4.0), violating=frozenset({"a"}))


def ratings(reviewers: int) -> pl.DataFrame:
    """Eighty items of a few reviewers, with gaps."""
    generator = np.random.default_rng(6)
    kinds = generator.dirichlet([0.6, 0.4, 0.2], size=80)
    return ratings_of(
        [
            ["abc"[generator.choice(3, p=k)] if generator.random() < 0.8 else None for _ in range(reviewers)]
            for k in kinds
        ]
    )


def table(counts: pl.DataFrame, one: str, other: str) -> np.ndarray:
    """The square table of one pair."""
    cells = np.zeros((3, 3))
    chosen = counts.filter((pl.col("reviewer_a") == one) & (pl.col("reviewer_b") == other))
    for a, b, items in chosen.select("label_a", "label_b", "items").iter_rows():
        cells["abc".index(a), "abc".index(b)] += items
    return cells


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_every_pair_has_statsmodels_kappa_and_standard_error(weights: Weights) -> None:
    """All pairs at once give what statsmodels gives one by one, and so does the function of the cells."""
    counts = pairs_of(ratings(4))
    found = pairwise_agreement(counts, LABELS, Options(weights=weights))
    assert found.height == 6
    for one, other, n, share, value, low, high, note in found.iter_rows():
        cells = table(counts, one, other)
        scores = {"none": None, "linear": np.array([0.0, 1, 4]), "quadratic": np.array([0.0, 1, 4])}[weights]
        theirs = cohens_kappa(cells, weights=scores, wt=None if weights == "none" else weights)
        alone = kappa(cells.astype(int), agreement_weights(weights, LABELS))
        assert (n, share) == (cells.sum(), pytest.approx(np.trace(cells) / cells.sum()))
        assert value == pytest.approx(theirs.kappa, abs=1e-12)
        assert alone.value() == pytest.approx(theirs.kappa, abs=1e-12)
        assert kappa_standard_error(alone) == pytest.approx(theirs.std_kappa, abs=1e-12)
        assert np.arctanh(high) - np.arctanh(low) == pytest.approx(
            2 * 1.959964 * theirs.std_kappa / (1 - value**2), abs=1e-6
        )
        assert "these two reviewers" in note


def test_a_reviewer_who_never_varies_leaves_kappa_without_an_interval() -> None:
    """Kappa is 0 whatever the items then: a standard error of rounding errors would pass for certainty."""
    rows = [("one", "two", "a", label, 11 + code) for code, label in enumerate("abc")]
    counts = pl.DataFrame(rows, schema=["reviewer_a", "reviewer_b", "label_a", "label_b", "items"], orient="row")
    for interval in ("default", "bootstrap", "jackknife"):
        found = cohen_kappa(counts, LABELS, Options(interval=interval))
        assert found.value == pytest.approx(0, abs=1e-12)
        assert (found.low, found.high) == (None, None)
        assert found.note.startswith("no interval")
    assert pairwise_agreement(counts, LABELS, Options())["low"].to_list() == [None]


def test_a_pair_without_variation_has_no_kappa() -> None:
    """Both said one label throughout: agreement is whole, kappa undefined; few disagreements give no interval."""
    found = pairwise_agreement(pairs_of(ratings_of([["a", "a", "a"]] * 7 + [["a", "a", "b"]] * 2)), LABELS, Options())
    first, second = found.rows(named=True)[:2]
    assert (first["percent_agreement"], first["cohen_kappa"], first["low"]) == (1.0, None, None)
    assert "undefined" in first["note"]
    assert (second["cohen_kappa"], second["low"]) == (0.0, None)
    assert "disagree on 2 items" in second["note"]


def test_cohen_of_two_reviewers() -> None:
    """One pair has a kappa with an interval, whichever kind is asked for."""
    counts = pairs_of(ratings(2))
    kinds: tuple[Interval, ...] = ("default", "bootstrap", "jackknife")
    for estimate in (cohen_kappa(counts, LABELS, Options(interval=kind)) for kind in kinds):
        assert estimate.low < estimate.value < estimate.high
        assert estimate.n == counts["items"].sum()


def test_cohen_of_several_pairs_says_where_to_go() -> None:
    """Three reviewers have three kappas: the note names the matrix, Conger's kappa and the filter."""
    for metric in (cohen_kappa, kappa_max):
        estimate = metric(pairs_of(ratings(3)), LABELS, Options())
        assert estimate.value is None
        assert all(
            word in estimate.note for word in ("3 pairs", "evenhand matrix pairs", "conger_kappa", "--where reviewer")
        )


def test_light_is_the_mean_over_pairs_with_an_interval_over_reviewers() -> None:
    """Light's kappa averages, and is jackknifed by leaving out a reviewer."""
    counts = pairs_of(ratings(4))
    kappas = pairwise_agreement(counts, LABELS, Options())
    plain, over = (light_kappa(counts, LABELS, Options(interval=i)) for i in ("default", "reviewers"))
    assert plain.value == pytest.approx(kappas["cohen_kappa"].mean())
    assert plain.low is None
    names = sorted({*kappas["reviewer_a"], *kappas["reviewer_b"]})
    left = np.array(
        [kappas.filter((pl.col("reviewer_a") != w) & (pl.col("reviewer_b") != w))["cohen_kappa"].mean() for w in names]
    )
    error = np.sqrt(3 / 4 * ((left - left.mean()) ** 2).sum())
    width = np.arctanh(over.high) - np.arctanh(over.low)
    assert width == pytest.approx(2 * 1.959964 * error / (1 - plain.value**2), abs=1e-6)
    assert "reviewers like these" in over.note


def test_bias_is_signed_for_two_and_a_size_for_more() -> None:
    """Byrt's index of two reviewers has a sign; over pairs the mean size is given, and said."""
    two = pairs_of(ratings_of([["a", "b"]] * 6 + [["b", "a"]] + [["a", "a"]] * 13))
    three = pairs_of(ratings_of([["a", "b", "a"]] * 6 + [["b", "a", "a"]] + [["a", "a", "a"]] * 13))
    assert bias_index(two, LABELS, Options()).value == pytest.approx(5 / 20)
    assert bias_index(two, LABELS, Options()).low < 5 / 20
    assert bias_index(three, LABELS, Options()).value == pytest.approx((5 + 6 + 1) / 60)
    assert "3 pairs" in bias_index(three, LABELS, Options()).note
    assert "is_violating" in bias_index(two, Taxonomy(("a", "b", "c")), Options()).note


def test_no_pairs_are_undefined() -> None:
    """Nobody shares an item: no kappa, no bias, no rows."""
    nothing = pairs_of(ratings(2)).clear()
    for metric in (cohen_kappa, kappa_max, light_kappa, bias_index):
        estimate = metric(nothing, LABELS, Options())
        assert (estimate.value, estimate.n) == (None, 0)
        assert estimate.note
    assert pairwise_agreement(nothing, LABELS, Options()).height == 0


def test_weights_need_ordered_labels() -> None:
    """Labels without a measure have no weighted kappa, and the note says what to give."""
    for metric in (cohen_kappa, light_kappa):
        assert "severity" in metric(pairs_of(ratings(2)), Taxonomy(("a", "b", "c")), Options(weights="linear")).note
    found = pairwise_agreement(pairs_of(ratings(3)), Taxonomy(("a", "b", "c")), Options(weights="linear"))
    assert found["percent_agreement"].null_count() == 0
    assert found["cohen_kappa"].null_count() == 3
    assert found["note"].str.contains("severity").all()


def test_violating_comes_first() -> None:
    """Grouping puts violating labels at 0 and the others at 1."""
    assert violating_or_not(LABELS).tolist() == [0, 1, 1]
