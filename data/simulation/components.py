"""The kinds of item that a review may be about, before anything but its policy is known, and how likely each is."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import violating_shares
from data.simulation.day import Day
from data.simulation.house import House
from data.simulation.models import flag_chances
from data.simulation.scenario import lasting
from data.simulation.world import FIRST_VIOLATING


@dataclass(frozen=True, slots=True)
class Component:
    """One kind of item, for each of some reviews.

    How likely the item is of that kind, whether it violates (0 or 1) under the version that the reviewer follows, and
    whether it does under the one in force.
    """

    weight: Floats
    decided_as: Positions
    officially: Positions


def components(house: House, day: Day, rows: Positions) -> Iterator[Component]:
    """Items that do not violate, items that do, and items that a second version judges differently.

    Where the model's answer pulls reviewers, what it said is known, and makes one kind likelier than another.
    """
    policy, reviewer = day.dealt.items.policy[rows], day.dealt.reviewer[rows]
    rules, version = house.standards, day.predictions.version
    followed, in_force = rules.followed(day.number)[reviewer, policy], rules.changed(day.number)[policy]
    found = kinds(house, day.number, policy)
    seen = [kind.share * _seen(house, day, rows, kind.violates(version.follows[policy])) for kind in found]
    total = np.sum(seen, axis=0)
    for share, kind in zip(seen, found, strict=True):
        yield Component(share / total, kind.violates(followed), kind.violates(in_force))


@dataclass(frozen=True, slots=True)
class Kind:
    """Items alike in how the two versions of their standard judge them.

    How large a share of the content of each policy they are, whether they violate under the first version (0 or 1),
    and whether the second judges them differently.
    """

    share: Floats
    at_first: Positions
    crosses: bool

    def violates(self, second: Flags) -> Positions:
        """Whether they violate (0 or 1), under the second version where `second` says so."""
        return np.abs(self.at_first - (self.crosses & second))


def kinds(house: House, day: int, policy: Positions) -> list[Kind]:
    """The kinds of item that come in on a day, in each of some policies; together their shares are 1."""
    rules = house.standards
    violating, crossing = violating_shares(house.faults, day)[policy], rules.share[policy]
    stricter = rules.stricter[policy].astype(int)
    at_first = 1 - stricter  # What crosses over did not violate before, where the second version is the stricter one.
    found = [
        Kind((1 - violating) * (1 - crossing * stricter), np.zeros(len(policy), dtype=int), crosses=False),
        Kind(violating * (1 - crossing * at_first), np.ones(len(policy), dtype=int), crosses=False),
        Kind(crossing * np.where(stricter, 1 - violating, violating), at_first, crosses=True),
    ]
    return found if crossing.any() else found[:2]


def _seen(house: House, day: Day, rows: Positions, model_class: Positions) -> Floats:
    """How likely what the reviewer saw of the model is, about an item of a kind; 1 where it changed nothing."""
    if not any(lasting(house.faults, day.number, "anchoring")):
        return np.ones(len(rows))
    policy = day.dealt.items.policy[rows]
    flagged = flag_chances(day.predictions.version)[model_class, policy]
    said = day.predictions.said(day.dealt.row[rows]) >= FIRST_VIOLATING
    return np.where(day.shown[rows], np.where(said, flagged, 1 - flagged), 1.0)
