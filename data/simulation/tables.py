"""The tables that are written once: labels, costs, events, and the model's answers to the gold."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from data.simulation.house import House
from data.simulation.models import predict, predictions_table
from data.simulation.scenario import POLICY_NAMES, planted
from data.simulation.standards import NEVER
from data.simulation.world import FIRST_VIOLATING, LABEL_TITLES, LABELS, MODEL, VERSIONS

MISSED_COST, HARSH_COST = 2.0, 1.0
"""What a step of severity too mild costs, and a step too harsh."""


def labels() -> pl.DataFrame:
    """The table `labels`."""
    severity = np.arange(len(LABELS))
    return pl.DataFrame(
        {"label": LABELS, "severity": severity, "is_violating": severity >= FIRST_VIOLATING, "title": LABEL_TITLES}
    )


def costs() -> pl.DataFrame:
    """The table `costs`: in proportion to the steps of severity between the labels."""
    rows = [
        (true, assigned, MISSED_COST * (right - given) if given < right else HARSH_COST * (given - right))
        for right, true in enumerate(LABELS)
        for given, assigned in enumerate(LABELS)
        if true != assigned
    ]
    return pl.DataFrame(rows, schema=["true", "assigned", "cost"], orient="row")


def events(house: House) -> pl.DataFrame:
    """The table `events`: what the house knows of, which most faults are not."""
    plan = house.plan
    rows = [
        (plan.at(int(day)), "policy", f"Standard {VERSIONS[1]} of {POLICY_NAMES[policy]} takes effect")
        for policy, day in enumerate(house.standards.changed_from)
        if day != NEVER
    ]
    rows += [(plan.at(version.first_day), "model", f"{MODEL} {version.name} released") for version in house.versions]
    rows += [
        (plan.at(each.first_day), "staffing", f"Coaching of {each.number('reviewers'):.0f} reviewers")
        for each in planted(house.faults, "coaching")
    ]
    return pl.DataFrame(sorted(rows), schema=["happened_at", "kind", "title"], orient="row")


def gold_predictions(house: House) -> Iterator[pl.DataFrame]:
    """Rows of `predictions`: each version answers all gold items on the day of its release."""
    numbers = house.gold.items.number
    for version in house.versions:
        day = version.first_day
        random = house.plan.stream("model on gold", day)
        found = predict(version, house.gold.items, house.standards, faults=house.faults, random=random, day=day)
        yield predictions_table(house.plan, numbers, found, scored=np.full(len(numbers), 86_400.0 * day))
