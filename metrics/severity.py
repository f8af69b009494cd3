"""Whether decisions are harsher or milder than gold, in steps of severity, allowing for the cases that came."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from metrics.case_mix import BORROWED, case_mix, codes
from metrics.estimate import Z_95, Estimate, undefined
from metrics.options import Options
from metrics.taxonomy import Taxonomy

NO_ORDER = "labels have no order, so no decision is harsher than another: give `severity` in labels"


def severity_shift(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001
    """By how many steps each slice's answers are harsher than gold (above 0) or milder, on the same mix of cases.

    Each answer counts the ranks between the given label and gold's. What all others would give on the same policies,
    languages and gold labels is taken off, and the mean shift of all is added, so that a slice alone has its own mean.
    The standard error is that of a slice's own answers around what was expected, to which others lend as many as a cell
    borrows: one that was never off may be next time. Answers are taken for independent.
    """
    n = [int(part["answers"].sum()) for part in parts]
    if taxonomy.values is None or not sum(n):
        return [undefined(each, NO_ORDER if each else "no answers on gold") for each in n]
    tallies = pl.concat([part.with_columns(reviewer=pl.lit(place)) for place, part in enumerate(parts)])
    ranks = np.unique(taxonomy.values, return_inverse=True)[1]
    gold, given = codes(tallies, taxonomy)
    shift = (ranks[given] - ranks[gold]).astype(float)
    mix = case_mix(tallies, gold, {"shift": shift, "squared": shift**2})
    usual, squared = mix.usual("shift"), mix.usual("squared")
    answers, shifted = mix.of_people(mix.answers), mix.of_people(mix.sums["shift"] - mix.answers * usual)
    own = mix.of_people(mix.sums["squared"] - 2 * usual * mix.sums["shift"] + mix.answers * usual**2)
    lent = mix.of_people(mix.answers * (squared - usual**2)) / answers
    variance = (own - shifted**2 / answers + BORROWED * lent) / (answers + BORROWED)
    value = shift @ tallies["answers"].to_numpy() / sum(n) + shifted / answers
    half = Z_95 * np.sqrt(np.maximum(variance, 0) / answers)
    found = dict(zip(mix.people.to_list(), zip(value.tolist(), half.tolist(), strict=True), strict=True))
    return [_estimate(*found.get(place, (0.0, 0.0)), n=each) for place, each in enumerate(n)]


def _estimate(value: float, half: float, *, n: int) -> Estimate:
    if not n:
        return undefined(0, "no answers on gold")
    return Estimate(value, value - half, value + half, n, "adjusted to the mean mix of cases")
