"""Intervals and tests of shares: thin names over statsmodels and scipy, with R's answer where theirs differs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import chi2_contingency, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from metrics.estimate import Z_95, wilson

ShareInterval = Literal["wilson", "wilson_corrected", "clopper_pearson", "wald", "agresti_coull", "jeffreys"]
_STATSMODELS = {"clopper_pearson": "beta", "wald": "normal"}


@dataclass(frozen=True, slots=True)
class Significance:
    """A test statistic with its degrees of freedom and p-value."""

    statistic: float
    degrees_of_freedom: int
    p: float


def share_interval(part: float, whole: float, *, method: ShareInterval = "wilson") -> tuple[float, float]:
    """The 95 % interval of `part` of `whole`, within 0 and 1.

    Jeffreys' ends at 0 where nothing was found and at 1 where everything was: Brown, Cai and DasGupta (2001),
    doi:10.1214/ss/1009213286. The corrected Wilson interval is R's `prop.test`: Newcombe (1998), method 4.
    """
    if method == "wilson":
        return wilson(part, whole)
    if method == "wilson_corrected":
        return 1 - _corrected_upper(whole - part, whole), _corrected_upper(part, whole)
    low, high = proportion_confint(part, whole, alpha=0.05, method=_STATSMODELS.get(method, method))
    if method == "jeffreys":
        low, high = low if part > 0 else 0, high if part < whole else 1
    return max(float(low), 0.0), min(float(high), 1.0)


def difference_interval(part: int, whole: int, other_part: int, other_whole: int) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares: Newcombe (1998), method 10, 17:873-890."""
    low, high = confint_proportions_2indep(part, whole, other_part, other_whole, compare="diff", method="newcomb")
    return float(low), float(high)


def homogeneity(parts: Sequence[int], wholes: Sequence[int]) -> Significance:
    """Pearson's test that several shares are one, without a continuity correction."""
    found = chi2_contingency(_split(parts, wholes), correction=False)
    return Significance(float(found.statistic), int(found.dof), float(found.pvalue))


def exact_difference(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """Fisher's exact p-value that two shares are one."""
    return float(fisher_exact(np.array(_split((part, other_part), (whole, other_whole)))).pvalue)


def _split(parts: Sequence[int], wholes: Sequence[int]) -> list[list[int]]:
    return [[part, whole - part] for part, whole in zip(parts, wholes, strict=True)]


def _corrected_upper(part: float, whole: float) -> float:
    share = (part + min(0.5, abs(part - whole / 2))) / whole
    if share >= 1:
        return 1.0
    extra = Z_95**2 / (2 * whole)
    return (share + extra + Z_95 * math.sqrt(share * (1 - share) / whole + extra / (2 * whole))) / (1 + 2 * extra)
