"""Which cases a calibration session should talk about: those that split the room where it matters most.

A kind of case is a policy and a pattern of labels; all cases of a kind are equally split.
"""

import numpy as np
import polars as pl

from metrics.formulas import fleiss
from metrics.linearisation import Array
from metrics.patterns import Patterns, rating_patterns
from metrics.taxonomy import Taxonomy

COSTS, SEVERITY, ALIKE = "declared costs", "severity", "every disagreement alike"
"""What harm is measured by."""


def ranked_kinds(counts: pl.DataFrame, volume: pl.DataFrame, taxonomy: Taxonomy) -> pl.DataFrame:
    """The kinds of cases that split the room, those that matter most first.

    `counts` are the `rating_patterns` by policy, `volume` the reviews by policy and stage. Columns: `policy`,
    `pattern`, `items`, `reviews`; `ambiguity`, `volume` and `harm`, whose product is `priority`, and `harm_by`. Volume
    is the policy's share of the reviews: of those in the stage `live`, where the log has it.
    """
    patterns = rating_patterns(counts, taxonomy)
    columns = {
        "reviews": patterns.ratings,
        "ambiguity": ambiguity(patterns, taxonomy),
        "harm": harm(patterns, taxonomy),
        "is_split": (patterns.counts > 0).sum(axis=1) > 1,
    }
    return (
        counts.with_columns(pl.Series(name, values) for name, values in columns.items())
        .filter("is_split")
        .join(_traffic(volume), on="policy", how="left", nulls_equal=True)
        .with_columns(
            priority=pl.col("ambiguity") * pl.col("volume").fill_null(0.0) * pl.col("harm"),
            harm_by=pl.lit(harm_basis(patterns, taxonomy)),
        )
        .sort("priority", "policy", "pattern", descending=[True, False, False])
        .select("policy", "pattern", "items", "reviews", "ambiguity", "volume", "harm", "priority", "harm_by")
    )


def ambiguity(patterns: Patterns, taxonomy: Taxonomy) -> Array:
    """The chance that two further reviewers of an item would disagree, for every pattern.

    Items are taken to differ in their labels' chances as a Dirichlet distribution does: its mean are the shares of the
    labels in all items, and its concentration is (1 - kappa) / kappa, since Fleiss' kappa is the correlation of two
    reviews of an item. So one against one says less than five against five, and the more so the less reviewers agree
    at all. Where kappa is not above 0, no item is told from another, and all are alike.

    Source: Mosimann (1962), doi:10.1093/biomet/49.1-2.65; kappa as a correlation within items: Fleiss and Cuzick
    (1979), doi:10.1177/014662167900300114.
    """
    rated = patterns.where(patterns.ratings > 0)
    shares = rated.items @ (rated.counts / rated.ratings[:, None]) / max(rated.items.sum(), 1)
    kappa = fleiss("none", taxonomy).of(patterns).value() if len(taxonomy.labels) > 1 else None
    if kappa is None or kappa <= 0:
        return np.full(len(patterns.items), 1 - shares @ shares)
    prior = (1 - kappa) / kappa
    weights, total = patterns.counts + prior * shares, patterns.ratings + prior
    return np.asarray(1 - (weights * (weights + 1)).sum(axis=1) / (total * (total + 1)))


def harm(patterns: Patterns, taxonomy: Taxonomy) -> Array:
    """What the disagreement of every pattern costs, averaged over its pairs of unlike labels; 0 where there is none."""
    matrix = _costs(taxonomy, harm_basis(patterns, taxonomy))
    unlike = 1 - np.eye(len(matrix))
    pairs = ((patterns.counts @ unlike) * patterns.counts).sum(axis=1)
    return np.asarray(((patterns.counts @ matrix) * patterns.counts).sum(axis=1) / np.maximum(pairs, 1))


def harm_basis(patterns: Patterns, taxonomy: Taxonomy) -> str:
    """What harm is measured by: costs, where all that met have some declared, or else severity, or else nothing."""
    given = (patterns.counts > 0).astype(np.int64)
    met = zip(*np.nonzero(np.triu(given.T @ given, k=1)), strict=True)
    named = [(taxonomy.labels[one], taxonomy.labels[other]) for one, other in met]
    if taxonomy.costs and all(pair in taxonomy.costs or pair[::-1] in taxonomy.costs for pair in named):
        return COSTS
    return SEVERITY if taxonomy.values is not None else ALIKE


def _costs(taxonomy: Taxonomy, basis: str) -> Array:
    """What it costs that two labels met (labels by labels): the mean of both mistakes, as either may be right."""
    labels = taxonomy.labels
    if basis == ALIKE:
        return 1 - np.eye(len(labels))
    if basis == SEVERITY:
        values = np.array(taxonomy.values, dtype=float)
        return np.asarray(np.abs(values[:, None] - values))
    both = np.zeros((len(labels), len(labels)))
    for row, one in enumerate(labels):
        for column, other in enumerate(labels):
            declared = [taxonomy.costs[pair] for pair in ((one, other), (other, one)) if pair in taxonomy.costs]
            both[row, column] = float(np.mean(declared)) if declared and one != other else 0.0
    return both


def _traffic(volume: pl.DataFrame) -> pl.DataFrame:
    """Each policy's share of the reviews that count as traffic."""
    live = volume.filter(pl.col("stage") == "live")
    counted = (volume if live.is_empty() else live).group_by("policy").agg(pl.col("reviews").sum())
    return counted.select("policy", volume=pl.col("reviews") / pl.col("reviews").sum())


def chosen(
    candidates: pl.DataFrame, draw: np.random.Generator, *, cases: int, per_clause: int, controls: bool
) -> pl.DataFrame:
    """The cases of a session, each with a control where `controls` are wanted, from candidates in order of priority.

    An item comes once. With controls, two that follow each other within a policy and clause are a pair, and a coin says
    which of them is the control; one that is left over has none. Of at most `per_clause` pairs of a clause, the `cases`
    with the highest priority are taken. Adds `pair` and `is_control` to the columns.
    """
    size, clause = 2 if controls else 1, ["policy", "clause"]
    placed = (
        candidates.unique("item_id", keep="first", maintain_order=True)
        .with_columns(nth=pl.int_range(pl.len()).over(clause))
        .with_columns(of=pl.col("nth") // size, half=pl.col("nth") % size)
        .filter(pl.col("of") < per_clause)
    )
    best = placed.unique([*clause, "of"], keep="first", maintain_order=True).head(cases)
    coins = pl.Series("coin", draw.integers(0, size, size=best.height), dtype=pl.Int64)
    pairs = best.select(*clause, "of").with_row_index("pair").with_columns(coins, pl.col("pair").cast(pl.Int64))
    return (
        placed.join(pairs, on=[*clause, "of"], how="inner", nulls_equal=True)
        .with_columns(is_control=(pl.col("half") == pl.col("coin")) & (pl.len().over("pair") > 1))
        .sort("pair", "is_control")
        .drop("nth", "of", "half", "coin")
    )
