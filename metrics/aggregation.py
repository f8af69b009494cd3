"""One label per item from the labels of several reviewers, and how right it is where gold is known."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from metrics.dawid_skene import dawid_skene_fit
from metrics.estimate import Estimate, share
from metrics.linearisation import Array
from metrics.patterns import item_ratings
from metrics.taxonomy import Taxonomy

_ALIKE = 1e-12


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One label per item.

    `labels` has a row per item: `item_id`, `label` (null where several are tied) and the label's `probability`.
    `winners` has a row per item and tied label: `item_id`, `label`. `ties` counts the items with several. For
    Dawid-Skene, `class_shares` is the share of each label among the true ones, `error_rates` a row per reviewer, true
    label and given label (`reviewer_id`, `true_label`, `label`, `probability`), `log_likelihood` that of the ratings.
    """

    method: str
    labels: pl.DataFrame
    winners: pl.DataFrame
    ties: int
    converged: bool = True
    iterations: int = 0
    log_likelihood: float | None = None
    class_shares: dict[str, float] = field(default_factory=dict)
    error_rates: pl.DataFrame = field(default_factory=pl.DataFrame)


@dataclass(frozen=True, slots=True)
class AggregateAccuracy:
    """How many aggregated labels are gold's: expected under random breaking of ties, and at worst and best."""

    expected: Estimate
    lowest: float | None
    highest: float | None
    ties: int


def majority_vote(ratings: pl.DataFrame, taxonomy: Taxonomy) -> Aggregation:
    """The label that most ratings of an item give, from the counts of `item_ratings`; probability is their share."""
    coded = item_ratings(ratings, taxonomy)
    counts = coded.patterns.counts
    shares = counts / counts.sum(axis=1, keepdims=True)
    return Aggregation("majority", *_labelled(shares, coded.items, taxonomy))


def dawid_skene(ratings: pl.DataFrame, taxonomy: Taxonomy) -> Aggregation:
    """The most probable label of each item, given how each reviewer confuses labels; from the counts of `item_ratings`.

    Expectation-maximisation from the shares of votes: a local maximum, the same every time. Source: Dawid and Skene
    (1979), doi:10.2307/2346806.
    """
    coded = item_ratings(ratings, taxonomy)
    fit = dawid_skene_fit(coded)
    labels = pl.Series(taxonomy.labels, dtype=pl.String)
    rates = (
        coded.reviewers.to_frame("reviewer_id")
        .join(labels.to_frame("true_label"), how="cross", maintain_order="left_right")
        .join(labels.to_frame("label"), how="cross", maintain_order="left_right")
        .with_columns(probability=fit.error_rates.ravel())
    )
    return Aggregation(
        "dawid-skene",
        *_labelled(fit.probabilities, coded.items, taxonomy),
        converged=fit.converged,
        iterations=fit.iterations,
        log_likelihood=fit.log_likelihood,
        class_shares=dict(zip(taxonomy.labels, fit.class_shares.tolist(), strict=True)),
        error_rates=rates,
    )


def aggregate_accuracy(found: Aggregation, gold: pl.DataFrame) -> AggregateAccuracy:
    """How many items with gold (`item_id`, `label`) carry gold's label.

    Interval: Wilson score, which takes the items for independent.
    """
    judged = (
        found.winners.join(gold.select("item_id", gold_label="label"), on="item_id")
        .group_by("item_id")
        .agg(right=(pl.col("label") == pl.col("gold_label")).sum(), tied=pl.len())
    )
    expected = share(float((judged["right"] / judged["tied"]).sum()), judged.height, counted="items with gold")
    sure = int(((judged["right"] == 1) & (judged["tied"] == 1)).sum())
    possible, n = int(judged["right"].sum()), judged.height
    ties = int((judged["tied"] > 1).sum())
    return AggregateAccuracy(expected, sure / n if n else None, possible / n if n else None, ties)


def _labelled(probabilities: Array, items: pl.Series, taxonomy: Taxonomy) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """The most probable labels as the frames of an aggregation, and how many items have several."""
    best = probabilities.max(axis=1)
    is_best = probabilities >= best[:, None] - _ALIKE
    names, is_tied = pl.Series(taxonomy.labels, dtype=pl.String), pl.Series(is_best.sum(axis=1) > 1, dtype=pl.Boolean)
    item, label = np.nonzero(is_best)
    winners = pl.DataFrame({"item_id": items.gather(item), "label": names.gather(label)})
    labels = pl.DataFrame(
        {"item_id": items, "label": names.gather(is_best.argmax(axis=1)), "probability": best}
    ).with_columns(label=pl.when(~is_tied).then("label"))
    return labels, winners, int(is_tied.sum())
