"""How well violating content is told from the rest, and which way answers lean, from the counts of `gold_answers`.

Signal detection takes it that a reviewer senses how bad an item is, with normal noise of the same spread for violating
items and for others, and calls violating what lies above a line of their own. d′ is how far apart the two kinds lie, c
how far the line is from the middle between them, both in standard deviations of the noise. Source: Green and Swets
(1966), ISBN 0-932146-23-6; formulas of Stanislaw and Todorov (1999), doi:10.3758/BF03207704.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple, cast

import polars as pl

from metrics.accuracy import sides
from metrics.estimate import Estimate, undefined, wilson
from metrics.footing import FEWEST
from metrics.gold_items import effective_answers
from metrics.intervals import SAME_REVIEWERS
from metrics.options import Options
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

Weights = tuple[float, float]
D_PRIME: Weights = (1.0, -1.0)
CRITERION: Weights = (-0.5, -0.5)
"""How the scores of hits and of false alarms add up."""


class Outcome(NamedTuple):
    """How many of some answers say violating, how many there are, and as how many independent ones they count."""

    said: int
    answers: int
    effective: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A share as a standard normal score, with its variance to first order and its 95 % limits."""

    value: float
    variance: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Detection:
    """The scores of the share of hits and of the share of false alarms, and what follows from them."""

    hits: Score
    false_alarms: Score

    @property
    def d_prime(self) -> float:
        """How far apart violating and other items lie."""
        return self.summed(D_PRIME)

    @property
    def criterion(self) -> float:
        """How far the line is from the middle; above 0 more is let through, below 0 more is enforced."""
        return self.summed(CRITERION)

    @property
    def log_beta(self) -> float:
        """The logarithm of how much likelier violating is than not, for an item on the line."""
        return self.d_prime * self.criterion

    @property
    def relative_criterion(self) -> float | None:
        """The criterion in parts of d′ (c′); None where d′ is 0."""
        return self.criterion / self.d_prime if self.d_prime else None

    @property
    def standard_error(self) -> float:
        """That of d′, twice that of the criterion: Gourevitch and Galanter (1967), Psychometrika 32:25-33."""
        return math.sqrt(self.hits.variance + self.false_alarms.variance)

    def summed(self, weights: Weights) -> float:
        """The weighted sum of the two scores."""
        return weights[0] * self.hits.value + weights[1] * self.false_alarms.value

    def interval(self, weights: Weights) -> tuple[float, float]:
        """The 95 % interval of the weighted sum, in which the limits' distances from the scores add up as squares.

        Source: Zou and Donner (2008), doi:10.1002/sim.3095. Items are taken for
        independent.
        """
        scores = zip((self.hits, self.false_alarms), weights, strict=True)
        ends = [sorted((w * (score.low - score.value), w * (score.high - score.value))) for score, w in scores]
        below, above = (math.hypot(*distances) for distances in zip(*ends, strict=True))
        return self.summed(weights) - below, self.summed(weights) + above


def d_prime(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Sensitivity: the score of the share of hits less that of the share of false alarms."""
    return _estimate(counts, taxonomy, options, weights=D_PRIME)


def criterion(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """Leaning: half the sum of the scores of hits and of false alarms, with the sign turned."""
    return _estimate(counts, taxonomy, options, weights=CRITERION)


def detection(hits: Outcome, false_alarms: Outcome, *, corrected: bool = True) -> Detection | None:
    """What hits among answers to violating gold and false alarms among the others say; None where one has no score."""
    hit, false_alarm = (score(*outcome, corrected=corrected) for outcome in (hits, false_alarms))
    return Detection(hit, false_alarm) if hit and false_alarm else None


def score(said: int, answers: int, effective: float | None = None, *, corrected: bool = True) -> Score | None:
    """The score of `said` of `answers`; None without answers and, unless `corrected`, where the share is 0 or 1.

    The log-linear correction adds a half to what was said and one to the answers: Hautus (1995),
    doi:10.3758/BF03203619. The answers are taken for independent, or for as good as `effective` independent ones.
    """
    whole = answers + corrected
    part = (said + corrected / 2) / whole if answers else 0.0
    if not 0 < part < 1:
        return None
    value = _score(part)
    independent = answers if effective is None else effective
    variance = part * (1 - part) / ((independent + corrected) * NormalDist().pdf(value) ** 2)
    return Score(value, variance, *_limits(said / answers * independent, independent))


def _limits(said: float, answers: float) -> tuple[float, float]:
    """The scores of Wilson's limits and, where those are 0 or 1 and have no score, of Jeffreys'."""
    from scipy.special import betaincinv  # noqa: PLC0415 - only these scores need it, and it is slow to load

    low, high = wilson(said, answers)
    # Taken at 0, where floating-point numbers are dense; the other end is its mirror image.
    jeffreys = _score(float(betaincinv(0.5, answers + 0.5, 0.025)))
    return (
        jeffreys if said == 0 else _score(low),
        -jeffreys if said == answers else _score(high),
    )


def _score(share: float) -> float:
    """The standard normal score of a share."""
    from scipy.special import ndtri  # noqa: PLC0415 - slow to load

    return float(ndtri(share))


def outcomes(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> tuple[Outcome, Outcome]:
    """How often answers say violating to violating gold and to other gold; `UndefinedError` where that is not known."""
    answers = counts["answers"].to_numpy()
    gold, given = sides(counts, taxonomy, options)
    hits, false_alarms = (
        Outcome(
            int(answers @ (kind & given)),
            int(answers @ kind),
            effective_answers(counts.filter(pl.Series(kind, dtype=pl.Boolean)), given[kind].astype(float)),
        )
        for kind in (gold, ~gold)
    )
    if min(hits.answers, false_alarms.answers) < FEWEST:
        known = f"{hits.answers} answers on gold that violates, {false_alarms.answers} on gold that does not"
        raise UndefinedError(f"withheld: {known}, fewer than {FEWEST} of a kind")
    return hits, false_alarms


def _estimate(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options, *, weights: Weights) -> Estimate:
    """The weighted sum of the scores, where there are enough answers to gold of both kinds."""
    n = int(counts["answers"].sum())
    try:
        found = detection(*outcomes(counts, taxonomy, options))
    except UndefinedError as reason:
        return undefined(n, str(reason))
    # With answers to both kinds, corrected scores exist.
    known = cast("Detection", found)
    return Estimate(known.summed(weights), *known.interval(weights), n, SAME_REVIEWERS)
