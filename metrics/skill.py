"""Skill and leaning of everybody at once: the map, and what all would come to on the same content.

With few answers everybody's d′ and c are mostly luck, so they are drawn towards those of all, by as much as that is.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.case_mix import codes, numbers
from metrics.estimate import Z_95, Estimate, undefined
from metrics.footing import FEWEST
from metrics.intervals import SAME_REVIEWERS
from metrics.linearisation import Array
from metrics.options import Options
from metrics.pooling import pooled_detection
from metrics.signal_detection import outcomes
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

LEAST_SKILL = 0.1
TOLERATED = 1.1
"""How many times the least expected cost a leaning may come to and still lie in the target zone."""
_ZONE = np.linspace(-3, 3, 1201)


@dataclass(frozen=True, slots=True)
class SkillMap:
    """Everybody's skill and leaning.

    `reviewers` has a row each: `reviewer, answers`; `d_prime, d_low, d_high, criterion, c_low, c_high`, each by itself;
    `pooled_d, pooled_d_low, pooled_d_high, pooled_c, pooled_c_low, pooled_c_high`, drawn towards all; and `accuracy`
    (right about violating or not), `accuracy_at_prevalence, a_low, a_high` at the reference prevalence. `withheld` have
    fewer than five answers on gold of a kind. `zone`: between its ends a leaning costs at most a tenth more than the
    best, which stands between them, for somebody of mean skill.
    """

    reviewers: pl.DataFrame
    withheld: int
    zone: tuple[float, float, float]


def skill_map(tallies: pl.DataFrame, taxonomy: Taxonomy, *, prevalence: float, cost_ratio: float) -> SkillMap | None:
    """The map of a frame of `reviewer, gold_label, label, answers`; None where nobody has enough gold of both kinds.

    `prevalence` is the share of content that violates, `cost_ratio` what a false alarm costs in parts of a miss.
    Intervals take answers for independent: these reviewers, other items.
    """
    people, everybody = _outcomes(tallies, taxonomy)
    is_known = np.minimum(everybody[1], everybody[3]) >= FEWEST
    if not is_known.any():
        return None
    counts = _Counts(*everybody[:, is_known])
    hit, alarm = _scores(counts.hits, counts.violating), _scores(counts.alarms, counts.others)
    skill, leaning = pooled_detection(counts.hits, counts.violating, counts.alarms, counts.others)
    found = {
        **_named(("d_prime", "d_low", "d_high"), _combined(hit, alarm, (1.0, -1.0))),
        **_named(("criterion", "c_low", "c_high"), _combined(hit, alarm, (-0.5, -0.5))),
        **_named(("pooled_d", "pooled_d_low", "pooled_d_high"), skill.interval),
        **_named(("pooled_c", "pooled_c_low", "pooled_c_high"), leaning.interval),
        "accuracy": (counts.hits + counts.others - counts.alarms) / (counts.violating + counts.others),
        **_named(("accuracy_at_prevalence", "a_low", "a_high"), counts.at_prevalence(prevalence)),
    }
    answers = (counts.violating + counts.others).astype(np.int64)
    frame = pl.DataFrame({"reviewer": people.filter(pl.Series(is_known)), "answers": answers, **found})
    withheld = int((~is_known).sum())
    return SkillMap(frame.sort("reviewer"), withheld, target_zone(skill.mean, prevalence, cost_ratio))


def target_zone(d_prime: float, prevalence: float, cost_ratio: float) -> tuple[float, float, float]:
    """The criterion that costs least for a skill, between those that cost a tenth more.

    The best is ln((1 - π) / π · cost ratio) / d′. Source: Green and Swets (1966), ISBN 0-932146-23-6, chapter 1.
    For less skill than `LEAST_SKILL` it is that of `LEAST_SKILL`: who tells nothing should say always the same.
    """
    from scipy.special import ndtr  # noqa: PLC0415 - slow to load

    d_prime = max(d_prime, LEAST_SKILL)
    best = np.log((1 - prevalence) / prevalence * cost_ratio) / d_prime
    tried = best + _ZONE
    misses, alarms = ndtr(tried - d_prime / 2), ndtr(-tried - d_prime / 2)
    cost = prevalence * misses + (1 - prevalence) * cost_ratio * alarms
    good = tried[cost <= TOLERATED * cost.min()]
    return float(good[0]), float(best), float(good[-1])


def accuracy_at_reference_prevalence(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The share of right decisions, violating or not, if `options.reference_prevalence` of the content violated."""
    n, prevalence = int(counts["answers"].sum()), options.reference_prevalence
    if prevalence is None:
        return undefined(n, "needs a prevalence: --set reference_prevalence=0.1")
    try:
        found = outcomes(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(n, str(reason))
    # As many independent answers as these are worth.
    worth = [(each.said / each.answers * each.effective, each.effective) for each in found if each.effective]
    value, low, high = (float(each[0]) for each in _Counts(*np.array(worth).reshape(4, 1)).at_prevalence(prevalence))
    return Estimate(value, low, high, n, SAME_REVIEWERS)


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each reviewer said violating to violating gold and to other gold, an array element each."""

    hits: Array
    violating: Array
    alarms: Array
    others: Array

    def at_prevalence(self, prevalence: float) -> tuple[Array, Array, Array]:
        """The share of right decisions if `prevalence` of the content violated, and its 95 % limits.

        The distances of Wilson's limits of either kind add up as squares: Zou and Donner (2008), doi:10.1002/sim.3095.
        """
        kinds = ((self.hits, self.violating, prevalence), (self.others - self.alarms, self.others, 1 - prevalence))
        value, below, above = (np.zeros(self.hits.shape) for _ in range(3))
        for right, n, weight in kinds:
            low, high = _wilson(right, n)
            value += weight * right / n
            below = np.hypot(below, weight * (right / n - low))
            above = np.hypot(above, weight * (high - right / n))
        return value, value - below, value + above


def _outcomes(tallies: pl.DataFrame, taxonomy: Taxonomy) -> tuple[pl.Series, Array]:
    """The reviewers, and what `_Counts` has of each."""
    violates = np.array([label in (taxonomy.violating or ()) for label in taxonomy.labels], dtype=bool)
    gold, given = (violates[each] for each in codes(tallies, taxonomy))
    person, people = numbers(tallies["reviewer"])
    answers = tallies["answers"].to_numpy()
    counted = [
        np.bincount(person, weights=answers * kind, minlength=len(people))
        for kind in (gold & given, gold, ~gold & given, ~gold)
    ]
    return people, np.array(counted)


def _scores(said: Array, n: Array) -> tuple[Array, Array, Array]:
    """The corrected standard normal scores of shares, with their limits, as `signal_detection.score` has them."""
    from scipy.special import betaincinv, ndtri  # noqa: PLC0415 - slow to load

    low, high = _wilson(said, n)
    jeffreys = ndtri(betaincinv(0.5, n + 0.5, 0.025))
    value = ndtri((said + 0.5) / (n + 1))
    with np.errstate(divide="ignore"):
        return value, np.where(said == 0, jeffreys, ndtri(low)), np.where(said == n, -jeffreys, ndtri(high))


def _combined(
    hit: tuple[Array, Array, Array], alarm: tuple[Array, Array, Array], weights: tuple[float, float]
) -> tuple[Array, Array, Array]:
    """The weighted sum of two scores; the distances of their limits add up as squares."""
    value, below, above = np.zeros(hit[0].shape), np.zeros(hit[0].shape), np.zeros(hit[0].shape)
    for (score, low, high), weight in zip((hit, alarm), weights, strict=True):
        ends = np.sort(np.stack([weight * (low - score), weight * (high - score)]), axis=0)
        value, below, above = value + weight * score, np.hypot(below, ends[0]), np.hypot(above, ends[1])
    return value, value - below, value + above


def _wilson(part: Array, whole: Array) -> tuple[Array, Array]:
    """Wilson's 95 % limits of shares, as `estimate.wilson` has them."""
    share, extra = part / whole, Z_95**2 / whole
    middle = (share + extra / 2) / (1 + extra)
    half = np.sqrt(extra * (share * (1 - share) + extra / 4)) / (1 + extra)
    return np.where(part > 0, np.maximum(middle - half, 0), 0), np.where(part < whole, np.minimum(middle + half, 1), 1)


def _named(names: tuple[str, str, str], values: tuple[Array, Array, Array]) -> dict[str, Array]:
    return dict(zip(names, values, strict=True))
