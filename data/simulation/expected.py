"""What reviews are expected to come to, over the items that each might have been about: chances, not what was drawn."""

import numpy as np
from scipy.special import ndtr

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.chances import read, tables
from data.simulation.checking import AUDITOR_LEANING, AUDITOR_SKILL
from data.simulation.components import components, kinds
from data.simulation.day import Day
from data.simulation.decisions import label_chances, signals
from data.simulation.house import House
from data.simulation.models import flag_chances
from data.simulation.world import FIRST_VIOLATING, LABELS

SUMS = ("right", "reviews", "false_alarms", "others", "misses", "violating")
"""Expected right reviews, and reviews; then false alarms among what does not violate, and misses among what does."""
AUDIT_SUMS = (*SUMS, "as_auditor", "both_violating", "said_violating", "auditor_violating")
"""And how many an auditor gives the same label, how many both call violating, the reviewer, and the auditor."""


def on_gold(day: Day, rows: Positions) -> Floats:
    """`SUMS` of each answer on gold, the items being as they are."""
    items, key, known = day.dealt.items.take(rows), day.key[rows], day.known[rows]
    decided_as = day.decided_as[rows]
    signal = signals(day.ability.skill[rows], day.ability.leaning[rows], decided_as)
    chances = label_chances(signal, decided_as, items.u, items.ambiguity) * (1 - known)[:, None]
    chances[np.arange(len(rows)), key] += known
    return _sums(chances[np.arange(len(rows)), key], chances[:, FIRST_VIOLATING:].sum(axis=1), key >= FIRST_VIOLATING)


def on_other_gold(house: House, day: Day, rows: Positions) -> Floats:
    """`SUMS` of each answer on gold, over items like its own: of the same kind, with a key as wrong or as stale."""
    gold, known, decided_as = day.dealt.gold[rows], day.known[rows], day.decided_as[rows]
    items = day.dealt.items.take(rows)
    signal = signals(day.ability.skill[rows], day.ability.leaning[rows], decided_as)
    by_key = np.where(house.standards.stale[items.policy], items.violating, day.officially[rows])
    right = _read(tables().right, signal, decided_as, by_key)
    # A wrong key is any of the other labels, each as likely.
    right = np.where(house.gold.wrong[gold], (1 - right) / (len(LABELS) - 1), right)
    violating = day.key[rows] >= FIRST_VIOLATING
    return _sums(known + (1 - known) * right, known * violating + (1 - known) * ndtr(signal), violating)


def on_content(house: House, day: Day, rows: Positions) -> Floats:
    """`AUDIT_SUMS` of each review of content that came in, over items like its own."""
    same, both = _with_auditor(tables().same), _with_auditor(tables().both)
    found = np.zeros((len(AUDIT_SUMS), len(rows)))
    for part in components(house, day, rows):
        signal = signals(day.ability.skill[rows], day.ability.leaning[rows], part.decided_as)
        right, as_auditor, both_violating = (
            _read(table, signal, part.decided_as, part.officially) for table in (tables().right, same, both)
        )
        taken, by_auditor = ndtr(signal), ndtr(_auditor_signal()[part.officially])
        sums = _sums(right, taken, part.officially)
        found += part.weight * np.vstack([sums, as_auditor, both_violating, taken, by_auditor])
    return found


def on_model(house: House, day: Day) -> Floats:
    """`SUMS` of the model's answer to each of the day's items, violating or not, over items like it."""
    version, policy = day.predictions.version, day.dealt.day_items.policy
    found = np.zeros((len(SUMS), len(policy)))
    for kind in kinds(house, day.number, policy):
        violating = kind.violates(house.standards.changed(day.number)[policy])
        flagged = flag_chances(version)[kind.violates(version.follows[policy]), policy]
        found += kind.share * _sums(np.where(violating, flagged, 1 - flagged), flagged, violating)
    return found


def _auditor_signal() -> Floats:
    """An auditor's signal about an item that does not violate, and about one that does."""
    return signals(np.full(2, AUDITOR_SKILL), np.full(2, AUDITOR_LEANING), np.array([0, 1]))


def _with_auditor(table: Floats) -> Floats:
    """A table of pairs (kinds x kinds x signals x signals) where the second of them is an auditor."""
    of_auditor = _auditor_signal()
    return np.stack([[read(table[kind, true].T, of_auditor[[true]])[0] for true in (0, 1)] for kind in (0, 1)])


def _read(table: Floats, signal: Floats, decided_as: Positions | Flags, officially: Positions | Flags) -> Floats:
    """A table (kinds x kinds x signals) at given signals, by the kind decided about and the official one."""
    found = np.empty(len(signal))
    for kind in (0, 1):
        for true_kind in (0, 1):
            at = (decided_as == kind) & (officially == true_kind)
            found[at] = read(table[kind, true_kind], signal[at])
    return found


def _sums(right: Floats, taken: Floats, violating: Positions | Flags) -> Floats:
    """`SUMS` (sums x reviews), from the chances that it is right and that it says violating."""
    is_violating = violating.astype(float)
    others = 1 - is_violating
    ones = np.ones(len(right))
    return np.stack([right, ones, taken * others, others, (1 - taken) * is_violating, is_violating])
