"""Tests of change between two labellings of the same items, from their square table: thin names over statsmodels."""

import numpy as np
from scipy.stats import binom
from statsmodels.stats.contingency_tables import SquareTable, mcnemar

from metrics.linearisation import Counts
from metrics.proportions import Significance


def mcnemar_exact(table: Counts) -> float:
    """McNemar's exact p-value of a table of two labels."""
    return float(mcnemar(table, exact=True).pvalue)


def mcnemar_mid_p(table: Counts) -> float:
    """McNemar's mid-p value: what was seen counts half on either side.

    Source: Fagerland, Lydersen and Laake (2013), doi:10.1186/1471-2288-13-91.
    """
    fewer, changed = int(min(table[0, 1], table[1, 0])), int(table[0, 1] + table[1, 0])
    below = binom.cdf(fewer, changed, 0.5) - binom.pmf(fewer, changed, 0.5) / 2
    return min(float(2 * below), 1.0)


def mcnemar_chi_squared(table: Counts, *, corrected: bool = False) -> Significance:
    """McNemar's chi-squared test of a table of two labels."""
    found = mcnemar(table, exact=False, correction=corrected)
    return Significance(float(found.statistic), 1, float(found.pvalue))


def bowker_symmetry(table: Counts) -> Significance:
    """Bowker's test that changes one way are as common as changes back. Source: Bowker (1948), doi:10.2307/2280710."""
    found = _square(table).symmetry()
    return Significance(float(found.statistic), int(found.df), float(found.pvalue))


def stuart_maxwell(table: Counts) -> Significance:
    """Stuart and Maxwell's test that both use every label equally often. Source: doi:10.1093/biomet/42.3-4.412."""
    found = _square(table).homogeneity(method="stuart_maxwell")
    return Significance(float(found.statistic), int(found.df), float(found.pvalue))


def bhapkar(table: Counts) -> Significance:
    """Bhapkar's sharper version of Stuart and Maxwell's test. Source: doi:10.1080/01621459.1966.10502021."""
    found = _square(table).homogeneity(method="bhapkar")
    return Significance(float(found.statistic), int(found.df), float(found.pvalue))


def _square(table: Counts) -> SquareTable:
    # statsmodels adds a half to every cell of a table with a zero unless told not to.
    return SquareTable(np.asarray(table, dtype=float), shift_zeros=False)
