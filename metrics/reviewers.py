"""Who errs more, or leans further, than the luck of ordinary people on the same cases: the funnel.

Each reviewer's errors are set against those that all others would make on the same mix of cases. Ordinary people differ
more than luck alone explains, in ways that nobody can mend; this over-dispersion is estimated from everybody, robustly,
and allowed for. Source: Spiegelhalter (2005), doi:10.1002/sim.1970; Spiegelhalter et al. (2012),
doi:10.1111/j.1467-985X.2011.01010.x.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import polars as pl

from metrics.case_mix import expected_errors
from metrics.estimate import Estimate, undefined, without_interval
from metrics.linearisation import Array, quotient
from metrics.multiplicity import benjamini_hochberg
from metrics.options import Options
from metrics.taxonomy import Taxonomy

FALSE_DISCOVERIES = 0.10
"""The share of those called outliers that may be ordinary."""
WINSORISED = 0.1
"""The share of the z-scores on either side that is drawn in before their spread is judged."""
_END = NormalDist().inv_cdf(1 - WINSORISED)
_BY_LUCK = 1 - 2 * WINSORISED - 2 * _END * NormalDist().pdf(_END) + 2 * WINSORISED * _END**2
"""The variance of standard normal scores that are so drawn in."""
_FEWEST_PEOPLE = 10
"""Of fewer, nobody can say how much ordinary people differ, and one who errs far more makes all others look good."""
FUNNEL_NOTE = "z-score: ordinary people lie within ±1.96 in 95 of 100 cases"


@dataclass(frozen=True, slots=True)
class Funnel:
    """Everybody among their like.

    `reviewers` has a row each: `reviewer, answers, errors, expected`; `rate` (errors over expected, times `overall`,
    the share of errors of all) and `crude_rate`; `z` as counted, `z_adjusted` with over-dispersion allowed for, and its
    `p`; `leaning` (false alarms less misses beyond those expected, by answer; above 0 more is enforced) with
    `z_leaning` and `p_leaning`, null where no label is known to violate; `q`, `is_outlier` and `direction`.
    `phi` is how many times more ordinary people's rates vary than by luck, and `tau2` the variance of their true rates,
    both on the arcsine scale.
    """

    reviewers: pl.DataFrame
    overall: float
    phi: float
    tau2: float

    @property
    def chance_95(self) -> float:
        """How many people chance alone would put outside the limits of 95 %."""
        return 0.05 * self.reviewers.height

    @property
    def chance_998(self) -> float:
        """How many people chance alone would put outside the limits of 99.8 %."""
        return 0.002 * self.reviewers.height


def funnel(tallies: pl.DataFrame, taxonomy: Taxonomy) -> Funnel:
    """The funnel of everybody in a frame of `reviewer, item_policy, item_language, gold_label, label, answers`.

    Who errs and who leans are two questions, and the false discoveries of each are kept to a tenth by Benjamini and
    Hochberg's method: who leans far makes hardly more errors than others, but nearly all on one side. `q` is the lower
    of the two rates at which somebody would be called, null among fewer than ten people. Both tests compare shares on
    the arcsine scale, and take answers for independent.
    """
    people = expected_errors(tallies, taxonomy)
    errors, alarms, misses = (_Kind.of_people(people, name) for name in ("errors", "alarms", "misses"))
    overall = float(quotient(errors.found.sum(), errors.of.sum())) if people.height else 0.0
    score, phi, tau2 = _adjusted(errors.beyond, errors.error)
    beyond = np.where(alarms.of + misses.of > 0, alarms.beyond - misses.beyond, np.nan)
    lean, _, _ = _adjusted(beyond, np.hypot(alarms.error, misses.error))
    leaning = quotient(alarms.found - alarms.expected - misses.found + misses.expected, alarms.of + misses.of)
    found = {
        "expected": errors.expected,
        "rate": quotient(errors.found * overall, errors.expected),
        "crude_rate": errors.found / errors.of,
        "z": quotient(errors.found - errors.expected, np.sqrt(errors.variance)),
        "z_adjusted": score,
        "p": _p(score),
        "leaning": leaning,
        "z_leaning": lean,
        "p_leaning": _p(lean),
        "q": np.fmin(*(_false_discoveries(_p(each)) for each in (score, lean))),
    }
    standing = people.select("reviewer", pl.col("errors_of").alias("answers"), "errors").with_columns(
        pl.Series(name, values).fill_nan(None) for name, values in found.items()
    )
    is_outlier = (pl.col("q") <= FALSE_DISCOVERIES).fill_null(value=False)
    return Funnel(standing.with_columns(is_outlier=is_outlier, direction=_DIRECTION), overall, phi, tau2)


def funnel_z(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001
    """Each slice's z-score in the funnel of all of them, over-dispersion allowed for; above 0 there are more errors."""
    named = [part.with_columns(reviewer=pl.lit(place)) for place, part in enumerate(parts) if not part.is_empty()]
    n = [int(part["answers"].sum()) for part in parts]
    if len(named) < _FEWEST_PEOPLE:
        return [undefined(each, f"fewer than {_FEWEST_PEOPLE} to compare with") for each in n]
    found = funnel(pl.concat(named), taxonomy).reviewers
    scores = dict(zip(found["reviewer"], found["z_adjusted"], strict=True))
    return [
        without_interval(scores[place], each, FUNNEL_NOTE)
        if scores.get(place) is not None
        else undefined(each, "no error is expected of such answers, and none was made")
        for place, each in enumerate(n)
    ]


_DIRECTION = (
    pl.when(pl.col("p_leaning").fill_null(1) < pl.col("p").fill_null(1))
    .then(pl.when(pl.col("z_leaning") > 0).then(pl.lit("enforces more")).otherwise(pl.lit("lets through more")))
    .when(pl.col("z_adjusted") > 0)
    .then(pl.lit("errs more"))
    .otherwise(pl.lit("errs less"))
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Errors of one kind: how many each reviewer made, of how many answers, and how many are expected."""

    found: Array
    of: Array
    expected: Array
    variance: Array

    @classmethod
    def of_people(cls, people: pl.DataFrame, name: str) -> "_Kind":
        """The columns of `expected_errors` for one kind."""
        columns = (name, f"{name}_of", f"{name}_expected", f"{name}_variance")
        return cls(*(people[column].to_numpy().astype(float) for column in columns))

    @property
    def usual(self) -> Array:
        """The share that is expected."""
        usual: Array = np.clip(np.nan_to_num(quotient(self.expected, self.of)), 0, 1)
        return usual

    @property
    def beyond(self) -> Array:
        """How far the share lies beyond what is expected, on the arcsine scale; 0 of no answers.

        Ordinary people's shares are nearly normal there, where plain shares have a long tail of ordinary people who
        would be called. Source: Anscombe (1948), doi:10.1093/biomet/35.3-4.246.
        """
        share = (self.found + 0.375) / (self.of + 0.75)
        beyond: Array = np.where(self.of > 0, np.arcsin(np.sqrt(share)) - np.arcsin(np.sqrt(self.usual)), 0)
        return beyond

    @property
    def error(self) -> Array:
        """The standard error of that; less where the cases are unlike, and some errors more likely than others."""
        unlike = np.nan_to_num(quotient(self.variance, self.expected * (1 - self.usual)), nan=1.0)
        error: Array = np.where(self.of > 0, np.sqrt(unlike / (4 * np.maximum(self.of, 1))), 0)
        return error


def _adjusted(beyond: Array, error: Array) -> tuple[Array, float, float]:
    """The z-scores of distances with over-dispersion allowed for, φ and τ²; `error` is each one's standard error.

    The spread of the scores is judged without their tails, in parts of what luck alone would leave: uncorrected, it
    would be taken for a third too small. Where it is more than luck's, ordinary people's true distances have the
    variance that DerSimonian and Laird's moment gives: doi:10.1016/0197-2456(86)90046-2.
    """
    score = quotient(beyond, error)
    known = np.isfinite(score)
    people = int(known.sum())
    if people < _FEWEST_PEOPLE:
        return score, 1.0, 0.0
    drawn_in = np.clip(score[known], *np.quantile(score[known], [WINSORISED, 1 - WINSORISED]))
    phi = float((drawn_in**2).mean()) / _BY_LUCK
    weights = 1 / error[known] ** 2
    excess = people * phi - (people - 1)
    tau2 = max(excess / float(weights.sum() - (weights**2).sum() / weights.sum()), 0.0) if phi > 1 else 0.0
    return quotient(beyond, np.sqrt(error**2 + tau2) * np.isfinite(score)), phi, tau2


def _p(score: Array) -> Array:
    """The two-sided p-value of a normal score; not a number where there is none."""
    from scipy.special import ndtr  # noqa: PLC0415 - slow to load

    p: Array = 2 * ndtr(-np.abs(score))
    return p


def _false_discoveries(p: Array) -> Array:
    """The false discovery rate at which each would be called, of the tests that there are; unknown of a few."""
    known = np.isfinite(p)
    rates = np.full(p.shape, np.nan)
    if known.sum() >= _FEWEST_PEOPLE:
        rates[known] = benjamini_hochberg(p[known])
    return rates
