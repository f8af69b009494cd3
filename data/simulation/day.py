"""One day of the house: what came in, who reviewed it, and what they decided."""

from dataclasses import dataclass

import numpy as np

from data.simulation import effects
from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import Items
from data.simulation.dealing import SHIFT_HOURS, Dealt, deal
from data.simulation.decisions import AMBIGUITIES, decide, signals, true_labels
from data.simulation.effects import Ability, Circumstances, Memory
from data.simulation.house import House
from data.simulation.models import Predictions, predict, version_at

HANDLE_MEDIAN = 26.0
HANDLE_NOISE, HANDLE_HARDNESS = 0.63, 0.25
"""Log handle times spread by a reviewer's pace, by chance, and by how hard the case is; 0.71 in all."""


@dataclass(frozen=True, slots=True)
class Day:
    """The reviews of a day, an array element each.

    `officially`: whether the item violates under the version in force, which is the second where `second_version` says
    so; `decided_as`: whether it does under the version that the reviewer follows. `key` is what the gold table says, as
    a position in `LABELS`, -1 without gold; `known` the chance that it is given by heart. `beyond`: how far the
    perception was from the criterion. Seconds count from the log's first midnight. `predictions` are of the day's own
    items.
    """

    officially: Flags
    decided_as: Flags
    second_version: Flags
    key: Positions
    known: Floats
    number: int
    dealt: Dealt
    predictions: Predictions
    shown: Flags
    ability: Ability
    label: Positions
    beyond: Floats
    handle_seconds: Floats
    decided: Floats

    @property
    def right(self) -> Positions:
        """The right label of each review's item, as a position in `LABELS`."""
        return true_labels(self.officially, self.dealt.items.u)


def hardness(items: Items, violating: Flags) -> Floats:
    """How hard items are, with mean 0 and variance 1: near the line for everybody, or ambiguous."""
    clear = np.where(violating, 1.0, -1.0) * np.sqrt(1 - items.ambiguity) * items.u / np.sqrt(1 - AMBIGUITIES.mean())
    ambiguous = (items.ambiguity - AMBIGUITIES.mean()) / AMBIGUITIES.std()
    both: Floats = (ambiguous - clear) / np.sqrt(2)
    return both


def make_day(house: House, day: int, *, first_number: int, memory: Memory) -> Day:
    """A day's reviews; `memory` is brought up to date."""
    plan, people = house.plan, house.people
    dealt = deal(house, day, first_number=first_number, answered=memory.answered)
    ruling = _ruling(house, day, dealt)
    officially, decided_as, _, key, known = ruling
    predictions, shown = _predictions(house, day, dealt.day_items), effects.shown(plan, dealt, day)
    circumstances = Circumstances(plan, people, day, dealt, shown, predictions.said(dealt.row))
    found, random = effects.ability(circumstances, house.faults, memory), plan.stream("decisions", day)
    label, beyond = decide(
        signals(found.skill, found.leaning, decided_as), decided_as, dealt.items.u, dealt.items.ambiguity, random=random
    )
    label = np.where(random.random(len(label)) < known, key, label)
    memory.note(dealt.reviewer, label, key)
    return Day(
        *ruling,
        number=day,
        dealt=dealt,
        predictions=predictions,
        shown=shown,
        ability=found,
        label=label,
        beyond=beyond,
        handle_seconds=_handle_seconds(people.pace[dealt.reviewer], hardness(dealt.items, officially), random),
        decided=(24 * day + SHIFT_HOURS * people.shift[dealt.reviewer] + dealt.hours) * 3_600,
    )


def _ruling(house: House, day: int, dealt: Dealt) -> tuple[Flags, Flags, Flags, Positions, Floats]:
    """The first five arrays of `Day`."""
    rules, items = house.standards, dealt.items
    crosses, in_force = rules.crosses(items), rules.changed(day)[items.policy]
    follows = rules.followed(day)[dealt.reviewer, items.policy]
    key = np.where(dealt.gold >= 0, house.gold.key(dealt.gold, in_force), -1)
    known = effects.knows_key(house.plan, house.faults, dealt, sets=house.gold.sets, day=day)
    return items.violating ^ (in_force & crosses), items.violating ^ (follows & crosses), in_force, key, known


def _predictions(house: House, day: int, items: Items) -> Predictions:
    version = version_at(house.versions, day)
    random = house.plan.stream("model", day)
    return predict(version, items, house.standards, faults=house.faults, random=random, day=day)


def _handle_seconds(pace: Floats, hard: Floats, random: np.random.Generator) -> Floats:
    return HANDLE_MEDIAN * np.exp(pace + HANDLE_HARDNESS * hard + HANDLE_NOISE * random.standard_normal(len(pace)))
