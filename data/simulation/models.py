"""What the model says of each item: signal detection too, with a score that is a probability.

Given whether the item violates, the model's error is independent of people's. Its evidence is x ~ N(±d'/2, 1), and the
score is the chance that the item violates, as a model with that d' and the policy's usual share of violating content
would have it: calibrated, unless a fault is planted.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit, logit, ndtr

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.content import Items
from data.simulation.decisions import TRUE_CUTS
from data.simulation.frames import item_ids, moments, names
from data.simulation.plan import Plan
from data.simulation.scenario import Planted, lasting, planted
from data.simulation.standards import Standards
from data.simulation.world import FIRST_VIOLATING, LABELS, MODEL, POLICIES

SKILL = 2.4
"""The model's d'."""
THRESHOLD = 0.5
SEVERITY_NOISE = 0.5
SECOND_RELEASE = 0.4
"""Where in the log the second version is released, which is as good as the first."""
USUAL = logit(np.array([policy.violating for policy in POLICIES]))


@dataclass(frozen=True, slots=True)
class Version:
    """A model version: its first day, its d' in each policy, and which changed standards it follows."""

    name: str
    first_day: int
    skill: Floats
    follows: Flags


@dataclass(frozen=True, slots=True)
class Predictions:
    """A version's answers to some items: scores from 0 to 1, and labels as positions in `LABELS`."""

    version: Version
    score: Floats
    label: Positions

    def said(self, rows: Positions) -> Positions:
        """The labels of some of the items; for rows past the last, which are other items, that of the last."""
        return self.label[np.minimum(rows, len(self.label) - 1)]


def versions(plan: Plan, faults: tuple[Planted, ...], standards: Standards) -> tuple[Version, ...]:
    """All versions of the model, in the order of their release; one that regressed comes with its fault's day."""
    days = {0, round(plan.days * SECOND_RELEASE), *(each.first_day for each in planted(faults, "model_regression"))}
    return tuple(
        Version(f"v{number}", day, _skill(faults, day), standards.changed(day))
        for number, day in enumerate(sorted(days), start=1)
    )


def version_at(known: tuple[Version, ...], day: int) -> Version:
    """The version that scores on a day."""
    return [version for version in known if version.first_day <= day][-1]


def predict(
    version: Version,
    items: Items,
    standards: Standards,
    *,
    faults: tuple[Planted, ...],
    random: np.random.Generator,
    day: int,
) -> Predictions:
    """A version's answers to items on a day."""
    noise, blur = random.standard_normal((2, len(items.u)))
    violating = items.violating ^ (version.follows[items.policy] & standards.crosses(items))
    evidence = np.where(violating, 0.5, -0.5) * version.skill[items.policy] + noise
    logits = USUAL[items.policy] + SKILL * evidence
    for fault in lasting(faults, day, "overconfident_model"):
        logits *= fault.size
    score = expit(logits)
    perceived = (items.u + SEVERITY_NOISE * blur) / np.hypot(1, SEVERITY_NOISE)
    mild, severe = (np.searchsorted(cuts, perceived, side="right") for cuts in TRUE_CUTS)
    return Predictions(version, score, np.where(score >= THRESHOLD, FIRST_VIOLATING + severe, mild).astype(np.int8))


def flag_chances(version: Version) -> Floats:
    """The chance that a version flags an item (2 x policies): one that does not violate, and one that does."""
    least = -USUAL / SKILL
    return ndtr(np.stack([-version.skill / 2, version.skill / 2]) - least)


def predictions_table(plan: Plan, numbers: Positions, found: Predictions, *, scored: Floats) -> pl.DataFrame:
    """Rows of the table `predictions`; `scored` are seconds of the log."""
    count = len(numbers)
    return pl.DataFrame(
        {
            "item_id": item_ids(numbers),
            "model": pl.repeat(MODEL, count, eager=True),
            "model_version": pl.repeat(found.version.name, count, eager=True),
            "scored_at": moments(scored, plan.start),
            "label": names(found.label, LABELS),
            "score": found.score.round(6),
            "threshold": np.full(count, THRESHOLD),
        }
    )


def _skill(faults: tuple[Planted, ...], day: int) -> Floats:
    skill = np.full(len(POLICIES), SKILL)
    for fault in lasting(faults, day, "model_regression"):
        skill[fault.where.get("policy", slice(None))] -= fault.size
    return skill
