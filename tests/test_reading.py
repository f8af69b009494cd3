"""The sentence that reads several coefficients together, and the table of labels that are confused."""

import re

import polars as pl
import pytest
from references import patterns_of

from metrics import agreement
from metrics.coincidences import label_coincidences
from metrics.estimate import Estimate, undefined
from metrics.options import Options
from metrics.reading import reading
from metrics.taxonomy import Taxonomy

PAIR = Taxonomy(("bad", "fine"), violating=frozenset({"bad"}))


def sentence(counts: list[list[int]], items: list[int], labels: Taxonomy = PAIR) -> str:
    """The sentence for some patterns."""
    frame = patterns_of(counts, items, labels=labels.labels)
    names = {
        "agreement": "percent_agreement",
        "alpha": "krippendorff_alpha",
        "ac1": "gwet_ac1",
        "positive": "positive_agreement",
        "negative": "negative_agreement",
        "prevalence": "prevalence_index",
    }
    return reading(**{role: getattr(agreement, name)(frame, labels, Options()) for role, name in names.items()})


@pytest.mark.parametrize(
    ("counts", "items", "expected"),
    [
        ([[0, 2], [1, 1], [2, 0]], [950, 40, 10], "violating items are rare.*another does 33% of the time"),
        ([[2, 0], [1, 1], [0, 2]], [950, 40, 10], "fine items are rare.*another does 33% of the time"),
        ([[2, 0], [0, 2], [1, 1]], [45, 45, 10], "agree 90% of the time; beyond chance that is strong .alpha 0.80"),
        ([[1, 1], [2, 0], [0, 2]], [80, 10, 10], "worse than guessing"),
        ([[2, 0]], [50], "only one label in use"),
        ([[1, 0]], [50], "no item has two ratings"),
    ],
)
def test_the_sentence_says_what_the_pattern_means(counts: list[list[int]], items: list[int], expected: str) -> None:
    """The prevalence paradox on either side, plain agreement, less than chance, and nothing to say."""
    assert re.search(expected, sentence(counts, items))


def test_the_sentence_names_the_weaker_side() -> None:
    """Where alpha and AC1 agree but one side is weaker, it is named."""
    assert "weaker on violating items" in sentence([[0, 2], [1, 1], [2, 0]], [560, 260, 180])


def test_the_sentence_does_without_violating_labels() -> None:
    """Nobody said which labels violate: the paradox is still explained."""
    text = sentence([[0, 2], [1, 1], [2, 0]], [950, 40, 10], Taxonomy(("bad", "fine")))
    assert "look at each label for itself" in text


def test_coincidences_are_krippendorffs() -> None:
    """Krippendorff (2011), example C: the coincidence matrix as printed."""
    units = ["111", "2223", "3333", "3333", "2222", "1234", "4444", "1112", "2222", "555", "11", "3"]
    counts = patterns_of([[unit.count(label) for label in "12345"] for unit in units], labels="12345")
    found = label_coincidences(counts, Taxonomy(tuple("12345")))
    cells = {(a, b): pairs for a, b, pairs in found.select("label_a", "label_b", "pairs").iter_rows()}
    assert cells["1", "1"] == pytest.approx(7)
    assert cells["1", "2"] == cells["2", "1"] == pytest.approx(4 / 3)
    assert cells["2", "2"] == pytest.approx(10)
    assert cells["3", "3"] == pytest.approx(8)
    assert found["pairs"].sum() == pytest.approx(40)
    assert found.row(1) == ("1", "2", 2, pytest.approx(4 / 3), pytest.approx(4 / 3 / 9), pytest.approx(13 / 39))


def test_shares_of_the_others_label_add_up_by_label() -> None:
    """Observed or by chance, the other reviewer gave some label."""
    found = label_coincidences(patterns_of([[2, 1, 0], [0, 2, 1], [1, 0, 3]], [5, 2, 4]), Taxonomy(tuple("abc")))
    for sums in found.group_by("label_a").agg(pl.col("share", "chance").sum()).iter_rows():
        assert sums[1:] == pytest.approx((1, 1))


def test_coincidences_of_nothing_are_zero_and_expect_nothing() -> None:
    """Without an item of two ratings nothing is observed, and nothing can be expected."""
    found = label_coincidences(patterns_of([[1, 0]], labels=PAIR.labels), PAIR)
    assert found["pairs"].to_list() == [0, 0, 0, 0]
    assert found["share"].to_list() == found["chance"].to_list() == [None] * 4


def test_the_sentence_is_honest_about_an_undefined_agreement() -> None:
    """Nothing known is said to be nothing known."""
    nothing: Estimate = undefined(0, "")
    text = reading(
        agreement=nothing, alpha=nothing, ac1=nothing, positive=nothing, negative=nothing, prevalence=nothing
    )
    assert text.startswith("Nothing can be said")
