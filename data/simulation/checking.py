"""What happens to reviews afterwards: audits, and appeals.

Audits are drawn by the outcome of the review, each with a known inclusion probability, and made by auditors who err
too. Appeals are opened against decisions to enforce, against wrong ones more often.
"""

import numpy as np
import polars as pl
from scipy.special import ndtr

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.day import Day, hardness
from data.simulation.decisions import decide, signals
from data.simulation.frames import moments, names, review_ids
from data.simulation.house import House
from data.simulation.people import auditors
from data.simulation.plan import Plan
from data.simulation.scenario import lasting
from data.simulation.world import CALIBRATION, FIRST_VIOLATING, GOLD, LABELS

STRATA = ("kept", "enforced", "severe")
INCLUSION = np.array([0.008, 0.04, 0.1])
"""The inclusion probabilities of reviews that found no violation, a mild one, and a severe one."""
FIRST_SEVERE = 4
"""The position of the first label that counts as severe."""
AUDITOR_SKILL, AUDITOR_LEANING = 3.8, 0.0
SECOND_AUDITS = 0.15
"""The share of audited reviews that a second auditor sees, blind, too."""
AUDIT_DAYS = 2
"""An audit is made within so many days; the reviews of the log's last days have none yet."""
APPEALED, OVERTURNED = np.array([0.02, 0.12]), np.array([0.05, 0.7])
"""The chances that a decision to enforce is appealed against, and the appeal upheld; when it was right, when wrong."""
OPENED_DAYS, DECIDED_DAYS = 2.0, 1.5
"""Mean days until an appeal is opened, and from then until it is decided."""
DAY_SECONDS = 86_400


def audits(house: House, day: Day, numbers: Positions) -> pl.DataFrame:
    """The audits of a day's reviews as rows of the contract; `numbers` are those of the reviews."""
    random = house.plan.stream("audits", day.number)
    stratum = (day.label >= FIRST_VIOLATING).astype(int) + (day.label >= FIRST_SEVERE)
    drawn, again = random.random((2, len(numbers)))
    eligible = may_be_audited(house.plan, day)
    # Whatever might be drawn is audited, and then left out: no audit hangs on what was decided about other items.
    able = np.flatnonzero(eligible & (drawn < _most_included(house, day)))
    rows = np.concatenate([able, able[again[able] < SECOND_AUDITS]])
    kept = (drawn < _inclusion(house, day, stratum))[rows]
    rows, auditor, made, label = (each[kept] for each in (rows, *_audited(house, day, rows, first=len(able))))
    return pl.DataFrame(
        {
            "review_id": review_ids(numbers[rows]),
            "auditor_id": names(auditor, auditors()),
            "label": names(label, LABELS),
            "audited_at": moments(day.decided[rows] + made, house.plan.start),
            "stratum": names(stratum[rows], STRATA),
            "inclusion_probability": INCLUSION[stratum[rows]],
            "is_blind": np.ones(len(rows), dtype=bool),
        }
    )


def may_be_audited(plan: Plan, day: Day) -> Flags:
    """Which of a day's reviews are among those that audits are drawn from."""
    late = day.number >= plan.days - AUDIT_DAYS
    eligible: Flags = (day.dealt.stage != GOLD) & (day.dealt.stage != CALIBRATION) & (not late)
    return eligible


def appeals(house: House, day: Day, numbers: Positions) -> pl.DataFrame:
    """The appeals against a day's reviews, opened and decided as far as the log reaches."""
    random = house.plan.stream("appeals", day.number)
    opened, decided = random.random((2, len(numbers)))
    waited, weighed = random.exponential(1, (2, len(numbers))) * DAY_SECONDS
    wrong = (~day.officially).astype(int)
    enforced = (day.label >= FIRST_VIOLATING) & (day.dealt.stage != GOLD) & (day.dealt.stage != CALIBRATION)
    opens = day.decided + waited * OPENED_DAYS
    closes = opens + weighed * DECIDED_DAYS
    end = house.plan.days * DAY_SECONDS
    rows = np.flatnonzero(enforced & (opened < APPEALED[wrong]) & (opens < end))
    outcome = np.where(closes[rows] < end, decided[rows] < OVERTURNED[wrong[rows]], -1)
    closed_at = pl.Series(np.where(outcome >= 0, closes[rows], 0))
    return pl.DataFrame(
        {
            "review_id": review_ids(numbers[rows]),
            "opened_at": moments(opens[rows], house.plan.start),
            "decided_at": moments(closed_at.to_numpy(), house.plan.start).set(pl.Series(outcome < 0), None),
            "outcome": names(outcome, ("upheld", "overturned")),
        }
    )


def _inclusion(house: House, day: Day, stratum: Positions) -> Floats:
    """The chance that a review is drawn: what is recorded, unless a fault makes auditors prefer easy cases."""
    chance = INCLUSION[stratum]
    for fault in lasting(house.faults, day.number, "biased_audit"):
        chance = chance * 2 * ndtr(-fault.size * hardness(day.dealt.items, day.officially))
    return chance


def _most_included(house: House, day: Day) -> float:
    """Above all chances of `_inclusion`, whatever was decided."""
    return float(INCLUSION.max()) * 2.0 ** len(list(lasting(house.faults, day.number, "biased_audit")))


def _audited(house: House, day: Day, rows: Positions, *, first: int) -> tuple[Positions, Floats, Positions]:
    """Who audits, after how many seconds, with which label; the rows after `first` have had another auditor before."""
    random = house.plan.stream("auditors", day.number)
    known = len(auditors())
    auditor = random.integers(0, known, len(rows))
    again = np.searchsorted(rows[:first], rows[first:])
    auditor[first:] = (auditor[again] + 1 + auditor[first:] % (known - 1)) % known
    made = random.random(len(rows)) * AUDIT_DAYS * DAY_SECONDS
    items, officially = day.dealt.items, day.officially[rows]
    signal = signals(np.full(len(rows), AUDITOR_SKILL), np.full(len(rows), AUDITOR_LEANING), officially)
    label, _ = decide(signal, officially, items.u[rows], items.ambiguity[rows], random=random)
    return auditor, made, label
