"""How sure one can be of a reviewer's accuracy and rank: never a bare rank, and a gate that may stay undecided."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Estimate, undefined, without_interval
from metrics.linearisation import Array, Counts
from metrics.options import Options
from metrics.shrinkage import BetaBinomial, fit_beta_binomial
from metrics.taxonomy import Taxonomy

SURE = 0.95
"""How probable it must be that somebody is below the target, or is not, before the gate says so."""
_DRAWS, _FEWEST_DRAWS, _ALL_DRAWS = 2_000, 200, 1_000_000
"""How often everybody is drawn; fewer where there are so many people that all would be too many."""
_SEED = 20_250_901
_ENDS = (0.025, 0.975)
_Z_SURE = 1.6448536269514722
ALIKE = 0.05
"""The p-value from which differences between reviewers are said to be possibly luck."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Everybody's accuracy, with the luck of few answers taken out.

    `reviewers` has a row each: `reviewer, answers, right, accuracy` as counted, `shrunken` with its 95 % posterior
    interval `low, high`, `p_below` (the probability that the true accuracy is below the target), `gate` ("meets",
    "below" or "undecided"), `more_needed` (answers until it decides, if `shrunken` is true; null: never), and the 95 %
    interval of the rank, `rank_low, rank_high`, 1 being the best. `spread` is the law of the true accuracies,
    `reliability` how much of the variance of accuracies of as many answers as the median reviewer's is true.
    """

    reviewers: pl.DataFrame
    spread: BetaBinomial
    reliability: float

    @property
    def sentence(self) -> str:
        """What a ranking by accuracy would be worth."""
        if self.reviewers.height < 2:  # noqa: PLR2004 - one has nobody to be ranked with
            return "Fewer than two reviewers have answers on gold, so there is nothing to rank."
        if not self.spread.differs:
            return "No detectable difference between reviewers: their accuracies vary no more than luck alone would."
        points, median = 100 * self.spread.spread, float(np.median(self.reviewers["answers"].to_numpy()))
        found = (
            f"True accuracies differ by about {points:.1f} points (standard deviation); a ranking by {median:.0f} "
            f"answers each, the median, has a reliability of {self.reliability:.0%}: the rest is luck."
        )
        unsure = f" Even that difference may be luck (p = {self.spread.p_alike:.2f})."
        return found + (unsure if self.spread.p_alike >= ALIKE else "")


def standings(tallies: pl.DataFrame, *, target: float) -> Standings:
    """Everybody's accuracy in a frame of `reviewer, gold_label, label, answers`, against a target.

    Intervals, probabilities and ranks come from beta posteriors around the law that all reviewers' counts tell.
    Answers are taken for independent.
    """
    is_right = pl.col("gold_label") == pl.col("label")
    answers = pl.col("answers")
    people = tallies.group_by("reviewer").agg(answers=answers.sum(), right=answers.filter(is_right).sum())
    people = people.sort("reviewer")
    right, n = (people[name].to_numpy() for name in ("right", "answers"))
    spread = fit_beta_binomial(right, n)
    first, second = spread.posterior(right, n)
    shrunken, below = spread.means(right, n), spread.below(right, n, target)
    rank_low, rank_high = rank_intervals(first, second)
    found = people.with_columns(
        accuracy=pl.col("right") / answers,
        shrunken=shrunken,
        low=spread.quantiles(right, n, _ENDS[0]),
        high=spread.quantiles(right, n, _ENDS[1]),
        p_below=below,
        gate=_gate(below),
        more_needed=pl.Series(more_needed(shrunken, first + second, below, target)).fill_nan(None).cast(pl.Int64),
        rank_low=rank_low,
        rank_high=rank_high,
    )
    median = float(np.median(n)) if people.height else 0.0
    return Standings(found, spread, float(spread.reliability(median)))


def rank_intervals(first: Array, second: Array) -> tuple[Counts, Counts]:
    """The 95 % interval of each one's rank, 1 for the highest share, from draws of beta posteriors.

    Source: Goldstein and Spiegelhalter (1996), doi:10.2307/2983325.
    """
    people = len(first)
    draws = int(np.clip(_ALL_DRAWS // max(people, 1), _FEWEST_DRAWS, _DRAWS))
    drawn = np.random.default_rng(_SEED).beta(first[:, None], second[:, None], size=(people, draws))
    order = np.argsort(-drawn.astype(np.float32), axis=0)
    ranks = np.empty((people, draws), dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, people + 1, dtype=np.int32)[:, None], axis=0)
    outside = int(draws * _ENDS[0])
    ends = [outside, draws - 1 - outside]
    low, high = np.partition(ranks, ends, axis=1)[:, ends].T.astype(np.int64)
    return low, high


def more_needed(shrunken: Array, weight: Array, below: Array, target: float) -> Array:
    """How many more answers decide the gate, if `shrunken` is the true accuracy; not a number where none ever would.

    `weight` is the sum of the posterior's parameters, to which each answer adds one; the posterior is taken for normal,
    and to stay where it is as answers come in. Without a difference between reviewers, answers are those of all.
    """
    distance = np.abs(shrunken - target)
    with np.errstate(divide="ignore"):
        wanted = shrunken * (1 - shrunken) * (_Z_SURE / distance) ** 2 - 1
    needed = np.where(np.isfinite(wanted), np.maximum(np.ceil(wanted - weight), 1), np.nan)
    return np.where(_is_sure(below), 0.0, needed)


def shrunken_accuracy(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001
    """Each slice's accuracy against gold, drawn towards that of all slices by as much as may be luck."""
    right, n, spread = _fitted(parts)
    means, lows, highs = (spread.means(right, n), *(spread.quantiles(right, n, end) for end in _ENDS))
    note = "drawn towards all others" if spread.differs else "no detectable difference: all have the rate of all"
    rows = zip(n.tolist(), means.tolist(), lows.tolist(), highs.tolist(), strict=True)
    return [Estimate(mean, low, high, k, note) if k else _nothing() for k, mean, low, high in rows]


def probability_below_target(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001
    """How probable it is that each slice's true accuracy is below `options.target`, all slices considered."""
    right, n, spread = _fitted(parts)
    if options.target is None:
        return [undefined(each, "needs a target: --set target=0.9") for each in n.tolist()]
    found = zip(n.tolist(), spread.below(right, n, options.target).tolist(), strict=True)
    note = f"no interval: it says itself how sure it is; target {options.target:.1%}"
    return [without_interval(below, k, note) if k else _nothing() for k, below in found]


def _fitted(parts: Sequence[pl.DataFrame]) -> tuple[Counts, Counts, BetaBinomial]:
    """The right answers and all answers of each slice, and the law of their shares."""
    n = np.array([part["answers"].sum() for part in parts], dtype=np.int64)
    is_right = pl.col("gold_label") == pl.col("label")
    right = np.array([part.filter(is_right)["answers"].sum() for part in parts], dtype=np.int64)
    return right, n, fit_beta_binomial(right, n)


def _nothing() -> Estimate:
    return undefined(0, "no answers on gold")


def _is_sure(below: Array) -> np.ndarray:
    return (below < 1 - SURE) | (below > SURE)


def _gate(below: Array) -> pl.Expr:
    """What can be said of each: below the target, not below it, or nothing yet."""
    p = pl.lit(pl.Series(below))
    return (
        pl.when(p > SURE).then(pl.lit("below")).when(p < 1 - SURE).then(pl.lit("meets")).otherwise(pl.lit("undecided"))
    )
