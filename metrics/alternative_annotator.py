"""May a model replace a reviewer? Calderon, Reichart and Dror's alternative annotator test, from aggregated counts.

Each reviewer is left out in turn: is the model, or are they, more often like the others who decided on the item? Counts
of `alternative_annotators`: a row per reviewer with how many items the model is closer to the others on, how many it is
as close on, and how many the reviewer is closer on (`model_closer, alike, reviewer_closer`).
Source: Calderon, Reichart and Dror (2025), doi:10.18653/v1/2025.acl-long.782.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Estimate, undefined, without_interval
from metrics.intervals import SHARE
from metrics.leaving_out import over_reviewers
from metrics.linearisation import Array
from metrics.multiplicity import benjamini_yekutieli
from metrics.options import Options
from metrics.taxonomy import Taxonomy

FEWEST_ITEMS, FEWEST_REVIEWERS = 30, 3
"""What the authors ask for, so that a mean is near normal and the others are more than one person."""
FALSE_DISCOVERY_RATE = 0.05
PASSED = 0.5
"""The share of reviewers from which the model may replace one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """The reviewers who were left out in turn: p-values that the model is worse, and how often it is as close.

    `advantages` are the shares of a reviewer's items on which the model is at least as like the others; `left_out` is
    how many reviewers have too few items.
    """

    p: Array
    advantages: Array
    left_out: int

    @property
    def won(self) -> int:
        """Of how many reviewers it is shown that the model stands for the others as well, within the margin."""
        return int((benjamini_yekutieli(self.p) <= FALSE_DISCOVERY_RATE).sum())


def trial(counts: pl.DataFrame, *, margin: float) -> Trial:
    """The test of every reviewer with enough items: that the reviewer is closer by less than the margin.

    A one-sided t-test of the difference of two indicators, of which every item gives -1, 0 or 1.
    """
    from scipy.special import stdtr  # noqa: PLC0415 - slow to load

    closer, alike, further = (counts[name].to_numpy() for name in ("model_closer", "alike", "reviewer_closer"))
    items = closer + alike + further
    enough = items >= FEWEST_ITEMS
    closer, further, items = closer[enough], further[enough], items[enough]
    mean = (further - closer) / items
    error = np.sqrt((further + closer - items * mean**2) / (items - 1) / items)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (mean - margin) / error
    p = np.where(error > 0, stdtr(items - 1, t), (mean >= margin).astype(float))
    return Trial(p, (items - further) / items, int((~enough).sum()))


def winning_rate(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - as all are
    """The share of reviewers whom the model could replace, within `options.margin`; the note answers in words."""
    found = trial(counts, margin=options.margin)
    n = len(found.p)
    if n < FEWEST_REVIEWERS:
        return undefined(n, _too_few(n))
    rate, margin = found.won / n, f"{options.margin:.0%}".replace("%", " %")
    aside = f"; {found.left_out} with fewer than {FEWEST_ITEMS} such items were not tested" if found.left_out else ""
    verdict = "yes: " if rate >= PASSED else "not shown: only "
    shown = f"of {found.won} of {n} reviewers the model is shown to be as like the others, within {margin}"
    return without_interval(rate, n, f"{verdict}{shown}{aside}")


def advantage_probability(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - so
    """How likely the model is at least as like the others as a reviewer is, averaged over reviewers."""
    found = trial(counts, margin=options.margin)
    n = len(found.advantages)
    if n < FEWEST_REVIEWERS:
        return undefined(n, _too_few(n))
    value = float(found.advantages.mean())
    without_each = (found.advantages.sum() - found.advantages) / (n - 1)
    return over_reviewers(value, without_each, bounds=SHARE, n=n)


def _too_few(n: int) -> str:
    have = "reviewer has" if n == 1 else "reviewers have"
    return (
        f"too few to say: {n} {have} {FEWEST_ITEMS} items that others decided on too, and {FEWEST_REVIEWERS} are needed"
    )
