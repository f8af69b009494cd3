"""Between which shares of errors chance alone keeps those who are as good as all, by how many answers they gave."""

import numpy as np
import polars as pl

from metrics.linearisation import Array

LEVELS = {"95": 0.025, "998": 0.001}
"""The limits that are drawn, and the chance to lie beyond each on either side."""


def exact_limit(share: float, n: Array, tail: float) -> Array:
    """The quantile of a binomial share, interpolated between whole counts; below 0 and above 1 it is not cut off.

    Source: Spiegelhalter (2005), doi:10.1002/sim.1970, appendix A.1.1.
    """
    from scipy.special import bdtr, bdtrik  # noqa: PLC0415 - slow to load

    # Rounding must not make one count too many of a quantile that is a whole number.
    count = np.maximum(np.ceil(np.nan_to_num(bdtrik(tail, n, share)) - 1e-9), 0)
    whole = n.astype(np.int64)
    at, before = bdtr(count, whole, share), np.where(count > 0, bdtr(np.maximum(count - 1, 0), whole, share), 0)
    limit: Array = (count - (at - tail) / (at - before)) / n
    return limit


def limits(share: float, answers: Array, *, tau2: float = 0.0) -> pl.DataFrame:
    """The limits for each number of answers: `answers, low_95, high_95, low_998, high_998, overall`, within 0 and 1.

    `tau2` is the variance of the true shares of ordinary people on the arcsine scale; above 0 it widens the limits,
    which are then those of a normal law there. Source: Spiegelhalter (2005), doi:10.1002/sim.1970.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - slow to load

    found = {"answers": answers}
    for name, tail in LEVELS.items():
        for side, level in (("low", tail), ("high", 1 - tail)):
            if tau2 > 0:
                angle = np.arcsin(np.sqrt(share)) + ndtri(level) * np.sqrt(0.25 / answers + tau2)
                limit = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
            else:
                limit = exact_limit(share, answers, level)
            found[f"{side}_{name}"] = np.clip(limit, 0, 1)
    return pl.DataFrame(found).with_columns(overall=pl.lit(share))
