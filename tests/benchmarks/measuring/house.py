"""Who works where in the made-up house of the benchmarks, and what is decided there."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

REVIEWERS, QUEUES, POLICIES, MARKETS, LANGUAGES, SITES, TEAMS = 5_000, 24, 8, 12, 15, 5, 60
LABELS = ("allow", "warn", "limit", "age-gate", "remove", "ban")
SHARES = (0.74, 0.09, 0.07, 0.05, 0.04, 0.01)
QUEUES_OF_ONE = 2
"""A reviewer works in so many queues, and in one market."""


def names(what: str, number: Numbers, digits: int) -> pl.Series:
    """Ids made of a word and a number with leading zeros."""
    return pl.select(pl.lit(f"{what}-") + pl.Series(number).cast(pl.String).str.zfill(digits)).to_series()


@dataclass(frozen=True, slots=True)
class House:
    """Cells of work, a queue and a market each; `pools[first[c] : first[c] + size[c]]` are the reviewers of cell c.

    `skill` is how often a reviewer is right.
    """

    pools: Numbers
    first: Numbers
    size: Numbers
    skill: NDArray[np.float64]

    @classmethod
    def of(cls, seed: int) -> "House":
        """The house of a seed."""
        random = np.random.default_rng([seed, 0])
        market = np.arange(REVIEWERS) % MARKETS
        start = random.integers(0, QUEUES, REVIEWERS)
        queues = (start[:, None] + random.integers(1, QUEUES, (REVIEWERS, 1)) * np.arange(QUEUES_OF_ONE)) % QUEUES
        cell = (queues * MARKETS + market[:, None]).ravel()
        order = np.argsort(cell, kind="stable")
        size = np.bincount(cell, minlength=QUEUES * MARKETS)
        return cls(order // QUEUES_OF_ONE, np.cumsum(size) - size, size, random.beta(18, 3, REVIEWERS))

    def drawn_cells(self, random: np.random.Generator, count: int) -> Numbers:
        """Cells in which items arise, the more the more people work there."""
        return random.choice(self.size.size, count, p=self.size / self.size.sum())

    def panels(self, random: np.random.Generator, cells: Numbers, *, most: int) -> Numbers:
        """So many different reviewers of each cell, items by places; early ones of a pool do more."""
        size = self.size[cells]
        start = np.floor(size * random.random(cells.size) ** 1.5)
        steps = 1 + np.floor(random.random((cells.size, most - 1)) * ((size - 1) // (most - 1))[:, None])
        places = start[:, None] + np.cumsum(np.column_stack([np.zeros(cells.size), steps]), axis=1)
        return self.pools[self.first[cells][:, None] + places.astype(np.int64) % size[:, None]]


def reviewers_table() -> pl.DataFrame:
    """The table `reviewers`: every team is at one site."""
    number = np.arange(REVIEWERS, dtype=np.int64)
    team = number * 7 % TEAMS
    return pl.DataFrame(
        {
            "reviewer_id": [f"reviewer-{number:04}" for number in range(REVIEWERS)],
            "team": names("team", team, 2),
            "site": names("site", team % SITES, 1),
        }
    )


def labels_table() -> pl.DataFrame:
    """The table `labels`: severity as listed, and all but the first violate."""
    severity = list(range(len(LABELS)))
    return pl.DataFrame({"label": LABELS, "severity": severity, "is_violating": [rank > 0 for rank in severity]})


def given_labels(random: np.random.Generator, truth: Numbers, skill: np.ndarray) -> pl.Series:
    """The right label as often as a reviewer is right, else one near it."""
    off = random.choice((-2, -1, 1, 2), truth.size, p=(0.1, 0.4, 0.4, 0.1))
    wrong = np.clip(truth + off, 0, len(LABELS) - 1)
    return pl.Series(np.where(random.random(truth.size) < skill, truth, wrong))
