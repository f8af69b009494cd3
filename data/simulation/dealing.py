"""Who reviews what on a day: live items once, overlap items by two to five reviewers, gold, and calibration rounds."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import HUB, Items, draw_items
from data.simulation.house import House
from data.simulation.people import People, at_work
from data.simulation.plan import Plan
from data.simulation.world import CALIBRATION, GOLD, HUBS, LANGUAGES, LIVE, OVERLAP, OVERLAP_SIZES

ROUND_EVERY, ROUND_DAY, ROUND_ITEMS, ROUND_REVIEWERS, ROUND_SHARE = 14, 9, 12, 40, 0.08
"""Calibration rounds: every so many days, on which of them, items, and at most so many reviewers and of the reviews."""
FEWEST_AT_WORK = 5
SHIFT_HOURS = 8.0


@dataclass(frozen=True, slots=True)
class Dealt:
    """A day's reviews before anybody decides, an array element each.

    `items`: the item of each review. `row`: its place among the day's own items, and after those in the gold pool;
    `gold`: its place in the gold pool, else -1. `hours`: how long the shift has lasted. `blocks` says where in the
    arrays the overlap items of each size stand: start, items, reviewers an item.
    """

    reviewer: Positions
    stage: Positions
    row: Positions
    gold: Positions
    items: Items
    hours: Floats
    day_items: Items
    blocks: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Quota:
    """How many reviews of each stage a day has; `sizes` are the overlap items by how many reviewers they get."""

    live: int
    sizes: tuple[tuple[int, int], ...]
    graded: int
    gold: int

    @property
    def items(self) -> tuple[int, int]:
        """How many items come in for live review and overlap, and how many with those of a calibration round."""
        singles = self.live + sum(count for _, count in self.sizes)
        return singles, singles + (ROUND_ITEMS if self.graded else 0)


def deal(house: House, day: int, *, first_number: int, answered: Positions) -> Dealt:
    """The reviews of a day. `answered`: how many gold items each reviewer had before; it is brought up to date."""
    plan, people = house.plan, house.people
    random = plan.stream("dealing", day)
    working = np.flatnonzero(at_work(plan, people, day))
    employed = day < people.left
    working = working if len(working) >= FEWEST_AT_WORK else np.flatnonzero(employed)
    quota = _quota(plan, day, len(working))
    singles, fresh = quota.items
    items = draw_items(plan, house.faults, day, count=fresh, first_number=first_number)
    items.language[singles:] = LANGUAGES.index("en")  # Everybody can take part in a calibration round.
    parts = list(_fresh_parts(quota, items, _Pools.of(people, working, employed), working, random))
    asked = random.choice(working, quota.gold)
    parts.append((GOLD, asked, fresh + house.gold.deal(people, asked, answered)))
    row = np.concatenate([rows for _, _, rows in parts])
    return Dealt(
        reviewer=np.concatenate([reviewers for _, reviewers, _ in parts]),
        stage=np.concatenate([np.full(len(rows), stage, dtype=np.int8) for stage, _, rows in parts]),
        row=row,
        gold=np.where(row >= fresh, row - fresh, -1),
        items=items.and_(house.gold.items).take(row),
        hours=SHIFT_HOURS * random.random(len(row)),
        day_items=items,
        blocks=_blocks(quota),
    )


def _quota(plan: Plan, day: int, working: int) -> _Quota:
    volume = int(plan.volumes()[day])
    on_gold = round(volume * plan.gold_share)
    graded = min(ROUND_REVIEWERS, working, int(volume * ROUND_SHARE / ROUND_ITEMS))
    graded = graded if day % ROUND_EVERY == ROUND_DAY else 0
    items = volume * plan.overlap_share / sum(size * share for size, share in OVERLAP_SIZES)
    sizes = tuple((size, round(items * share)) for size, share in OVERLAP_SIZES)
    shared = sum(size * count for size, count in sizes)
    return _Quota(volume - on_gold - graded * ROUND_ITEMS - shared, sizes, graded, on_gold)


def _blocks(quota: _Quota) -> tuple[tuple[int, int, int], ...]:
    starts = np.cumsum([quota.live, *(size * count for size, count in quota.sizes)])
    return tuple((int(start), count, size) for start, (size, count) in zip(starts, quota.sizes, strict=False))


def _fresh_parts(
    quota: _Quota, items: Items, pools: "_Pools", working: Positions, random: np.random.Generator
) -> Iterator[tuple[int, Positions, Positions]]:
    """Stage, reviewers and items of the reviews of what came in that day."""
    yield LIVE, pools.distinct(random, items, np.arange(quota.live), 1).ravel(), np.arange(quota.live)
    at = quota.live
    for size, count in quota.sizes:
        rows = np.arange(at, at + count)
        yield OVERLAP, pools.distinct(random, items, rows, size).ravel(), np.repeat(rows, size)
        at += count
    if quota.graded:
        present = random.choice(working, quota.graded, replace=False)
        yield CALIBRATION, np.tile(present, ROUND_ITEMS), np.repeat(np.arange(at, at + ROUND_ITEMS), quota.graded)


@dataclass(frozen=True, slots=True)
class _Pools:
    """The reviewers at work for each hub, one hub after the other; those of a hub begin at `first[hub]`."""

    reviewers: Positions
    first: Positions

    @classmethod
    def of(cls, people: People, working: Positions, employed: Flags) -> "_Pools":
        """The pools of a day; too small a pool calls in everybody who reads for the hub."""
        pools = [working[people.hub[working] == hub] for hub in range(HUBS)]
        pools = [
            pool if len(pool) >= FEWEST_AT_WORK else np.flatnonzero(employed & (people.hub == hub))
            for hub, pool in enumerate(pools)
        ]
        return cls(np.concatenate(pools), np.cumsum([0, *map(len, pools)]))

    def distinct(self, random: np.random.Generator, items: Items, rows: Positions, size: int) -> Positions:
        """So many different reviewers for each item (items x size), all equally likely."""
        hub = HUB[items.market[rows]]
        available = self.first[hub + 1] - self.first[hub]
        taken = np.empty((len(rows), 0), dtype=int)
        for number in range(size):
            place = (random.random(len(rows)) * (available - number)).astype(int)
            for earlier in np.sort(taken, axis=1).T:
                place += place >= earlier
            taken = np.column_stack([taken, place])
        return self.reviewers[self.first[hub][:, None] + taken]
