"""What decisions come to on average over items: tables by the signal, from which every true value is read.

The integrals over an item's place u and its ambiguity are sums over a fine grid; between two signals of a table values
are interpolated. The signal is z of the chance that an item is taken for violating (see `decisions.py`).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtri

from data.simulation.arrays import Floats, Positions
from data.simulation.decisions import AMBIGUITIES, label_chances, true_labels
from data.simulation.world import FIRST_VIOLATING, LABELS

STEP, FURTHEST, PLACES = 0.05, 6.0, 200


@dataclass(frozen=True, slots=True)
class Tables:
    """Chances by signal.

    `label[decided_as]` (signals x labels): of every label. `right[decided_as, officially]` (signals): of the right
    label, when the reviewer decides about the item as one that violates or not (0, 1) and officially it does or not.
    `same[a][b]` (signals x signals): that two reviewers, who decide as `a` and as `b`, give the same item one label;
    `both[a][b]`: that they both take it for violating.
    """

    label: Floats
    right: Floats
    same: Floats
    both: Floats


@cache
def tables() -> Tables:
    """The tables, computed once."""
    grid = np.arange(-FURTHEST, FURTHEST + STEP / 2, STEP)
    u = ndtri((np.arange(PLACES) + 0.5) / PLACES)
    places, ambiguity = (each.ravel() for each in np.meshgrid(u, AMBIGUITIES))
    nodes = len(places)
    signal, u_all, a_all = np.repeat(grid, nodes), np.tile(places, len(grid)), np.tile(ambiguity, len(grid))
    by_kind = [
        label_chances(signal, np.full(len(signal), kind), u_all, a_all).reshape(len(grid), nodes, len(LABELS))
        for kind in (0, 1)
    ]
    truth = [true_labels(np.full(nodes, kind), places) for kind in (0, 1)]
    flat = [each.reshape(len(grid), -1) / np.sqrt(nodes) for each in by_kind]
    taken = [each[:, :, FIRST_VIOLATING:].sum(axis=2) for each in by_kind]
    return Tables(
        label=np.stack([each.mean(axis=1) for each in by_kind]),
        right=np.stack([[each[:, np.arange(nodes), right].mean(axis=1) for right in truth] for each in by_kind]),
        same=np.stack([[one @ other.T for other in flat] for one in flat]),
        both=np.stack([[one @ other.T / nodes for other in taken] for one in taken]),
    )


def read(table: Floats, signal: Floats) -> Floats:
    """A table (signals x anything) at given signals."""
    at, part = _place(signal)
    part = part.reshape(-1, *[1] * (table.ndim - 1))
    return table[at] * (1 - part) + table[at + 1] * part


def read_pairs(table: Floats, kind: Positions, other_kind: Positions, signal: Floats, other_signal: Floats) -> Floats:
    """A table (kinds x kinds x signals x signals) at given pairs."""
    (at, part), (to, rest) = _place(signal), _place(other_signal)
    low = table[kind, other_kind, at, to] * (1 - rest) + table[kind, other_kind, at, to + 1] * rest
    high = table[kind, other_kind, at + 1, to] * (1 - rest) + table[kind, other_kind, at + 1, to + 1] * rest
    return low * (1 - part) + high * part


def _place(signal: Floats) -> tuple[Positions, Floats]:
    scaled = (np.clip(signal, -FURTHEST, FURTHEST - STEP / 2) + FURTHEST) / STEP
    at = scaled.astype(np.int32)
    return at, scaled - at
