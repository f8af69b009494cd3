"""Reference cases and real data, and the counts that the queries would give for them."""

import functools
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import ArrayLike

from metrics.taxonomy import Taxonomy

ORACLES = Path(__file__).parent / "oracles"
Expected = dict[str, Any]


@functools.cache
def cases(topic: str) -> dict[str, dict[str, Any]]:
    """The cases of a file, by id."""
    return {case["id"]: case for case in json.loads((ORACLES / f"{topic}.json").read_text())["cases"]}


def every_figure(topic: str) -> list[Any]:
    """A parameter for each figure of each case: case and name."""
    return [
        pytest.param(case, name, id=f"{case['id']}-{name}")
        for case in cases(topic).values()
        for name in case["expected"]
    ]


def assert_figure(found: Any, expected: Expected) -> None:
    """The figure is within its tolerance, or undefined where it must be."""
    if expected["value"] is None:
        assert found is None
    else:
        assert found is not None
        np.testing.assert_allclose(found, expected["value"], rtol=0, atol=expected["tol"])


def taxonomy(labels: Sequence[Any], **more: Any) -> Taxonomy:
    """The labels, which measure themselves where they are numbers."""
    names = tuple(str(label) for label in labels)
    numeric = all(isinstance(label, int | float) for label in labels)
    return Taxonomy(names, values=tuple(float(label) for label in labels) if numeric else None, declared=True, **more)


def pattern(counts: Sequence[int], labels: Sequence[str] = ascii_lowercase) -> str:
    """A pattern as the query writes it, of how often each label was given."""
    return "\x1e".join(f"{count}\x1f{label}" for label, count in sorted(zip(labels, counts, strict=False)) if count)


def patterns_of(
    counts: ArrayLike, items: Iterable[int] | None = None, *, labels: Sequence[str] = ascii_lowercase
) -> pl.DataFrame:
    """The frame of `rating_patterns` for label counts (items by labels)."""
    rows = np.asarray(counts).tolist()
    written = [pattern(row, labels) for row in rows]
    frame = pl.DataFrame({"pattern": written, "items": list(items or [1] * len(rows))})
    return frame.group_by("pattern").agg(pl.col("items").sum())


def ratings_of(rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """The frame of `item_ratings` for a matrix of items by reviewers; None is no rating."""
    return pl.DataFrame(
        [
            (f"item-{item:04}", f"reviewer-{reviewer:02}", str(label), 1)
            for item, row in enumerate(rows)
            for reviewer, label in enumerate(row)
            if label is not None
        ],
        schema={"item_id": pl.String, "reviewer_id": pl.String, "label": pl.String, "ratings": pl.Int64},
        orient="row",
    )


def label_counts(ratings: pl.DataFrame, labels: Taxonomy) -> np.ndarray:
    """Label counts (items by labels) of a frame of `item_ratings`."""
    wide = ratings.pivot("label", index="item_id", values="ratings", aggregate_function="sum").fill_null(0)
    return np.column_stack([wide[label] if label in wide.columns else np.zeros(wide.height) for label in labels.labels])


def pairs_of(ratings: pl.DataFrame) -> pl.DataFrame:
    """The frame of `reviewer_pairs` for a frame of `item_ratings`."""
    return (
        ratings.join(ratings, on="item_id", suffix="_b")
        .filter(pl.col("reviewer_id") < pl.col("reviewer_id_b"))
        .group_by(reviewer_a="reviewer_id", reviewer_b="reviewer_id_b", label_a="label", label_b="label_b")
        .agg(items=(pl.col("ratings") * pl.col("ratings_b")).sum())
    )


@functools.cache
def real(name: str) -> pl.DataFrame:
    """A frame of real data."""
    return pl.read_parquet(ORACLES / "real" / f"{name}.parquet")


@functools.cache
def real_ratings(
    name: str, *, repeats: str = "all", keep: Callable[[pl.DataFrame], pl.DataFrame] = lambda f: f
) -> pl.DataFrame:
    """The frame of `item_ratings` of real data, all ratings or each reviewer's last of an item."""
    rows = keep(real(name))
    if repeats == "last":
        rows = rows.unique(["item_id", "rater_id"], keep="last", maintain_order=True)
    return rows.group_by("item_id", "label", reviewer_id="rater_id").agg(ratings=pl.len().cast(pl.Int64))
