"""Two thresholds, three ways: what scores little is kept, what scores much is removed, people see the rest.

All sums over the score are made once, so that any two thresholds are looked up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics import binomial
from metrics.estimate import Estimate, undefined, wilson
from metrics.linearisation import Array, Counts
from metrics.tails import STEPS, Error, Kinds, beyond, kinds, steps
from metrics.taxonomy import Taxonomy

NO_LABELS = "no item with a label lies there"
NO_COSTS = "no cost of this error is known"
UNEQUAL = "labels weigh as they were drawn; interval: of as many equal ones as tell as much"
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Zone:
    """What one threshold decides without people: the share of all items, how many, and how often that is wrong.

    `rate` is the share of errors, with Clopper and Pearson's interval, or Wilson's of as many equal labels as tell as
    much as weighted ones; `errors` and `harm` are that many of the items, and what these cost. `hours` is how long
    people would have taken, None where that is unknown.
    """

    share: float
    items: int
    rate: Estimate
    errors: Estimate
    harm: Estimate
    hours: float | None


@dataclass(frozen=True, slots=True)
class Side:
    """The sums beyond each step, from one end of the score."""

    items: Counts
    seconds: Array | None
    value: Array
    low: Array
    high: Array
    labels: Counts
    note: str
    cost: float | None

    def zone(self, step: int, whole: int) -> Zone:
        """What lies beyond a step."""
        items, labels = int(self.items[step]), int(self.labels[step])
        if not labels:
            rate = undefined(0, NO_LABELS)
        else:
            rate = Estimate(float(self.value[step]), float(self.low[step]), float(self.high[step]), labels, self.note)
        return Zone(
            share=items / whole,
            items=items,
            rate=rate,
            errors=_times(rate, items),
            harm=undefined(labels, NO_COSTS) if self.cost is None else _times(rate, items * self.cost),
            hours=None if self.seconds is None else float(self.seconds[step]) / 3600,
        )


@dataclass(frozen=True, slots=True)
class Routed:
    """What two thresholds make of all items: what is kept, what is removed, and the share that people see."""

    kept: Zone
    removed: Zone
    human: float
    hours: float | None
    harm: Estimate


@dataclass(frozen=True, slots=True)
class Routing:
    """All items by their score, ready to be cut by any two thresholds."""

    whole: int
    keep: Side
    removal: Side

    def at(self, keep_below: float, remove_from: float) -> Routed:
        """What comes of keeping below one score and removing from another on: hundredths, the first no larger."""
        kept = self.keep.zone(STEPS - round(keep_below * STEPS), self.whole)
        removed = self.removal.zone(round(remove_from * STEPS), self.whole)
        hours = None if kept.hours is None or removed.hours is None else kept.hours + removed.hours
        human = (self.whole - kept.items - removed.items) / self.whole
        return Routed(kept, removed, human, hours, _sum(kept.harm, removed.harm))


def routing(
    scores: pl.DataFrame,
    outcomes: pl.DataFrame,
    *,
    seconds: Mapping[str | None, float | None],
    costs: Mapping[Error, float | None],
) -> Routing:
    """The sums for all scored items (`policy, score, items`) and the labelled ones: see `metrics.tails`.

    `seconds` is how long people take for an item of each policy; where one is unknown, so are the hours saved. Errors
    are expected among all items as often as among the labelled ones beyond the threshold.
    """
    known = scores.drop_nulls("score")
    each = [seconds.get(policy) for policy in known["policy"]]
    times = None if None in each else np.array(each, dtype=np.float64)
    sides = {error: _side(known, times, outcomes, error, costs[error]) for error in ("keep", "removal")}
    return Routing(int(known["items"].sum()), sides["keep"], sides["removal"])


def mistake_costs(taxonomy: Taxonomy) -> dict[Error, float | None]:
    """What a wrong removal and a wrong keeping cost: the mean over the labels that may be right and given.

    None where labels or costs are not declared.
    """
    violating = taxonomy.violating
    if violating is None:
        return {"removal": None, "keep": None}
    found: dict[Error, list[float]] = {"removal": [], "keep": []}
    for (right, given), cost in taxonomy.costs.items():
        if (right in violating) != (given in violating):
            found["keep" if right in violating else "removal"].append(cost)
    return {error: sum(each) / len(each) if each else None for error, each in found.items()}


def _side(known: pl.DataFrame, times: Array | None, outcomes: pl.DataFrame, error: Error, cost: float | None) -> Side:
    step, items = steps(known["score"], error), known["items"].to_numpy().astype(np.int64)
    labelled = kinds(outcomes, error)
    value, low, high = _rates(labelled)
    return Side(
        items=beyond(step, items).round().astype(np.int64),
        seconds=None if times is None else beyond(step, items * times),
        value=value,
        low=low,
        high=high,
        labels=labelled.labels,
        note="" if labelled.weight is None else UNEQUAL,
        cost=cost,
    )


def _rates(labelled: Kinds) -> tuple[Array, Array, Array]:
    """The share of errors beyond each step and its interval, 0 where nothing lies."""
    labels, errors = labelled.labels, labelled.errors
    if labelled.weight is None:
        ends = binomial.lower_bound(errors, labels, _TAIL), binomial.upper_bound(errors, labels, _TAIL)
        return errors / np.maximum(labels, 1), *ends
    mass, wrong, squares = (
        beyond(labelled.step, labelled.items * each)
        for each in (labelled.weight, labelled.weight * labelled.is_error, labelled.weight**2)
    )
    value = wrong / np.where(labels > 0, mass, 1)
    effective = np.where(labels > 0, mass**2 / np.where(labels > 0, squares, 1), 1)
    low, high = np.array([wilson(share * n, n) for share, n in zip(value, effective, strict=True)]).T
    return value, np.minimum(low, value), np.maximum(high, value)


def _times(rate: Estimate, factor: float) -> Estimate:
    value, low, high = (None if end is None else end * factor for end in (rate.value, rate.low, rate.high))
    return Estimate(value, low, high, rate.n, rate.note)


def _sum(first: Estimate, second: Estimate) -> Estimate:
    """Both together; the ends are added, which is at least as wide as it must be."""
    n = first.n + second.n
    if first.value is None or second.value is None:
        return undefined(n, first.note or second.note)
    if first.low is None or second.low is None or first.high is None or second.high is None:
        raise ValueError("an expected harm has an interval")
    return Estimate(first.value + second.value, first.low + second.low, first.high + second.high, n, first.note)
