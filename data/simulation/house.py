"""All of a simulated house that does not change from day to day."""

from dataclasses import dataclass

from data.simulation.gold import Gold, gold_pool
from data.simulation.models import Version, versions
from data.simulation.people import People, hire
from data.simulation.plan import Plan
from data.simulation.scenario import Planted, resolve
from data.simulation.standards import Standards, standards


@dataclass(frozen=True, slots=True)
class House:
    """The plan, its people and what is planted among them, the standards, the gold and the models."""

    plan: Plan
    people: People
    faults: tuple[Planted, ...]
    standards: Standards
    gold: Gold
    versions: tuple[Version, ...]

    @classmethod
    def of(cls, plan: Plan) -> "House":
        """The house of a plan."""
        people = hire(plan)
        faults = resolve(plan, people)
        rules = standards(plan, people, faults)
        return cls(plan, people, faults, rules, gold_pool(plan, people, faults, rules), versions(plan, faults, rules))
