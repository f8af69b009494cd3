"""Majority vote and Dawid-Skene."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from references import assert_figure, every_figure, ratings_of, taxonomy

from metrics.aggregation import aggregate_accuracy, dawid_skene, majority_vote
from metrics.dawid_skene import dawid_skene_fit
from metrics.patterns import item_ratings
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("a", "b", "c"))


def ratings(case: dict[str, Any]) -> pl.DataFrame:
    """The rows of a case, counted; numbers as padded text, so that text sorts as they do."""
    rows = [(f"{item:03}", f"{rater:03}", str(label)) for item, rater, label in case["inputs"]["rows"]]
    frame = pl.DataFrame(rows, schema=["item_id", "reviewer_id", "label"], orient="row")
    return frame.group_by(frame.columns).agg(ratings=pl.len().cast(pl.Int64))


@pytest.mark.parametrize(("case", "name"), every_figure("dawid_skene"))
def test_dawid_skene_equals_the_reference(case: dict[str, Any], name: str) -> None:
    """The model of 1979 on its own data, from the shares of votes."""
    labels, counts = taxonomy([1, 2, 3, 4]), ratings(case)
    model = dawid_skene(counts, labels)
    reviewers = counts["reviewer_id"].n_unique()
    found = {
        "class_marginals": lambda: list(model.class_shares.values()),
        "error_rates_rater_true_label": lambda: model.error_rates["probability"].to_numpy().reshape(reviewers, 4, 4),
        "posterior": lambda: dawid_skene_fit(item_ratings(counts, labels)).probabilities,
        "log_likelihood": lambda: model.log_likelihood,
        "assigned": lambda: [int(label) for label in model.labels["label"]],
    }[name]()
    assert_figure(found, case["expected"][name])


def test_a_tie_has_no_label_and_counts_half() -> None:
    """Ties are shown as ties, and accuracy says what random breaking would give and what luck could."""
    votes = majority_vote(ratings_of([["a", "a", "b"], ["a", "b", None], ["c", None, None]]), LABELS)
    gold = pl.DataFrame({"item_id": ["item-0000", "item-0001", "item-9999"], "label": ["a", "b", "c"]})
    accuracy = aggregate_accuracy(votes, gold)
    assert votes.labels["label"].to_list() == ["a", None, "c"]
    assert votes.labels["probability"].to_list() == pytest.approx([2 / 3, 1 / 2, 1])
    assert votes.ties == 1
    assert (accuracy.expected.value, accuracy.expected.n, accuracy.ties) == (0.75, 2, 1)
    assert (accuracy.lowest, accuracy.highest) == (0.5, 1.0)


def test_a_careless_majority_is_outvoted_by_consistent_reviewers() -> None:
    """Dawid-Skene learns whom to trust: two who are always alike beat three who answer at random."""
    noise = np.random.default_rng(3).integers(2, size=(200, 3))
    truth = ["ab"[item % 2] for item in range(200)]
    rows = [[right, right, *("ab"[k] for k in guesses)] for right, guesses in zip(truth, noise, strict=True)]
    gold = pl.DataFrame({"item_id": [f"item-{item:04}" for item in range(200)], "label": truth})
    labels = Taxonomy(("a", "b"))
    model, votes = (method(ratings_of(rows), labels) for method in (dawid_skene, majority_vote))
    assert model.converged
    assert aggregate_accuracy(model, gold).expected.value == 1.0
    assert aggregate_accuracy(votes, gold).expected.value < 1.0


@pytest.mark.parametrize("method", [majority_vote, dawid_skene])
def test_nothing_rated_gives_nothing(method: Any) -> None:
    """No ratings, no labels, and no accuracy."""
    found = method(ratings_of([[]]), LABELS)
    assert found.labels.height == 0
    assert aggregate_accuracy(found, pl.DataFrame({"item_id": ["x"], "label": ["a"]})).expected.value is None


@pytest.mark.parametrize("method", [majority_vote, dawid_skene])
def test_labels_do_not_depend_on_the_order_of_rows(method: Any) -> None:
    """The same ratings in another order give the same labels."""
    frame = ratings_of([["a", "b", "b"], ["b", "b", "c"], ["a", "a", "c"], ["c", "c", "b"]])
    assert method(frame, LABELS).labels.equals(method(frame.reverse(), LABELS).labels)
