"""Made-up reviewers of whom level, pattern and occasion noise are known, and the frames of what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.components import Pairs
from metrics.taxonomy import Taxonomy

LABELS = Taxonomy(("keep", "remove"), values=(0.0, 1.0), violating=frozenset({"remove"}), declared=True)
NAMES = np.array(LABELS.labels)
PAIRS = {
    **dict.fromkeys(("item_policy", "reviewer_a", "reviewer_b", "label_a", "label_b"), pl.String),
    **dict.fromkeys(("reviewers", "items"), pl.Int64),
}
"""The columns of `noise_pairs`."""
REPEATS = {**dict.fromkeys(("pattern", "label_before", "label_after"), pl.String), "pairs": pl.Int64}
"""The columns of `repeat_patterns`."""


def noise_pairs(ratings: pl.DataFrame) -> pl.DataFrame:
    """The answer of the query to rows of `policy, item, reviewer, label`."""
    sized = ratings.with_columns(reviewers=pl.len().over("policy", "item"))
    both = sized.join(sized, on=["policy", "item"], suffix="_b").filter(pl.col("reviewer") < pl.col("reviewer_b"))
    names = {"policy": "item_policy", "reviewer": "reviewer_a", "label": "label_a"}
    counted = both.rename(names).group_by([each for each in PAIRS if each != "items"]).agg(items=pl.len())
    return counted.select(pl.col(name).cast(kind) for name, kind in PAIRS.items())


def two(*rows: tuple[str, str, str, str, str, int]) -> pl.DataFrame:
    """Items of two reviewers: policy, who said what and who said what, and of how many items."""
    full = [(policy, a, b, one, other, 2, items) for policy, a, one, b, other, items in rows]
    return pl.DataFrame(full, schema=PAIRS, orient="row")


def pairs_of(scores: np.ndarray, kind: np.ndarray) -> Pairs:
    """The pairs of a table of items by reviewers without gaps."""
    items, people = scores.shape
    one, other = np.triu_indices(people, 1)
    difference = (scores[:, one] - scores[:, other]).ravel()
    times = np.ones(len(difference), dtype=np.int64)
    return Pairs(
        np.repeat(kind, len(one)), np.tile(one, items), np.tile(other, items), difference, people * times, times
    )


@dataclass(frozen=True)
class Room:
    """What a room of reviewers said: rows of `policy, item, reviewer, label`, and how they answered once more."""

    ratings: pl.DataFrame
    repeats: pl.DataFrame
    level: float
    pattern: float
    occasion: float


def room(
    chance: np.random.Generator,
    *,
    people: int = 30,
    items: int = 400,
    spreads: Sequence[float] = (0.1, 0.1, 0.1),
    policies: int = 4,
    doubt: float = 0.05,
) -> Room:
    """Reviewers whose chance to remove an item is ½ and what they add to it: to all, by policy, and by item.

    The rest is the moment. `spreads` are the standard deviations; what is true are shares of the system noise. Each
    item has two to four reviewers, as it happens, and the first of them decides again.
    """
    levels = chance.normal(0, spreads[0], people)
    readings, size = chance.normal(0, spreads[1], (people, policies)), chance.choice([2, 3, 4], items)
    policy, item = chance.integers(0, policies, items), np.repeat(np.arange(items), size)
    who = np.concatenate([chance.choice(people, each, replace=False) for each in size])
    own = chance.normal(0, spreads[2], len(who)) + chance.normal(0, doubt, items)[item]
    share = np.clip(0.5 + levels[who] + readings[who, policy[item]] + own, 0, 1)
    said, again = (chance.random((2, len(who))) < share).astype(int)
    frame = pl.DataFrame(
        {
            "policy": np.char.add("p", policy[item].astype(str)),
            "item": item,
            "reviewer": np.char.mod("r%02d", who),
            "label": NAMES[said],
            "again": NAMES[again],
        }
    )
    whole = np.array([*np.square(spreads), 0.25 - sum(np.square(spreads)) - doubt**2])
    level, pattern, _, occasion = whole / whole.sum()
    return Room(frame.drop("again"), _repeats(frame), level, pattern, occasion)


def _repeats(frame: pl.DataFrame) -> pl.DataFrame:
    """The answer of `repeat_patterns` when the first reviewer of each item decides again."""
    first = pl.int_range(pl.len()).over("item") == 0
    last = frame.with_columns(last=pl.when(first).then("again").otherwise("label"))
    removed = (pl.col("last") == "remove").sum().cast(pl.String) + "\x1fremove"
    kept = (pl.col("last") == "keep").sum().cast(pl.String) + "\x1fkeep"
    both = pl.concat_str(kept, removed, separator="\x1e")
    pattern = pl.when((pl.col("last") == "keep").all()).then(kept).when((pl.col("last") == "remove").all())
    told = last.group_by("item", maintain_order=True).agg(
        pattern=pattern.then(removed).otherwise(both),
        label_before=pl.col("label").first(),
        label_after=pl.col("again").first(),
    )
    return told.group_by("pattern", "label_before", "label_after").agg(pairs=pl.len().cast(pl.Int64))
