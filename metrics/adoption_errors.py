"""How often a version's own followers choose what it says, and how often others do by mistake: by reviewer and item."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.linearisation import Array, Counts
from metrics.patterns import places
from metrics.shrinkage import BetaBinomial, fit_beta_binomial

_SURE = 1e-6
"""No chance is smaller than this, nor larger than 1 less this."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How often a group of labels is chosen under one version of a standard.

    `units` are the odds of each reviewer, in parts of those of all. `law` is the law of items, of which those that were
    asked about got `answers` whose version is known, and `took` of these chose the group.
    """

    units: Array
    law: BetaBinomial
    took: Array
    answers: Array

    def chances(self, unit: Counts, item: Counts, *, took: Array | None = None, answers: Array | None = None) -> Array:
        """The chance of each answer to choose the group, by who gave it and on what.

        Each item's, drawn towards that of all items, is put together with its reviewer's as odds: what makes an item
        hard is taken for independent of what makes a reviewer err. `took` of `answers` are expected choices under this
        version among those answers themselves, which tell about their items too.
        """
        right, n = self.took.copy(), self.answers.copy()
        if took is not None and answers is not None:
            right += np.bincount(item, took, right.size)
            n += np.bincount(item, answers, n.size)
        first, second = self.law.posterior(right, n)
        odds = (first / second)[item] * self.units[unit]
        return np.clip(odds / (1 + odds), _SURE, 1 - _SURE)


def choices(known: pl.DataFrame, group: tuple[str, ...], *, units: int, items: pl.Series) -> Choices | None:
    """The choices of a group in answers of known version, in a frame of `unit, item_id, label, answers`; None of none.

    `items` are those that are asked about.
    """
    if known.is_empty():
        return None
    took = pl.col("answers").filter(pl.col("label").is_in(group)).sum().alias("took")
    of_units = known.group_by("unit").agg(took, pl.col("answers").sum())
    of_items = known.group_by("item_id").agg(took, pl.col("answers").sum())
    counts = np.zeros((2, units), dtype=np.int64)
    counts[:, of_units["unit"].to_numpy()] = of_units.select("took", "answers").to_numpy().T
    first, second = fit_beta_binomial(*counts).posterior(*counts)
    right, n = counts.sum(axis=1)
    mine = of_items.filter(pl.col("item_id").is_in(items.implode()))
    on_items = np.zeros((2, len(items)))
    on_items[:, places(mine["item_id"], items)] = mine.select("took", "answers").to_numpy().T
    law = fit_beta_binomial(of_items["took"].to_numpy(), of_items["answers"].to_numpy())
    return Choices(first / second * (n - right + 0.5) / (right + 0.5), law, *on_items)
