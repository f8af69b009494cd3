"""Answers where it is known what is right under two versions of a standard, as evidence on who decides by which.

Who decides by the new version still errs now and then, and then says what the old one says. How often, the answers tell
of which it is known by which version they were made: those on items that both versions judge alike, and those from
before the launch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from metrics.adoption_errors import Choices, choices
from metrics.linearisation import Array, Counts
from metrics.patterns import places
from metrics.taxonomy import Taxonomy

Labels = tuple[str, ...]
_KEYS = ["item_policy", "new_version", "old_label", "new_label"]
_ROUNDS = 30
WEEK = 7
"""Days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers since a launch to items that two versions put into two different groups of labels.

    A row each of `unit` (who was asked), `days` since the launch, `answers`, and `took` (how many chose the new
    version's group). `by_old` and `by_new` are the chances to choose it for whoever decides by the old version and by
    the new one.
    """

    unit: Counts
    days: Counts
    took: Counts
    answers: Counts
    by_old: Array
    by_new: Array


def asked(answers: pl.DataFrame, taxonomy: Taxonomy, *, units: int) -> Asked:
    """What a frame says of `unit` (a number) and the columns of the question `adoption`.

    Where the versions disagree about violating or not, the groups are these two, else they are the two labels. Chances
    are those within a policy. Items of whose groups no answer of known version is there have none, and are left out.
    """
    is_known = pl.col("days").is_null()
    known = answers.filter(is_known)
    found = []
    for policy, (old, new), rows in _cells(answers.filter(~is_known), taxonomy):
        items, told = rows["item_id"].unique().sort(), known.filter(pl.col("item_policy") == policy)
        by_old, by_new = (
            choices(told.filter(pl.col("old_label").is_in(right)), new, units=units, items=items)
            for right in (old, new)
        )
        if by_old and by_new:
            found.append(_asked(rows, new, by_old, by_new, items=items))
    none = np.empty(0, dtype=np.int64)
    return Asked(*(np.concatenate([none, *(getattr(each, one.name) for each in found)]) for one in fields(Asked)))


def _cells(rows: pl.DataFrame, taxonomy: Taxonomy) -> Iterator[tuple[str, tuple[Labels, Labels], pl.DataFrame]]:
    """The answers to items of each policy that a version moves between the same groups of labels."""
    alike: dict[tuple[str, str, tuple[Labels, Labels]], list[pl.DataFrame]] = {}
    for (policy, version, old, new), part in rows.sort(_KEYS).partition_by(_KEYS, as_dict=True).items():
        alike.setdefault((policy, version, _groups(old, new, taxonomy)), []).append(part)
    for (policy, _, groups), parts in alike.items():
        yield policy, groups, pl.concat(parts)


def _groups(old: str, new: str, taxonomy: Taxonomy) -> tuple[Labels, Labels]:
    """The groups of labels that the old and the new version put an item into."""
    violating = taxonomy.violating or frozenset()
    if (old in violating) == (new in violating):
        return (old,), (new,)
    fine, breaking = (tuple(x for x in taxonomy.labels if (x in violating) == side) for side in (False, True))
    return (fine, breaking) if new in violating else (breaking, fine)


def _asked(rows: pl.DataFrame, new: Labels, by_old: Choices, by_new: Choices, *, items: pl.Series) -> Asked:
    """The answers to some items with their chances.

    How far the new version is followed in each week, and how often its followers choose the group on each item, are not
    known; each is taken as the other says, in turn (expectation and maximisation).
    """
    took = pl.col("answers").filter(pl.col("label").is_in(new)).sum().alias("took")
    keys = ["unit", "days", "item_id"]
    counted = rows.group_by(keys).agg(took, pl.col("answers").sum()).sort(keys)
    unit, days, chosen, n = (counted[name].cast(pl.Int64).to_numpy() for name in ("unit", "days", "took", "answers"))
    item, week = places(counted["item_id"], items), days // WEEK
    old, young, share = by_old.chances(unit, item), by_new.chances(unit, item), np.full(len(n), 0.5)
    for _ in range(_ROUNDS):
        took_so = chosen * share * young / (share * young + (1 - share) * old)
        so = took_so + (n - chosen) * share * (1 - young) / (share * (1 - young) + (1 - share) * (1 - old))
        young = by_new.chances(unit, item, took=took_so, answers=so)
        share = _followed(so, n, unit, week)
    return Asked(unit, days, chosen, n, old, young)


def _followed(so: Array, answers: Counts, unit: Counts, week: Counts) -> Array:
    """The share of answers by the new version, by who gave them and in which week, put together as odds."""
    overall = (so.sum() + 0.5) / (answers.sum() + 1)
    odds = np.full(len(so), (1 - overall) / overall)
    for kind in (unit, week):
        made, n = np.bincount(kind, so), np.bincount(kind, answers)
        odds *= ((made + overall) / (n - made + 1 - overall))[kind]
    share: Array = odds / (1 + odds)
    return share
