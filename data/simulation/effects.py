"""What practice and the planted faults do to the skill and the leaning with which reviews are made."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from data.errors import LogError
from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.dealing import SHIFT_HOURS, Dealt
from data.simulation.people import People
from data.simulation.plan import Plan
from data.simulation.scenario import Planted, chosen, lasting
from data.simulation.world import FIRST_VIOLATING, GOLD, LIVE

FEWEST_ANSWERS = 5
"""Who has answered fewer gold items cannot be found to be the weakest."""


@dataclass(slots=True)
class Memory:
    """What the days before have left: gold items dealt, answered and right by reviewer, and whom each fault coached."""

    answered: Positions
    judged: Positions
    right: Positions
    coached: dict[int, Positions] = field(default_factory=dict)

    @classmethod
    def empty(cls, reviewers: int) -> "Memory":
        """Nothing yet."""
        answered, judged, right = np.zeros((3, reviewers), dtype=int)
        return cls(answered, judged, right)

    def note(self, reviewers: Positions, labels: Positions, keys: Positions) -> None:
        """Remember a day's answers on gold, where there is a key."""
        self.judged += np.bincount(reviewers[keys >= 0], minlength=len(self.judged))
        self.right += np.bincount(reviewers[labels == keys], minlength=len(self.right))

    def weakest(self, count: int, *, by: int) -> Positions:
        """The reviewers with the lowest accuracy on gold before a day; `LogError` when too few can be told."""
        known = np.flatnonzero(self.judged >= FEWEST_ANSWERS)
        if len(known) < count:
            raise LogError(
                f"The fault coaching: before day {by + 1} only {len(known)} reviewers have {FEWEST_ANSWERS} answers "
                f"on gold, not {count}. Let it begin later, coach fewer, or simulate more reviews."
            )
        return known[np.argsort(self.right[known] / self.judged[known], kind="stable")[:count]]


@dataclass(frozen=True, slots=True)
class Ability:
    """The d' and c of each review of a day, changed in place by the effects."""

    skill: Floats
    leaning: Floats


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an effect may look at: the plan, its people, the day and its reviews, what the model said of their items."""

    plan: Plan
    people: People
    day: int
    dealt: Dealt
    shown: Flags
    model_label: Positions


def ability(at: Circumstances, faults: tuple[Planted, ...], memory: Memory) -> Ability:
    """The d' and c with which each review of a day is made."""
    people, reviewer = at.people, at.dealt.reviewer
    skill = people.skill - people.lacking(at.day)
    found = Ability(skill[reviewer] + people.policy_skill[reviewer, at.dealt.items.policy], people.leaning[reviewer])
    for fault in lasting(faults, at.day, *EFFECTS):
        EFFECTS[fault.fault.name](fault, at, found)
    for coaching in lasting(faults, at.day, "coaching"):
        place = faults.index(coaching)
        if place not in memory.coached:
            memory.coached[place] = memory.weakest(int(coaching.number("reviewers")), by=at.day)
        if coaching.fault.text("kind") == "real":
            found.skill[np.isin(reviewer, memory.coached[place])] += coaching.size
    return found


def shown(plan: Plan, dealt: Dealt, day: int) -> Flags:
    """Whether the model's answer is on the screen: for a share of the live reviews."""
    found: Flags = plan.stream("shown", day).random(len(dealt.stage)) < plan.shown_share
    found &= dealt.stage == LIVE
    return found


def knows_key(plan: Plan, faults: tuple[Planted, ...], dealt: Dealt, *, sets: Positions, day: int) -> Floats:
    """The chance that a reviewer gives the key of a leaked gold set by heart, for each review."""
    chance = np.zeros(len(dealt.stage))
    on_gold = dealt.stage == GOLD
    for leak in lasting(faults, day, "leaked_gold"):
        knowing = chosen(plan.stream(f"leak {leak.where['gold_set']}"), np.arange(plan.reviewers), leak.number("share"))
        leaked = sets[dealt.gold] == leak.where["gold_set"]
        chance[on_gold & leaked & np.isin(dealt.reviewer, knowing)] = leak.number("recall")
    return chance


def _leaning(fault: Planted, at: Circumstances, found: Ability) -> None:
    sign = 1 if fault.fault.name == "lenient_reviewer" else -1
    found.leaning[at.dealt.reviewer == fault.where["reviewer"]] += sign * fault.size


def _weak(fault: Planted, at: Circumstances, found: Ability) -> None:
    found.skill[at.dealt.reviewer == fault.where["reviewer"]] -= fault.size


def _blind_spot(fault: Planted, at: Circumstances, found: Ability) -> None:
    of_team = at.people.team[at.dealt.reviewer] == fault.where["team"]
    found.skill[of_team & (at.dealt.items.policy == fault.where["policy"])] -= fault.size


def _fatigue(fault: Planted, at: Circumstances, found: Ability) -> None:
    everywhere = "site" not in fault.where
    tired = everywhere or at.people.site[at.dealt.reviewer] == fault.where["site"]
    found.skill[:] -= tired * fault.size * at.dealt.hours / SHIFT_HOURS


def _site_drift(fault: Planted, at: Circumstances, found: Ability) -> None:
    ramp = fault.number("ramp")
    reached = min(1.0, (at.day - fault.first_day + 1) / ramp) if ramp else 1.0
    found.leaning[at.people.site[at.dealt.reviewer] == fault.where["site"]] -= fault.size * reached


def _unclear_clause(fault: Planted, at: Circumstances, found: Ability) -> None:
    readings = at.plan.stream(f"clause {fault.where['policy']} {fault.number('clause')}").normal(
        0, fault.size, at.plan.reviewers
    )
    items = at.dealt.items
    concerned = (items.policy == fault.where["policy"]) & (items.clause + 1 == fault.number("clause"))
    found.leaning[concerned] += readings[at.dealt.reviewer[concerned]]


def _anchoring(fault: Planted, at: Circumstances, found: Ability) -> None:
    towards = np.where(at.model_label >= FIRST_VIOLATING, -1.0, 1.0)
    found.leaning[at.shown] += fault.size * towards[at.shown]


EFFECTS: dict[str, Callable[[Planted, Circumstances, Ability], None]] = {
    "lenient_reviewer": _leaning,
    "harsh_reviewer": _leaning,
    "weak_reviewer": _weak,
    "policy_blind_spot": _blind_spot,
    "fatigue": _fatigue,
    "site_drift": _site_drift,
    "unclear_clause": _unclear_clause,
    "anchoring": _anchoring,
}
"""What each fault of decisions does to d' and c."""
