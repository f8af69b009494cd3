"""Versions of the standards: what a change makes of each item, and from when each reviewer follows it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.errors import LogError
from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import Items
from data.simulation.people import People
from data.simulation.plan import Plan
from data.simulation.scenario import Planted, planted
from data.simulation.world import POLICIES, VERSIONS

NEVER = 1 << 30
SLOWNESS = 6
"""How many times longer than the others a laggard takes to follow a new version."""
STALE_SHARE = 0.15
"""What crosses over when `stale_gold` is planted where no `standard_change` is."""


@dataclass(frozen=True, slots=True)
class Standards:
    """The second versions, an element a policy.

    From which day they hold (`NEVER` without a change), how much of what could cross over does, and whether that is
    content which violates from then on (`stricter`).

    `followed_from` (reviewers x policies): the day from which a reviewer decides by the second version. `stale`:
    whether the policy's gold kept its old key.
    """

    changed_from: Positions
    share: Floats
    stricter: Flags
    followed_from: Positions
    stale: Flags

    def crosses(self, items: Items) -> Flags:
        """Whether the second version judges an item differently."""
        return (items.crossing < self.share[items.policy]) & (items.violating ^ self.stricter[items.policy])

    def changed(self, day: int) -> Flags:
        """Whether each policy's second version is in force on a day."""
        return self.changed_from <= day

    def followed(self, day: int) -> Flags:
        """Whether each reviewer decides by the second version of each policy on a day."""
        return self.followed_from <= day


def standards(plan: Plan, people: People, faults: tuple[Planted, ...]) -> Standards:
    """The changes that the faults plant; `LogError` where a policy would change twice."""
    count = len(POLICIES)
    found = Standards(
        changed_from=np.full(count, NEVER),
        share=np.zeros(count),
        stricter=np.ones(count, dtype=bool),
        followed_from=np.full((plan.reviewers, count), NEVER),
        stale=np.zeros(count, dtype=bool),
    )
    for change in planted(faults, "standard_change"):
        at = change.where["policy"]
        if found.changed_from[at] != NEVER:
            raise LogError(f"The fault standard_change: {POLICIES[at].name} would change twice; one change a policy.")
        found.changed_from[at], found.share[at] = change.first_day, change.number("share")
        found.stricter[at] = change.fault.text("direction") == "stricter"
        found.followed_from[:, at] = change.first_day + _lags(plan, people, change)
    _keep_old_gold(found, faults)
    return found


def _keep_old_gold(found: Standards, faults: tuple[Planted, ...]) -> None:
    """Let the gold of policies go stale, whose standard then changes even where no other fault has it so."""
    for stale in planted(faults, "stale_gold"):
        at = stale.where["policy"]
        found.stale[at] = True
        if found.changed_from[at] == NEVER:
            found.changed_from[at], found.share[at] = stale.first_day, STALE_SHARE
            found.followed_from[:, at] = stale.first_day
        elif found.changed_from[at] != stale.first_day:
            raise LogError(
                f"The fault stale_gold: the standard of {POLICIES[at].name} changes on day "
                f"{found.changed_from[at] + 1}, not {stale.first_day + 1}; leave out the day."
            )


def _lags(plan: Plan, people: People, change: Planted) -> Positions:
    """After how many days each reviewer follows: an exponential lag with the mean asked for, to the nearest day."""
    random = plan.stream(f"adoption {change.where['policy']}")
    days = random.exponential(1, len(people.names)) * change.number("lag")
    slow = random.random(len(people.names)) < change.number("laggards")
    return np.rint(np.where(slow, SLOWNESS * days, days)).astype(int)


def standards_table(plan: Plan, found: Standards) -> pl.DataFrame:
    """The table `standards`."""
    first = [(policy.name, VERSIONS[0], plan.at(-120), "The rules as they were.") for policy in POLICIES]
    second = [
        (policy.name, VERSIONS[1], plan.at(int(day)), _summary(bool(stricter)))
        for policy, day, stricter in zip(POLICIES, found.changed_from, found.stricter, strict=True)
        if day != NEVER
    ]
    return pl.DataFrame(first + second, schema=["policy", "version", "effective_at", "summary"], orient="row")


def _summary(stricter: bool) -> str:  # noqa: FBT001 - the only argument, and its name says it
    return "Some content that was allowed now violates." if stricter else "Some content that violated is now allowed."
