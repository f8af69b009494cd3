"""How right the auditors themselves are, and what that does to what they say, from the counts of `audits`.

Some decisions were audited by two auditors, blind. What they say of the auditors rests on one assumption: two auditors,
equally good, err independently of each other and of the reviewer, given whether the content violates. Where hard cases
mislead everybody alike, auditors look better than they are. Intervals are the middle 95 % of draws from the posterior.
"""

import math

import numpy as np
import polars as pl

from metrics.audit_tables import counted, draws, middle, violating_labels, violation
from metrics.estimate import Estimate, share, undefined
from metrics.footing import FEWEST
from metrics.linearisation import Array, quotient
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

ASSUMED = "if two equal auditors err independently"
UNTOLD = "the double audits do not tell how good auditors are: both kinds of decisions look alike, or agree too little"
_LEAST = 0.9
"""Of draws that must tell something before their middle is an interval."""


def agreement(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:  # noqa: ARG001 - as every metric
    """Of the decisions that two auditors audited, the share to which both gave the same label."""
    pairs = _doubled(counts)
    same = pairs.filter(pl.col("audit_label") == pl.col("second_label"))["audits"].sum()
    return share(int(same), int(pairs["audits"].sum()), counted="double audits")


def sensitivity(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often an auditor calls violating what violates: see `ability`."""
    return _ability(counts, taxonomy, options, of=0)


def specificity(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """How often an auditor lets pass what does not violate: see `ability`."""
    return _ability(counts, taxonomy, options, of=1)


def corrected_prevalence(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of decisions on violating content, had auditors never erred."""
    return _corrected(counts, taxonomy, options, of=np.array([[0, 1], [0, 1]]))


def corrected_accuracy(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of decisions that rightly say violating or not, had auditors never erred."""
    return _corrected(counts, taxonomy, options, of=np.eye(2))


def ability(pairs: Array) -> Array:
    """Sensitivity and specificity of one of two equal auditors, (…, 2); not a number where they cannot be told.

    `pairs` (…, 2, 3) counts double audits that found nothing, differ, and both found a violation: of decisions that do
    not say violating and that do. Whatever is audited, the share m that an auditor finds and the share d that only the
    first finds lie on a line, which meets d = m (1 − m) at m = 1 − specificity and m = sensitivity; two kinds of
    decisions draw the line. Source: Hui and Walter (1980), doi:10.2307/2530508.
    """
    whole = pairs.sum(axis=-1)
    differ = quotient(pairs[..., 1], 2 * whole)
    found = quotient(pairs[..., 2], whole) + differ
    slope = quotient(differ[..., 1] - differ[..., 0], found[..., 1] - found[..., 0])
    height = differ[..., 0] - slope * found[..., 0]
    with np.errstate(invalid="ignore"):
        root = np.sqrt((1 - slope) ** 2 - 4 * height)
    ends = np.stack([(1 - slope + root) / 2, 1 - (1 - slope - root) / 2], axis=-1)
    told: Array = np.where(ends.sum(axis=-1, keepdims=True) > 1, np.clip(ends, 0, 1), np.nan)
    return told


def corrected(share: Array, sensitivity: Array, specificity: Array) -> Array:
    """What share violates where auditors of this ability find so much; beyond 0 and 1 where they could not.

    Source: Rogan and Gladen (1978), doi:10.1093/oxfordjournals.aje.a112510.
    """
    return quotient(share + specificity - 1, sensitivity + specificity - 1)


def what_if(estimate: Estimate, *, auditor: float) -> Estimate:
    """The share of right decisions if so large a share of the auditors' verdicts were right, of decisions right or not.

    A verdict that errs about a wrong decision takes it for right, as with two labels. The limits move like the value;
    auditors who err too often to have found so much right leave none.
    """
    if estimate.value is None:
        return estimate
    right, found = np.array(auditor), np.array([estimate.value, estimate.low, estimate.high], dtype=float)
    value, *ends = corrected(found, right, right).tolist()
    if not 0 <= value <= 1:
        return undefined(estimate.n, "auditors who err so often could not have found this")
    low, high = (None if math.isnan(end) else min(max(end, 0.0), 1.0) for end in ends)
    return Estimate(value, low, high, estimate.n, f"if {100 * auditor:g} % of auditors' verdicts were right")


def _ability(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, *, of: int) -> Estimate:
    n = int(_doubled(counts)["audits"].sum())
    try:
        known, drawn = _told(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    value = float(known[of])
    return Estimate(value, *middle(drawn[:, of], value), n, ASSUMED)


def _corrected(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, *, of: Array) -> Estimate:
    try:
        sample = violation(counts, taxonomy, options)
        known, drawn = _told(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(int(counted(counts)["audits"].sum()), str(reason))
    value = float(_share(sample.table(sample.weights), known, of))
    low, high = middle(_share(draws(sample, options), drawn, of), value)
    return Estimate(value, low, high, int(sample.audits.sum()), "; ".join(filter(None, (ASSUMED, sample.note))))


def _share(tables: Array, known: Array, of: Array) -> Array:
    """The share of decisions that are in some cells, once what auditors found of either side is corrected."""
    decisions = tables.sum(axis=-1)
    violating = corrected(quotient(tables[..., 1], decisions), known[..., :1], known[..., 1:])
    true = np.stack([1 - violating, violating], axis=-1) * decisions[..., None]
    within: Array = np.clip((true * of).sum(axis=(-2, -1)) / decisions.sum(axis=-1), 0, 1)
    return within


def _told(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> tuple[Array, Array]:
    """Sensitivity and specificity, and draws of both; an error where the double audits do not tell them."""
    pairs = _pairs(counts, taxonomy, options)
    least = int(pairs.sum(axis=1).min())
    if least < FEWEST:
        raise UndefinedError(f"withheld: {least} double audits of one kind of decision, fewer than {FEWEST}")
    random = np.random.default_rng([options.seed, 1])
    drawn = ability(random.standard_gamma(pairs + 0.5, (options.replicates, 2, 3)))
    known = ability(pairs)
    if not np.isfinite(known).all() or np.isfinite(drawn).all(axis=1).mean() < _LEAST:
        raise UndefinedError(UNTOLD)
    return known, drawn


def _pairs(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Array:
    """The double audits that found no violation, one and two, of decisions that do not say violating and that do."""
    labels = violating_labels(taxonomy, options)
    rows = _doubled(counts).select(
        "audits",
        said=pl.col("label").is_in(labels).cast(pl.Int64),
        found=pl.col("audit_label").is_in(labels).cast(pl.Int64) + pl.col("second_label").is_in(labels).cast(pl.Int64),
    )
    pairs = np.zeros((2, 3))
    np.add.at(pairs, (rows["said"].to_numpy(), rows["found"].to_numpy()), rows["audits"].to_numpy())
    return pairs


def _doubled(counts: pl.DataFrame) -> pl.DataFrame:
    """The counts of decisions that two auditors audited."""
    return counted(counts).drop_nulls("second_label")
