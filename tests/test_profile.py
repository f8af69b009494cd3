"""One reviewer's confusion with gold, drawn towards that of the others by as much as it may be luck."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom

from metrics.profile import pooled_confusion
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("keep", "remove"))


def tallies(right: list[int], n: list[int]) -> pl.DataFrame:
    """Answers to gold `keep` of one reviewer after another."""
    names = [f"r{place}" for place in range(len(n))]
    rows = [
        (who, "keep", label, k)
        for who, a, b in zip(names, right, n, strict=True)
        for label, k in (("keep", a), ("remove", b - a))
    ]
    return pl.DataFrame(rows, schema=["reviewer", "gold_label", "label", "answers"], orient="row")


def test_a_row_is_the_posterior_mean_around_the_others_with_the_weight_that_their_differences_tell() -> None:
    """The weight is found anew by a search over scipy's beta-binomial likelihood."""
    right, n = np.array([60, 95, 20, 88, 71, 99, 45, 80]), np.array([100, 100, 30, 90, 100, 100, 60, 95])
    sizes = np.geomspace(2, 200, 4_000)
    share = right.sum() / n.sum()
    shares = np.linspace(share - 0.1, share + 0.1, 201)
    grid = betabinom.logpmf(
        right, n, (shares[:, None] * sizes)[..., None], ((1 - shares[:, None]) * sizes)[..., None]
    ).sum(-1)
    weight = sizes[np.unravel_index(grid.argmax(), grid.shape)[1]]
    found = pooled_confusion(tallies(right.tolist(), n.tolist()), "r0", LABELS, min_cell=10)
    others = (right[1:].sum()) / n[1:].sum()
    cell = found.row(by_predicate=(pl.col("gold_label") == "keep") & (pl.col("label") == "keep"), named=True)
    assert cell["share"] == pytest.approx(0.6)
    assert cell["others"] == pytest.approx(others)
    assert cell["pooled"] == pytest.approx((60 + weight * others) / (100 + weight), abs=2e-3)
    assert 0.6 < cell["pooled"] < others


def test_where_nobody_differs_a_row_is_that_of_the_others() -> None:
    found = pooled_confusion(tallies([45, 45, 45, 45], [50, 50, 50, 50]), "r0", LABELS, min_cell=10)
    assert found.filter(gold_label="keep")["pooled"].to_list() == pytest.approx([0.9, 0.1])


def test_too_few_answers_of_one_person_are_hidden_and_not_zero() -> None:
    found = pooled_confusion(tallies([9, 80, 70], [9, 90, 90]), "r0", LABELS, min_cell=10).filter(gold_label="keep")
    assert found["is_hidden"].all()
    assert found.select("answers", "share", "pooled").null_count().row(0) == (2, 2, 2)
    assert found["others"].to_list() == pytest.approx([150 / 180, 30 / 180])


def test_a_gold_label_that_nobody_met_has_an_empty_hidden_row() -> None:
    found = pooled_confusion(tallies([40, 80], [50, 90]), "r0", LABELS, min_cell=10).filter(gold_label="remove")
    assert found["is_hidden"].all()
    assert found["of"].to_list() == [0, 0]
