"""What comes in: items with their policy, market, language, and their place on the scale of severity."""

from dataclasses import dataclass, fields

import numpy as np

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.decisions import AMBIGUITIES
from data.simulation.plan import Plan
from data.simulation.scenario import Planted, lasting, planted
from data.simulation.world import CLAUSES, CONTENT_TYPES, ENGLISH_SHARE, LANGUAGES, MARKETS, POLICIES

MOST_VIOLATING = 0.9
_LANGUAGE = np.array([LANGUAGES.index(market.language) for market in MARKETS], dtype=np.int8)
HUB = np.array([market.hub for market in MARKETS], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Items:
    """Items, an array element each; all but `number`, `u`, `ambiguity` and `crossing` are positions in `world.py`.

    `violating`: under the first version of the standard. `crossing` ~ U(0, 1) says how early a change of the standard
    reaches the item. `u` and `ambiguity`: see `decisions.py`.
    """

    number: Positions
    policy: Positions
    market: Positions
    language: Positions
    content_type: Positions
    clause: Positions
    violating: Flags
    crossing: Floats
    u: Floats
    ambiguity: Floats

    def take(self, rows: Positions) -> "Items":
        """Those items, in that order."""
        return Items(*(getattr(self, each.name)[rows] for each in fields(self)))

    def and_(self, others: "Items") -> "Items":
        """These items, then the others."""
        return Items(*(np.concatenate([getattr(self, f.name), getattr(others, f.name)]) for f in fields(self)))


def violating_shares(faults: tuple[Planted, ...], day: int) -> Floats:
    """How much of each policy's content violates on a day, under the first version of the standards."""
    shares = np.array([policy.violating for policy in POLICIES])
    for shift in lasting(faults, day, "content_shift"):
        at = shift.where["policy"]
        shares[at] = min(MOST_VIOLATING, shares[at] * shift.size)
    return shares


def draw_items(plan: Plan, faults: tuple[Planted, ...], day: int, *, count: int, first_number: int) -> Items:
    """What comes in on a day."""
    random = plan.stream("content", day)
    policy = _draw(random, [policy.share for policy in POLICIES], count)
    moved = random.random(count)
    for shift in planted(faults, "content_shift"):
        if shift.first_day <= day:
            policy = np.where((moved >= 0) & (moved < shift.number("mix")), np.int8(shift.where["policy"]), policy)
        moved -= shift.number("mix")  # The next shift moves other items.
    violating = random.random(count) < violating_shares(faults, day)[policy]
    return _items(random, policy, _draw(random, [market.share for market in MARKETS], count), violating, first_number)


def draw_gold_items(plan: Plan, hub: int, *, count: int, first_number: int, violating_share: float) -> Items:
    """The gold items of a hub's markets."""
    random = plan.stream("gold content", hub)
    policy = _draw(random, [policy.share for policy in POLICIES], count)
    market = _draw(random, [market.share * (market.hub == hub) for market in MARKETS], count)
    return _items(random, policy, market, random.random(count) < violating_share, first_number)


def _items(
    random: np.random.Generator, policy: Positions, market: Positions, violating: Flags, first_number: int
) -> Items:
    count = len(policy)
    in_english = random.random(count) < ENGLISH_SHARE
    return Items(
        number=np.arange(first_number, first_number + count),
        policy=policy,
        market=market,
        language=np.where(in_english, np.int8(LANGUAGES.index("en")), _LANGUAGE[market]),
        content_type=_draw(random, [share for _, share in CONTENT_TYPES], count),
        clause=random.integers(0, CLAUSES, count, dtype=np.int8),
        violating=violating,
        crossing=random.random(count),
        u=random.standard_normal(count),
        ambiguity=AMBIGUITIES[random.integers(0, len(AMBIGUITIES), count)],
    )


def _draw(random: np.random.Generator, shares: list[float], count: int) -> Positions:
    """Positions, each as common as its share; a draw stays what it is when later shares change."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.searchsorted(edges[:-1], random.random(count), side="right").astype(np.int8)
