"""The one result shape, and the intervals that every topic shares."""

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal: two-sided 95 % intervals throughout."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval, how many observations it rests on, and what a reader must know.

    `value` is None when the number is undefined or withheld, or when its interval is all that can be said; `low` and
    `high` are None together when no interval can be given; `note` then says why. None never means 0.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    note: str = ""


def undefined(n: int, note: str) -> Estimate:
    """An estimate that has no value, with the reason."""
    return Estimate(None, None, None, n, note)


def without_interval(value: float, n: int, note: str) -> Estimate:
    """A value whose interval cannot be given, with the reason."""
    return Estimate(value, None, None, n, note)


def share(
    part: float, whole: int, *, counted: str = "observations", effective: float | None = None, note: str = ""
) -> Estimate:
    """`part` of `whole` with Wilson's score interval.

    The interval takes the observations for independent, or for as good as `effective` independent ones. `part` may be
    fractional (an expected count).
    """
    if whole == 0:
        return undefined(0, f"no {counted}")
    independent = whole if effective is None else effective
    low, high = wilson(part / whole * independent, independent)
    # At 0 and 1 the bound is the share itself, but for rounding.
    return Estimate(part / whole, min(low, part / whole), max(high, part / whole), whole, note)


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Wilson's 95 % score interval of `part` of `whole`, within 0 and 1.

    Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    share, extra = part / whole, Z_95**2 / whole
    middle = (share + extra / 2) / (1 + extra)
    half = math.sqrt(extra * (share * (1 - share) + extra / 4)) / (1 + extra)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def on_atanh_scale(
    value: float, standard_error: float, *, bounds: tuple[float, float] = (-1.0, 1.0)
) -> tuple[float, float]:
    """A 95 % interval for a number strictly within its bounds, symmetric on Fisher's z scale: it never leaves them.

    Assumes that the number is approximately normal on that scale. Source: Fisher (1921), Metron 1:3-32.
    """
    middle, half_range = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
    scaled = (value - middle) / half_range
    centre = math.atanh(scaled)
    half = Z_95 * standard_error / half_range / (1 - scaled * scaled)
    return middle + half_range * math.tanh(centre - half), middle + half_range * math.tanh(centre + half)
