"""The sums from which the true coefficients of agreement on overlap items are read.

Two reviewers of an item agree with a chance that follows from their signals (see `chances.py`); reviews are grouped by
item and slice, as the product groups them, so that a pair counts in a slice when both its reviews do.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from data.simulation.arrays import Floats, Positions
from data.simulation.chances import read, read_pairs, tables
from data.simulation.components import components
from data.simulation.day import Day
from data.simulation.decisions import signals
from data.simulation.house import House
from data.simulation.world import LABELS

K = len(LABELS)
WIDTH = 2 * K + 5
"""Disagreement and number of pairable ratings; agreement and number of pairable items, items; label shares twice."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The overlap reviews of a day: their places, the pairs on one item, the chances to agree and of each label."""

    rows: Positions
    first: Positions
    second: Positions
    agree: Floats
    labels: Floats

    @classmethod
    def of(cls, house: House, day: Day) -> "Shared":
        """The chances of a day's overlap reviews."""
        rows = np.concatenate([np.arange(start, start + items * size) for start, items, size in day.dealt.blocks])
        first, second = _pairs(day.dealt.blocks, offset=int(rows[0]) if len(rows) else 0)
        agree, labels = np.zeros(len(first)), np.zeros((len(rows), K))
        for part in components(house, day, rows):
            kind = part.decided_as
            signal = signals(day.ability.skill[rows], day.ability.leaning[rows], kind)
            for each in (0, 1):
                at = kind == each
                labels[at] += part.weight[at, None] * read(tables().label[each], signal[at])
            together = read_pairs(tables().same, kind[first], kind[second], signal[first], signal[second])
            agree += part.weight[first] * together
        return cls(rows, first, second, agree, labels)

    def sums(self, codes: Positions, count: int) -> Floats:
        """The sums by slice (slices x `WIDTH`); `codes` gives the slice of every review of the day."""
        slices = codes[self.rows]
        together = slices[self.first] == slices[self.second]
        ends = np.concatenate([self.first[together], self.second[together]])
        size = 1.0 + np.bincount(ends, minlength=len(slices))
        in_pair = size[self.first[together]]
        agree, at = self.agree[together], slices[self.first[together]]
        pairable = size > 1
        columns = [
            np.bincount(at, 2 * (1 - agree) / (in_pair - 1), minlength=count),
            np.bincount(slices[pairable], minlength=count),
            np.bincount(at, 2 * agree / (in_pair * (in_pair - 1)), minlength=count),
            np.bincount(slices, pairable / size, minlength=count),
            np.bincount(slices, 1 / size, minlength=count),
        ]
        columns += [np.bincount(slices, chance * pairable, minlength=count) for chance in self.labels.T]
        columns += [np.bincount(slices, chance / size, minlength=count) for chance in self.labels.T]
        return np.column_stack(columns)


def _pairs(blocks: tuple[tuple[int, int, int], ...], *, offset: int) -> tuple[Positions, Positions]:
    """The places of every two reviews of one item, counted from the first overlap review."""
    firsts, seconds = [], []
    for start, items, size in blocks:
        places = (start - offset + np.arange(items * size)).reshape(items, size)
        for one, other in combinations(range(size), 2):
            firsts.append(places[:, one])
            seconds.append(places[:, other])
    return np.concatenate(firsts), np.concatenate(seconds)


def percent_agreement(sums: Floats) -> Floats:
    """Observed agreement of items with at least two reviews, every item weighing the same."""
    return sums[..., 2] / sums[..., 3]


def krippendorff_alpha(sums: Floats) -> Floats:
    """Krippendorff's alpha for nominal labels, of infinitely many items like these."""
    shares: Floats = sums[..., 5 : 5 + K] / sums[..., 1, None]
    by_chance: Floats = 1 - (shares**2).sum(axis=-1)
    return 1 - sums[..., 0] / sums[..., 1] / by_chance


def gwet_ac1(sums: Floats) -> Floats:
    """Gwet's AC1."""
    shares: Floats = sums[..., 5 + K :] / sums[..., 4, None]
    by_chance: Floats = (shares * (1 - shares)).sum(axis=-1) / (K - 1)
    return (percent_agreement(sums) - by_chance) / (1 - by_chance)
