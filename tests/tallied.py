"""Frames of `gold_tallies` by reviewer, and houses of made-up reviewers for simulations without a log."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtr

from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(
    ("fine", "spam", "hate"), values=(0.0, 1.0, 2.0), violating=frozenset({"spam", "hate"}), declared=True
)
COLUMNS = {
    "reviewer": pl.String,
    "item_policy": pl.String,
    "item_language": pl.String,
    "gold_label": pl.String,
    "label": pl.String,
    "answers": pl.Int64,
}


def tallied(*rows: tuple[str, str, str, int], policy: str = "p", language: str = "en") -> pl.DataFrame:
    """Rows of reviewer, gold label, given label and answers."""
    full = [(who, policy, language, gold, given, answers) for who, gold, given, answers in rows]
    return pl.DataFrame(full, schema=COLUMNS, orient="row").filter(pl.col("answers") > 0)


def rights(right: Iterable[int], n: Iterable[int]) -> pl.DataFrame:
    """Reviewers with so many right answers of so many, all on gold that is fine."""
    rows = []
    for number, (good, whole) in enumerate(zip(right, n, strict=True)):
        rows += [(f"r{number:03}", "fine", "fine", good), (f"r{number:03}", "fine", "spam", whole - good)]
    return tallied(*rows)


@dataclass(frozen=True)
class House:
    """Reviewers who decide by signal detection, and their answers to gold, of which half violates."""

    tallies: pl.DataFrame
    skill: np.ndarray
    leaning: np.ndarray
    planted: np.ndarray


def house(chance: np.random.Generator, people: int, answers: int, *, biased: int = 0, size: float = 0.0) -> House:
    """A house of ordinary reviewers as the simulator makes them, some of whom lean by `size` to one side."""
    skill, leaning = chance.normal(2.9, 0.35, people), chance.normal(0.15, 0.2, people)
    planted = np.zeros(people, dtype=bool)
    planted[chance.choice(people, biased, replace=False)] = True
    leaning = leaning + planted * size * chance.choice([-1, 1], people)
    n = chance.integers(int(0.6 * answers), int(1.4 * answers), people) // 2
    hits = chance.binomial(n, ndtr(skill / 2 - leaning))
    alarms = chance.binomial(n, ndtr(-skill / 2 - leaning))
    rows = []
    for number, (hit, alarm, half) in enumerate(zip(hits.tolist(), alarms.tolist(), n.tolist(), strict=True)):
        who = f"r{number:03}"
        rows += [(who, "spam", "spam", hit), (who, "spam", "fine", half - hit)]
        rows += [(who, "fine", "spam", alarm), (who, "fine", "fine", half - alarm)]
    return House(tallied(*rows), skill, leaning, planted)
