"""Whether reviewers follow a model's answer because they see it, from the counts of `anchoring`."""

import math

import polars as pl

from metrics.estimate import Estimate, undefined
from metrics.intervals import COEFFICIENT, Meaning, around
from metrics.options import Options
from metrics.taxonomy import Taxonomy

LIKE_CONTENT = "interval: these reviews, taken for independent, on content of the same policy, language and stage"


def anchoring_lift(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - as all are
    """How much more often reviews agree with the model's answer where it was shown than where it was not.

    Mantel and Haenszel's common difference over strata of like content. Sources: Greenland and Robins (1985),
    doi:10.2307/2530643; its variance, for few large strata and many small: Sato (1989), Biometrics 45:1323-1324.
    """
    shown, blind = int(counts["shown"].sum()), int(counts["blind"].sum())
    if shown == 0 or blind == 0:
        return undefined(0, f"no review was made {'with' if blind else 'without'} the model's answer on the screen")
    both = counts.filter((pl.col("shown") > 0) & (pl.col("blind") > 0))
    if both.is_empty():
        return undefined(0, "no policy, language and stage has reviews of both kinds")
    one, other, agreed, agreed_blind = (
        both[name].to_numpy().astype(float) for name in ("shown", "blind", "shown_agreed", "blind_agreed")
    )
    every = one + other
    weight = float((one * other / every).sum())
    value = float(((agreed * other - agreed_blind * one) / every).sum()) / weight
    moved = (one**2 * agreed_blind - other**2 * agreed + one * other * (other - one) / 2) / every**2
    mixed = (agreed * (other - agreed_blind) + agreed_blind * (one - agreed)) / (2 * every)
    error = math.sqrt(max(value * float(moved.sum()) + float(mixed.sum()), 0.0)) / weight
    left = shown - int(one.sum())
    aside = f"; {left:,} reviews with the answer shown have no like without" if left else ""
    return around(value, error, Meaning(COEFFICIENT, LIKE_CONTENT + aside, ""), n=int(every.sum()))
