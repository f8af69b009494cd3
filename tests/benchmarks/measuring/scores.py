"""A model's scores in two months, with what turned out, as both sides read them."""

import shutil
import sys
from pathlib import Path

import numpy as np
import polars as pl
from measuring.environments import CACHE

SHAPES = {"reference": (0.5, 0.8), "current": (0.502, 0.8)}
"""Scores are beta distributed; those of the current month are a little higher, so little that p-values stay above 0."""
SEED = 1


def kept_scores(items: int) -> Path:
    """The folder with `reference.parquet` and `current.parquet`, of so many items each, written on the first run."""
    folder = CACHE / f"scores-{items}-{SEED}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        print(f"Writing two months of {items:,} scores into {folder} …", file=sys.stderr)
        folder.mkdir(parents=True)
        draws = np.random.default_rng(SEED)
        for month, shape in SHAPES.items():
            _month(items, shape, draws).write_parquet(folder / f"{month}.parquet", compression="zstd")
        (folder / "ready").touch()
    return folder


def _month(items: int, shape: tuple[float, float], draws: np.random.Generator) -> pl.DataFrame:
    """Scores that are calibrated, what the model says from a half on, and whether the item violates."""
    score = draws.beta(*shape, items).round(4)
    violates = draws.random(items) < score
    said = (score >= 0.5).astype(np.int64)
    return pl.DataFrame({"score": score, "said": said, "is_violating": violates.astype(np.int64)})
