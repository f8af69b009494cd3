"""How reviews reach the log: as rows, mostly on their day, some late, some twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy.special import ndtr

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import Items
from data.simulation.day import Day
from data.simulation.frames import item_ids, moments, names, review_ids
from data.simulation.house import House
from data.simulation.scenario import POLICY_NAMES, lasting, planted
from data.simulation.world import (
    CLAUSES,
    CONTENT_TYPES,
    FIRST_VIOLATING,
    LABELS,
    LANGUAGES,
    MARKETS,
    POLICIES,
    STAGES,
    VERSIONS,
)

LATE, LATEST = 0.02, 2
"""The share of reviews that is delivered late, by one day or two."""
REPEATED = 0.003
"""The share of reviews that is delivered once more, unchanged, on the next day."""
CODES = tuple(f"{policy.code}-{clause}" for policy in POLICIES for clause in range(1, CLAUSES + 1))
QUEUES = tuple(dict.fromkeys(policy.queue for policy in POLICIES))
_QUEUE = np.array([QUEUES.index(policy.queue) for policy in POLICIES])


def queue_of(items: Items) -> Positions:
    """The queue of each item, as a position in `QUEUES`."""
    return _QUEUE[items.policy]


def review_rows(house: House, day: Day, numbers: Positions, order: Positions) -> pl.DataFrame:
    """A day's reviews as rows of the contract, in the order given; `numbers` are those of the reviews."""
    label, decided, start = day.label[order], day.decided[order], house.plan.start
    return pl.DataFrame(
        {
            "review_id": review_ids(numbers[order]),
            "reviewer_id": names(day.dealt.reviewer[order], house.people.names.tolist()),
            "label": names(label, LABELS),
            "decided_at": moments(decided - _skew(house, day)[order], start),
            "claimed_at": moments(decided - day.handle_seconds[order], start),
            "standard_version": names(day.second_version[order].astype(np.int8), VERSIONS),
            "stage": names(day.dealt.stage[order], STAGES),
            "is_blind": np.ones(len(order), dtype=bool),
            "model_shown": day.shown[order],
            "confidence": ndtr(np.abs(day.beyond[order])).round(2),
            **_of_items(day.dealt.items.take(order), label),
        }
    )


def _of_items(items: Items, label: Positions) -> dict[str, pl.Series]:
    """The columns that tell of the item, and of the clause for which it was enforced."""
    clause = np.where(label >= FIRST_VIOLATING, items.policy * np.int32(CLAUSES) + items.clause, -1)
    return {
        "item_id": item_ids(items.number),
        "queue": names(queue_of(items), QUEUES),
        "policy": names(items.policy, POLICY_NAMES),
        "market": names(items.market, [market.name for market in MARKETS]),
        "language": names(items.language, LANGUAGES),
        "content_type": names(items.content_type, [name for name, _ in CONTENT_TYPES]),
        "reason_code": names(clause, CODES),
    }


def _skew(house: House, day: Day) -> Floats:
    """By how many seconds the clock of each reviewer's site is slow."""
    seconds = np.zeros(len(day.decided))
    for skew in lasting(house.faults, day.number, "clock_skew"):
        seconds[house.people.site[day.dealt.reviewer] == skew.where["site"]] += 60 * skew.number("minutes")
    return seconds


@dataclass(slots=True)
class Post:
    """Delivers reviews day by day, and keeps what is to come later."""

    house: House
    waiting: dict[int, list[pl.DataFrame]] = field(default_factory=dict)
    again: int = 0

    def deliver(self, rows: pl.DataFrame, day: int) -> pl.DataFrame:
        """What is delivered on a day, of that day's reviews and of earlier ones."""
        plan = self.house.plan
        random = plan.stream("post", day)
        late, repeated = random.random((2, rows.height))
        lag = np.where(late < LATE, 1 + (late < LATE / LATEST), 0)
        lag = np.minimum(lag, plan.days - 1 - day)
        lag[self._held_back(random, day, rows.height)] = plan.days
        for days, part in self._parts(rows, lag):
            self.waiting.setdefault(day + days, []).append(part)
        self.waiting.setdefault(day + 1, []).append(rows.filter(pl.Series((repeated < REPEATED) & (lag == 0))))
        self.waiting.setdefault(day, [rows.clear()]).extend(self._twice(rows, day))
        return pl.concat(self.waiting.pop(day))

    @staticmethod
    def _parts(rows: pl.DataFrame, lag: Positions) -> Iterator[tuple[int, pl.DataFrame]]:
        for days in np.unique(lag).tolist():
            yield days, rows.filter(pl.Series(lag == days))

    def _held_back(self, random: np.random.Generator, day: int, count: int) -> Flags:
        """Which rows have not come by the end of the log."""
        drawn, held = random.random(count), np.zeros(count, dtype=bool)
        for fault in planted(self.house.faults, "late_data"):
            if day >= self.house.plan.days - fault.number("days"):
                held |= drawn < fault.number("share")
        return held

    def _twice(self, rows: pl.DataFrame, day: int) -> Iterator[pl.DataFrame]:
        """The rows that a fault delivers a second time under new ids."""
        for place, fault in enumerate(planted(self.house.faults, "duplicate_feed")):
            if fault.first_day == day:
                drawn = self.house.plan.stream(f"feed {place}").random(rows.height)
                copies = rows.filter(pl.Series(drawn < fault.number("share")))
                first = 1 + self.house.plan.reviews + self.again
                self.again += copies.height
                yield copies.with_columns(review_id=review_ids(np.arange(first, first + copies.height)))
