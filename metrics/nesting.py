"""Segments within segments: what each holds of two windows, and what of a change each of them adds.

A row of every array is the observation or a draw, a column a segment. The formulas are those of `metrics.waterfall`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """The last level's segments in a window, a row a draw: observations and means."""

    n: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """The segments of a level, a column each: what they hold, what is above them, and their share of that and mean."""

    member: Floats
    place: Floats
    share: tuple[Floats, Floats]
    value: tuple[Floats, Floats]
    n: tuple[Floats, Floats]


def segments(drawn: Sequence[Window], paths: Sequence[tuple[str, ...]], depth: int) -> Level:
    """The segments of a depth: 0 is the whole."""
    above: dict[tuple[str, ...], int] = {}
    segments: dict[tuple[str, ...], int] = {}
    for path in paths:
        above.setdefault(path[: max(depth - 1, 0)], len(above))
        segments.setdefault(path[:depth], len(segments))
    member = np.zeros((len(paths), len(segments)))
    member[range(len(paths)), [segments[path[:depth]] for path in paths]] = 1
    of_above = np.zeros((len(segments), len(above)))
    of_above[range(len(segments)), [above[path[: max(depth - 1, 0)]] for path in segments]] = 1
    n = [window.n @ member for window in drawn]
    total = [np.nan_to_num(window.n * window.value) @ member for window in drawn]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = [sums / sizes for sums, sizes in zip(total, n, strict=True)]
        share = [sizes / (sizes @ of_above @ of_above.T) for sizes in n]
    value, share = _filled(value), _filled(share)
    return Level(member, of_above, (share[0], share[1]), (value[0], value[1]), (n[0], n[1]))


def _filled(pair: Sequence[Floats]) -> list[Floats]:
    """What one window cannot tell is as in the other."""
    one, other = pair
    return [np.nan_to_num(np.where(np.isnan(one), other, one)), np.nan_to_num(np.where(np.isnan(other), one, other))]


def _weight(nested: Sequence[Level], depth: int) -> Floats:
    """The mean share of the whole that the segments of a depth stand for: the product of those above."""
    weight = np.ones((nested[0].n[0].shape[0], 1))
    for level in nested[1 : depth + 1]:
        weight = (weight @ level.place.T) * (level.share[0] + level.share[1]) / 2
    return weight


def mix(nested: Sequence[Level], depth: int) -> Floats:
    """What other shares at a depth add, a column a segment."""
    level = nested[depth]
    share, value = (level.share[0] + level.share[1]) / 2, (level.value[0] + level.value[1]) / 2
    middle = (share * value) @ level.place @ level.place.T
    return (_weight(nested, depth - 1) @ level.place.T) * (level.share[1] - level.share[0]) * (value - middle)


def within(nested: Sequence[Level]) -> Floats:
    """What other values in the segments of the last level add."""
    last = nested[-1]
    return _weight(nested, len(nested) - 1) * (last.value[1] - last.value[0])
