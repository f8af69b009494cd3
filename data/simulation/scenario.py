"""The planted faults of a plan with every name and day chosen, as the days of the log ask for them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from data.errors import LogError
from data.simulation.arrays import Positions
from data.simulation.faults import AUTO, FAULTS, Fault, Value
from data.simulation.people import People
from data.simulation.plan import Plan
from data.simulation.world import CLAUSES, GOLD_SETS, POLICIES, SITES

AUTO_DAY = 0.6
"""Where in the log a fault begins whose day is left to the simulation."""
POLICY_NAMES = tuple(policy.name for policy in POLICIES)


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault as it is planted: `first_day` counts from 0, `where` gives the position of each name."""

    fault: Fault
    first_day: int
    where: MappingProxyType[str, int]

    @property
    def size(self) -> float:
        """How large it is."""
        return self.fault.number("size")

    def number(self, parameter: str) -> float:
        """The value of a parameter that is a number."""
        return self.fault.number(parameter)


def resolve(plan: Plan, people: People) -> tuple[Planted, ...]:
    """All faults of a plan; `LogError` where one names what this log does not have."""
    names = {
        "reviewer": tuple(people.names),
        "team": people.teams,
        "site": SITES,
        "policy": POLICY_NAMES,
        "gold_set": GOLD_SETS,
    }
    found: dict[int, Planted] = {}
    for waits in (False, True):
        for place, fault in enumerate(plan.faults):
            if (fault.name == "stale_gold") == waits:
                found[place] = _resolved(plan, names, _after_change(fault, found.values()), place)
    return tuple(found[place] for place in range(len(plan.faults)))


def planted(faults: tuple[Planted, ...], *names: str) -> Iterator[Planted]:
    """The planted faults of some kinds, in the order of the plan."""
    return (each for each in faults if each.fault.name in names)


def _after_change(fault: Fault, found: Iterable[Planted]) -> Fault:
    """Gold that goes stale does so when its policy's standard changes, where that is planted too."""
    if fault.name == "stale_gold":
        for change in (each.fault for each in found if each.fault.name == "standard_change"):
            if fault.values["policy"] in (AUTO, change.values["policy"]):
                day = change.values["day"] if fault.values["day"] == AUTO else fault.values["day"]
                return Fault(fault.name, MappingProxyType({"policy": change.values["policy"], "day": day}))
    return fault


def _resolved(plan: Plan, names: dict[str, tuple[str, ...]], fault: Fault, place: int) -> Planted:
    random = plan.stream(f"fault {place} {fault.name}")
    values: dict[str, Value] = dict(fault.values)
    where = {}
    for parameter, known in names.items():
        if parameter not in values or values[parameter] == "all" == FAULTS[fault.name].parameters[parameter]:
            continue
        if values[parameter] == AUTO:
            values[parameter] = str(known[random.integers(len(known))])
        if values[parameter] not in known:
            raise LogError(
                f"The fault {fault.name}: there is no {parameter} {values[parameter]!r}; there are {_listed(known)}."
            )
        where[parameter] = known.index(str(values[parameter]))
    if fault.name == "unclear_clause" and not 1 <= fault.number("clause") <= CLAUSES:
        raise LogError(f"The fault unclear_clause: clause is a number from 1 to {CLAUSES}.")
    first_day = 0
    if "day" in values:
        first_day = _first_day(plan, fault, values["day"])
        values["day"] = first_day + 1
    return Planted(Fault(fault.name, MappingProxyType(values)), first_day, MappingProxyType(where))


def _first_day(plan: Plan, fault: Fault, day: Value) -> int:
    if day == AUTO:
        return int(plan.days * AUTO_DAY)
    first = (dt.date.fromisoformat(day) - plan.first_day).days if isinstance(day, str) else int(day) - 1
    if not 0 <= first < plan.days:
        raise LogError(f"The fault {fault.name}: day {day} is outside the log, {plan.first_day} to {plan.last_day}.")
    return first


def _listed(known: tuple[str, ...]) -> str:
    shown = ", ".join(known[:8])
    return shown if len(known) <= 8 else f"{shown} and {len(known) - 8} more"  # noqa: PLR2004 - a line's worth


def lasting(faults: tuple[Planted, ...], day: int, *names: str) -> Iterator[Planted]:
    """The planted faults of some kinds that have begun by a day."""
    return (each for each in planted(faults, *names) if each.first_day <= day)


def chosen(random: np.random.Generator, among: Positions, share: float) -> Positions:
    """Positions of a share of some people, drawn without replacement."""
    return random.choice(among, round(share * len(among)), replace=False)
