"""Agreement of reviewers two by two, from the counts of `reviewer_pairs`."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from metrics.cohen import ONE_LABEL, highest_kappa, kappa, kappa_estimate, square_table
from metrics.estimate import Estimate, on_atanh_scale, undefined, without_interval
from metrics.footing import FEWEST
from metrics.grouping import narrowed, violating_or_not
from metrics.intervals import COEFFICIENT, NO_VARIATION, ROUNDING, Meaning, estimate
from metrics.leaving_out import over_reviewers
from metrics.linearisation import Array, SmoothStatistic, quotient
from metrics.options import Options
from metrics.pair_counts import all_kappas, pair_counts
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError, agreement_weights

NO_PAIR = "no two reviewers rated the same item"
SAME_PAIR = "interval: these two reviewers, other items"
CELLS = ["label_a", "label_b", "items"]


def cohen_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Cohen's kappa of the only two reviewers there are, weighted where `options.weights` says so."""
    reason = _not_one_pair(counts)
    if reason:
        return undefined(0, reason)
    narrow, chosen, groups = narrowed(taxonomy, options)
    table = square_table(counts.select(CELLS), taxonomy, groups)
    return kappa_estimate(table, narrow, chosen, counted="items that both rated", question=SAME_PAIR)


def kappa_max(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The highest Cohen's kappa that two reviewers could reach who keep using the labels as often as they do.

    Source: Byrt, Bishop and Carlin (1993), doi:10.1016/0895-4356(93)90018-V.
    """
    reason = _not_one_pair(counts)
    if reason:
        return undefined(0, reason)
    table = square_table(counts.select(CELLS), taxonomy, narrowed(taxonomy, options)[2])
    n = int(table.sum())
    if kappa(table, np.eye(len(table))).value() is None:
        return undefined(n, ONE_LABEL)
    return without_interval(highest_kappa(table), n, "no interval: a bound that the margins set")


def light_kappa(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Light's kappa: the mean of Cohen's kappa over all pairs of reviewers that have one.

    n counts the items that two reviewers have in common, once for each two. Source: Light (1971), doi:10.1037/h0031643.
    """
    narrow, chosen, groups = narrowed(taxonomy, options)
    pairs = pair_counts(counts, taxonomy, groups)
    n = int(pairs.items.sum())
    try:
        kappas, _ = all_kappas(pairs, agreement_weights(chosen.weights or "none", narrow))
    except UndefinedError as reason:
        return undefined(n, str(reason))
    defined = np.isfinite(kappas)
    if not defined.any():
        return undefined(n, f"no pair of reviewers has a kappa: {ONE_LABEL}" if n else NO_PAIR)
    value, left_out = float(kappas[defined].mean()), int((~defined).sum())
    also = f"; {left_out} pairs without a kappa are left out" if left_out else ""
    if options.interval != "reviewers":
        return without_interval(value, n, f"interval only over reviewers, as pairs share items and reviewers{also}")
    found = over_reviewers(value, _without_each(pairs.names.filter(defined), kappas[defined]), bounds=COEFFICIENT, n=n)
    return replace(found, note=found.note + also)


def bias_index(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How much more often one of two reviewers says violating (or `options.label`) than the other does.

    Of two reviewers, the first's share minus the second's; of more, the mean size of that over all pairs, every item in
    common counting once. Source: Byrt, Bishop and Carlin (1993), doi:10.1016/0895-4356(93)90018-V.
    """
    narrow, chosen, groups = narrowed(taxonomy, options)
    n = int(counts["items"].sum())
    try:
        pairs = pair_counts(counts, taxonomy, violating_or_not(narrow)[groups])
    except UndefinedError as reason:
        return undefined(n, str(reason))
    leaning = np.column_stack([pairs.other - pairs.one, np.ones(len(pairs.one))]).astype(float)
    if pairs.names.height > 1:
        value = float(np.abs(pairs.summed(pairs.items * leaning[:, 0])).sum() / n)
        return without_interval(value, n, f"mean size over {pairs.names.height} pairs, without a sign or an interval")
    statistic = SmoothStatistic(leaning, pairs.items, lambda totals: quotient(totals[:, 0], totals[:, 1]))
    return estimate(statistic, chosen, Meaning(COEFFICIENT, SAME_PAIR, NO_PAIR), n=n)


def pairwise_agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> pl.DataFrame:
    """Every two reviewers who rated an item in common, with the agreement and Cohen's kappa of both.

    Columns: `reviewer_a, reviewer_b, n, percent_agreement, cohen_kappa, low, high, note`; null where undefined.
    """
    narrow, chosen, groups = narrowed(taxonomy, options)
    pairs = pair_counts(counts, taxonomy, groups)
    reason, kappas, errors = ONE_LABEL, *np.full((2, pairs.names.height), np.nan)
    try:
        kappas, errors = all_kappas(pairs, agreement_weights(chosen.weights or "none", narrow))
    except UndefinedError as missing:
        reason = str(missing)
    disagreed = pairs.summed(pairs.items * (pairs.one != pairs.other))
    found = pairs.names.with_columns(
        n=pairs.n, percent_agreement=1 - disagreed / pairs.n, cohen_kappa=pl.Series(kappas).fill_nan(None)
    )
    schema = {"low": pl.Float64, "high": pl.Float64, "note": pl.String}
    intervals = pl.DataFrame(_with_intervals(kappas, errors, disagreed, reason=reason), schema=schema, orient="row")
    return pl.concat([found, intervals], how="horizontal")


def _with_intervals(
    kappas: Array, errors: Array, disagreed: Array, *, reason: str
) -> Iterator[tuple[float | None, float | None, str]]:
    for value, error, different in zip(kappas.tolist(), errors.tolist(), disagreed.tolist(), strict=True):
        if np.isnan(value):
            yield None, None, reason
        elif different < FEWEST:
            yield None, None, f"no interval: they disagree on {different:.0f} items, fewer than {FEWEST}"
        elif error < ROUNDING or abs(value) >= 1:
            yield None, None, NO_VARIATION
        else:
            yield *on_atanh_scale(value, error), SAME_PAIR


def _without_each(names: pl.DataFrame, kappas: Array) -> Array:
    """The mean of pairwise kappas without each reviewer in turn."""
    codes = pl.concat([names["reviewer_a"], names["reviewer_b"]]).rank("dense").cast(pl.Int64).to_numpy() - 1
    theirs = np.bincount(codes, weights=np.concatenate([kappas, kappas]))
    return quotient(kappas.sum() - theirs, (len(kappas) - np.bincount(codes)).astype(float))


def _not_one_pair(counts: pl.DataFrame) -> str:
    pairs = counts.select("reviewer_a", "reviewer_b").unique().height
    if pairs == 0:
        return NO_PAIR
    if pairs == 1:
        return ""
    return (
        f"Cohen's kappa is of two reviewers and here are {pairs} pairs: name two with --where reviewer=…, "
        "list all with `evenhand matrix pairs`, or take conger_kappa, which is of all reviewers"
    )
