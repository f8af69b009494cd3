"""Items whose right label is known: the pool, its keys, and who gets which."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
import polars as pl

from data.simulation.arrays import Flags, Positions
from data.simulation.content import Items, draw_gold_items
from data.simulation.decisions import true_labels
from data.simulation.frames import item_ids, names
from data.simulation.people import People
from data.simulation.plan import Plan
from data.simulation.scenario import POLICY_NAMES, Planted, planted
from data.simulation.standards import NEVER, Standards
from data.simulation.world import GOLD_SETS, GOLD_VIOLATING, HUBS, LABELS, VERSIONS

SMALLEST_POOL, SPARE, SPREADS = 60, 1.5, 4
"""A hub's pool holds at least so many items, and so many times what a reviewer gets on average, and so many times the
root of that: nobody gets an item twice, who works often and is asked often by chance."""


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold items; those of a hub stand together, from `first[hub]` to `first[hub + 1]`.

    `keys` (2 x items): the label that the gold table calls right under the first and the second version of the
    standard, as positions in `LABELS`. `wrong`: where that is not the right one. `sets`: positions in `GOLD_SETS`.
    `offsets` are where in the pool each reviewer begins.
    """

    items: Items
    first: Positions
    keys: Positions
    wrong: Flags
    sets: Positions
    offsets: Positions

    def deal(self, people: People, reviewers: Positions, answered: Positions) -> Positions:
        """The next gold item of each of these reviewers, who have answered so many before; `answered` is brought up."""
        order = np.argsort(reviewers, kind="stable")
        sorted_reviewers = reviewers[order]
        starts = np.searchsorted(sorted_reviewers, sorted_reviewers)
        turn = np.empty(len(reviewers), dtype=int)
        turn[order] = np.arange(len(reviewers)) - starts
        hub = people.hub[reviewers]
        place = self.offsets[reviewers] + answered[reviewers] + turn
        answered += np.bincount(reviewers, minlength=len(answered))
        return self.first[hub] + place % (self.first[hub + 1] - self.first[hub])

    def key(self, rows: Positions, second: Flags) -> Positions:
        """What the gold table calls right for some items, under the second version where `second` says so."""
        keys: Positions = self.keys[second.astype(int), rows]
        return keys


def gold_pool(plan: Plan, people: People, faults: tuple[Planted, ...], standards: Standards) -> Gold:
    """The gold of a plan."""
    usual = plan.reviews * plan.gold_share / plan.reviewers
    count = max(SMALLEST_POOL, int(SPARE * usual + SPREADS * usual**0.5))
    pools = [
        draw_gold_items(plan, hub, count=count, first_number=1 + hub * count, violating_share=GOLD_VIOLATING)
        for hub in range(HUBS)
    ]
    items = reduce(Items.and_, pools)
    random = plan.stream("gold")
    doubt, shift = random.random(count * HUBS), random.integers(1, len(LABELS), count * HUBS)
    wrong = doubt < max((fault.number("share") for fault in planted(faults, "wrong_gold")), default=0)
    right = np.stack([true_labels(items.violating ^ crossed, items.u) for crossed in (False, standards.crosses(items))])
    keys = np.where(wrong, (right + shift) % len(LABELS), right).astype(np.int8)
    keys[1] = np.where(standards.stale[items.policy], keys[0], keys[1])
    return Gold(
        items=items,
        first=np.arange(HUBS + 1) * count,
        keys=keys,
        wrong=wrong,
        sets=np.arange(count * HUBS) % len(GOLD_SETS),
        offsets=plan.stream("gold offsets").integers(0, count, len(people.names)),
    )


def gold_table(plan: Plan, gold: Gold, standards: Standards) -> pl.DataFrame:
    """The table `gold`: a row per item and version of the standard; stale gold has one row, without version or end."""
    changed_from = standards.changed_from[gold.items.policy]
    changes = changed_from != NEVER
    stale = standards.stale[gold.items.policy]
    begins = plan.start - np.timedelta64(30, "D")
    change = begins + (np.where(changes, changed_from, 0) + 30).astype("timedelta64[D]")
    every = pl.DataFrame(
        {
            "item_id": item_ids(gold.items.number),
            "label": names(gold.keys[0], LABELS),
            "gold_set": names(gold.sets, GOLD_SETS),
            "policy": names(gold.items.policy, POLICY_NAMES),
            "standard_version": names(np.where(stale, -1, 0), VERSIONS),
            "valid_from": np.full(len(change), begins),
            "valid_until": pl.Series(np.where(changes & ~stale, change, np.datetime64("NaT"))),
        }
    )
    second = every.with_columns(
        label=names(gold.keys[1], LABELS),
        standard_version=names(np.ones(len(change), dtype=int), VERSIONS),
        valid_from=pl.col("valid_until"),
        valid_until=pl.lit(None, pl.Datetime("us")),
    ).filter(pl.Series(changes & ~stale))
    return pl.concat([every, second]).with_columns(pl.col("valid_from", "valid_until").dt.replace_time_zone("UTC"))
