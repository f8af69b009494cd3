"""How often the default interval holds the truth: `pytest -m slow tests/test_coverage.py -s` prints the figures."""

import itertools

import numpy as np
import polars as pl
import pytest
from references import pattern

from metrics import agreement
from metrics.agreement import coefficient
from metrics.options import Options
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy

pytestmark = pytest.mark.slow

SIMULATIONS = 3000
LABELS = Taxonomy(("violating", "borderline", "fine"))


def population(shares: list[float], skill: float, ratings: int, single: float) -> tuple[list[str], np.ndarray]:
    """Every pattern and its probability.

    An item has a true label; a reviewer gives it with probability `skill`, and else any label by its share. A share
    `single` of the items has one rating, the others have `ratings`.
    """
    labels = len(shares)
    gives = skill * np.eye(labels) + (1 - skill) * np.array(shares)
    chances: dict[str, float] = {}
    for size, weight in ((1, single), (ratings, 1 - single)):
        for given in itertools.product(range(labels), repeat=size):
            seen = pattern(np.bincount(given, minlength=labels).tolist(), LABELS.labels)
            chance = weight * float(np.array(shares) @ gives[:, given].prod(axis=1))
            chances[seen] = chances.get(seen, 0.0) + chance
    return list(chances), np.array(list(chances.values()))


@pytest.mark.parametrize("name", ["krippendorff_alpha", "gwet_ac1"])
@pytest.mark.parametrize(
    ("shares", "skill", "ratings", "single", "items"),
    [
        ([0.05, 0.95], 0.8, 2, 0.0, 500),
        ([0.05, 0.95], 0.8, 3, 0.0, 2000),
        ([0.2, 0.8], 0.7, 2, 0.0, 500),
        ([0.5, 0.5], 0.7, 3, 0.0, 500),
        ([0.1, 0.2, 0.7], 0.65, 2, 0.9, 500),
        ([0.2, 0.3, 0.5], 0.6, 2, 0.9, 500),
        ([0.05, 0.1, 0.85], 0.8, 2, 0.9, 2000),
        ([0.05, 0.95], 0.8, 2, 0.9, 5000),
    ],
)
def test_the_default_interval_covers_the_truth(
    name: str, shares: list[float], skill: float, ratings: int, single: float, items: int
) -> None:
    """Between 93 and 97 of 100 intervals hold the population's value, also where most items have one rating."""
    labels = Taxonomy(LABELS.labels[: len(shares)])
    patterns, chances = population(shares, skill, ratings, single)
    whole = pl.DataFrame({"pattern": patterns, "items": np.round(chances * 1e12).astype(np.int64)})
    truth = coefficient(name, rating_patterns(whole, labels), labels, Options()).value()
    assert truth is not None
    generator = np.random.default_rng(20_250_901)
    held, without = 0, 0
    for drawn in generator.multinomial(items, chances, size=SIMULATIONS):
        counts = pl.DataFrame({"pattern": patterns, "items": drawn}).filter(pl.col("items") > 0)
        estimate = getattr(agreement, name)(counts, labels, Options())
        if estimate.low is None:
            without += 1
        else:
            held += estimate.low <= truth <= estimate.high
    coverage = held / (SIMULATIONS - without)
    print(f"{name} {truth:.3f}, n={items}, single {single:.0%}, shares {shares}: {coverage:.3f}, without {without}")
    assert 0.93 <= coverage <= 0.97
    assert without < SIMULATIONS / 20
