"""The true values of the metrics, from the model of the decisions: sums over reviews of chances, not of what was drawn.

A true value is the one that the metric would come to if the same people reviewed as many cases again and again: for
agreement and for live reviews other items like these; for gold both, the gold items as they are and others like them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from data.simulation import agreement
from data.simulation.arrays import Floats, Positions
from data.simulation.checking import may_be_audited
from data.simulation.content import Items
from data.simulation.day import Day
from data.simulation.deliveries import QUEUES, queue_of
from data.simulation.expected import AUDIT_SUMS, SUMS, on_content, on_gold, on_model, on_other_gold
from data.simulation.house import House
from data.simulation.scenario import POLICY_NAMES
from data.simulation.world import CONTENT_TYPES, GOLD, LANGUAGES, LIVE, MARKETS, OVERLAP, SITES, VERSIONS

WIDTHS = {
    "gold": len(SUMS),
    "other_gold": len(SUMS),
    "live": len(SUMS),
    "audited": len(AUDIT_SUMS),
    "overlap": agreement.WIDTH,
    "model": len(SUMS),
}
"""What sums are of, and how many there are."""
OF_REVIEWERS = ("gold", "other_gold", "live")
OF_PEOPLE = ("site", "team")
"""The dimensions that an item without a reviewer has no value in."""
MOST_TEAMS = 60
"""With more teams than that the key leaves them out."""

Sums = dict[str, Floats]
"""For each dimension an array: days x values of the dimension x sums."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The sums of all days. `values` are the values of each dimension; `""` is everything together.

    `sums` tells the sums by what they are of: reviews that are live, on overlap items, on gold items as they are, on
    other gold items like them, or such as may be audited; and answers of the model. `of_reviewers` holds those of each
    reviewer over the whole log (reviewers x sums).
    """

    house: House
    values: Mapping[str, tuple[str, ...]]
    sums: Mapping[str, Sums]
    of_reviewers: Mapping[str, Floats]

    @classmethod
    def empty(cls, house: House) -> "Truth":
        """No day yet."""
        values = {
            "": ("",),
            "policy": POLICY_NAMES,
            "market": tuple(market.name for market in MARKETS),
            "language": LANGUAGES,
            "content_type": tuple(name for name, _ in CONTENT_TYPES),
            "queue": QUEUES,
            "standard_version": VERSIONS,
            "site": SITES,
            **({"team": house.people.teams} if len(house.people.teams) <= MOST_TEAMS else {}),
        }
        sums = {
            of: {
                name: np.zeros((house.plan.days, len(known), width))
                for name, known in values.items()
                if of != "model" or name not in OF_PEOPLE
            }
            for of, width in WIDTHS.items()
        }
        of_reviewers = {of: np.zeros((house.plan.reviewers, WIDTHS[of])) for of in OF_REVIEWERS}
        return cls(house, values, sums, of_reviewers)

    def add(self, day: Day) -> None:
        """Bring a day in."""
        stage, codes = day.dealt.stage, _codes(self.house, day)
        gold, content = np.flatnonzero(stage == GOLD), np.flatnonzero((stage == LIVE) | (stage == OVERLAP))
        of_content = on_content(self.house, day, content)
        live, audited = stage[content] == LIVE, may_be_audited(self.house.plan, day)[content]
        for of, rows, found in (
            ("gold", gold, on_gold(day, gold)),
            ("other_gold", gold, on_other_gold(self.house, day, gold)),
            ("live", content[live], of_content[: len(SUMS), live]),
            ("audited", content[audited], of_content[:, audited]),
        ):
            self._add(of, day.number, found, {name: each[rows] for name, each in codes.items()})
            if of in OF_REVIEWERS:
                self.of_reviewers[of][:] += _grouped(found, day.dealt.reviewer[rows], self.house.plan.reviewers)
        self._add(
            "model", day.number, on_model(self.house, day), _of_items(self.house, day.dealt.day_items, day.number)
        )
        shared = agreement.Shared.of(self.house, day)
        for name, known in self.values.items():
            self.sums["overlap"][name][day.number] = shared.sums(codes[name], len(known))

    def _add(self, of: str, day: int, found: Floats, codes: Mapping[str, Positions]) -> None:
        """Set a day's sums from those of its reviews or items, whose values in each dimension the codes give."""
        for name, known in self.values.items():
            if name in codes:
                self.sums[of][name][day] = _grouped(found, codes[name], len(known))


def _codes(house: House, day: Day) -> dict[str, Positions]:
    """The position of each review's value in each dimension."""
    reviewer = day.dealt.reviewer
    of_people = {"site": house.people.site[reviewer], "team": house.people.team[reviewer]}
    return _of_items(house, day.dealt.items, day.number) | of_people


def _of_items(house: House, items: Items, day: int) -> dict[str, Positions]:
    """The position of each item's value in each dimension of items."""
    return {
        "": np.zeros(len(items.policy), dtype=np.int8),
        "policy": items.policy,
        "market": items.market,
        "language": items.language,
        "content_type": items.content_type,
        "queue": queue_of(items),
        "standard_version": house.standards.changed(day)[items.policy].astype(np.int8),
    }


def _grouped(sums: Floats, codes: Positions, count: int) -> Floats:
    """Sums of each row (sums x rows), added up by code (codes x sums)."""
    rows = np.arange(len(codes) + 1)
    by_code = csr_array((np.ones(len(codes)), codes, rows), shape=(len(codes), count))
    return np.asarray(by_code.T @ sums.T, dtype=np.float64)
