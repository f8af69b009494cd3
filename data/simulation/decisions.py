"""How a reviewer decides: signal detection over an item's place on the scale of severity.

An item violates or not, and has a place u ~ N(0, 1) among its like: the violating ones with a high u are the severe
ones, the others with a high u the borderline ones. A reviewer with skill d' and leaning c perceives

    x = d'/2 + e  on an item that violates,  x = -d'/2 + e  on another,   e = sqrt(1 - a) u + sqrt(a) noise,

and takes the item for violating when x > c. The item's ambiguity a is how much of the error is the reviewer's own:
clear items mislead everybody alike, ambiguous ones split the room. Whatever a is, e is N(0, 1), so the rate of hits is
Phi(d'/2 - c) and that of false alarms Phi(-d'/2 - c): d' and c are those that a counting of answers finds. The label on
the chosen side comes from the perceived severity u + own noise, cut so that each label is as common as it is true.

Source: Green & Swets (1966), Signal Detection Theory and Psychophysics; Macmillan & Creelman (2005), chapters 1 to 3.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from data.simulation.arrays import Flags, Floats, Positions
from data.simulation.world import FIRST_VIOLATING, LABELS

AMBIGUITIES = np.array([0.4, 0.6, 0.8, 0.95])
"""The ambiguities of items, equally common."""
SEVERITY_NOISE = 0.35
"""The standard deviation of a reviewer's own error about severity, on the scale of u."""
TRUE_CUTS = (ndtri([0.8]), ndtri([0.4, 0.7, 0.9]))
"""The cuts of u that make the true label, for items that do not violate and for those that do."""
_SPREAD = np.sqrt(1 + SEVERITY_NOISE**2)
PERCEIVED_CUTS = ((TRUE_CUTS[0] * _SPREAD, np.array([1.4, 2.4])), (np.array([-0.5]), TRUE_CUTS[1] * _SPREAD))
"""The cuts of perceived severity, by whether the item violates and whether it is taken to: who misses a violation calls
it borderline more often than not, and who raises a false alarm mostly takes the mildest measure."""


def true_labels(violating: Flags, u: Floats) -> Positions:
    """The right label of items, as positions in `LABELS`."""
    mild, severe = (np.searchsorted(cuts, u, side="right") for cuts in TRUE_CUTS)
    return np.where(violating, FIRST_VIOLATING + severe, mild).astype(np.int8)


def signals(skill: Floats, leaning: Floats, violating: Flags | Positions) -> Floats:
    """How far the mean perception of an item lies above the criterion: z of the chance to take it for violating."""
    return np.where(violating, skill / 2, -skill / 2) - leaning


def decide(
    signal: Floats, violating: Flags, u: Floats, ambiguity: Floats, *, random: np.random.Generator
) -> tuple[Positions, Floats]:
    """The label of each decision, as a position in `LABELS`, and how far x was from the criterion, over it positive."""
    noise, blur = random.standard_normal((2, len(u)))
    beyond = signal + np.sqrt(1 - ambiguity) * u + np.sqrt(ambiguity) * noise
    perceived = u + SEVERITY_NOISE * blur
    labels = np.empty(len(u), dtype=np.int8)
    for is_violating in (0, 1):
        for taken in (0, 1):
            rows = (violating == is_violating) & ((beyond > 0) == taken)
            cuts = PERCEIVED_CUTS[is_violating][taken]
            labels[rows] = np.searchsorted(cuts, perceived[rows], side="right") + taken * FIRST_VIOLATING
    return labels, beyond


def label_chances(signal: Floats, violating: Flags, u: Floats, ambiguity: Floats) -> Floats:
    """The chance of every label (rows x `LABELS`) of a decision about an item whose u and ambiguity are known."""
    taken = ndtr((signal + np.sqrt(1 - ambiguity) * u) / np.sqrt(ambiguity))
    chances = np.zeros((len(u), len(LABELS)))
    for is_violating in (0, 1):
        rows = violating == is_violating
        for side, share in ((0, 1 - taken[rows]), (1, taken[rows])):
            graded = severity_chances(u[rows], is_violating, side)
            first = side * FIRST_VIOLATING
            chances[rows, first : first + graded.shape[1]] = share[:, None] * graded
    return chances


def severity_chances(u: Floats, is_violating: int, taken: int) -> Floats:
    """The chances of the labels of one side, given that it is chosen (rows x labels of that side that are given)."""
    below = ndtr((PERCEIVED_CUTS[is_violating][taken][None, :] - u[:, None]) / SEVERITY_NOISE)
    edges = np.column_stack([np.zeros(len(u)), below, np.ones(len(u))])
    return np.diff(edges, axis=1)
