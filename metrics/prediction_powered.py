"""Shares of all content from few labels and all scores: prediction-powered inference, by strata of score.

In a stratum the mean of the labels less λ times the scores is corrected by λ times the mean score of all its items; λ
is chosen so that the variance is least. So scores that say much narrow the interval, and scores that say nothing cost
nothing. Labelled items must be a fair sample of their stratum; audits are weighed by how they were drawn.

Angelopoulos et al. (2023), doi:10.1126/science.adi6000, and arXiv:2311.01453 for λ; Fisch et al. (2024),
arXiv:2406.04291, for strata.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Z_95, Estimate, share, undefined
from metrics.reliability import BINS, bins
from metrics.scores import NOTHING, Floats, Scored

Guess = Callable[[Floats], Floats]
"""What a score says of the share that is asked for."""
FEWEST = 30
"""A stratum with fewer labels is taken together with its neighbour."""
THRESHOLD = 0.5
NO_SCORES = "no item of the content has a score"
FAIR = "the labelled items are a fair sample of all with such scores"


@dataclass(frozen=True, slots=True)
class FewLabels:
    """A share by labels and scores together, by the labels alone, and by the model's word alone."""

    powered: Estimate
    labels_only: Estimate
    model_only: float | None


def prevalence(labelled: Scored, scores: pl.DataFrame) -> FewLabels:
    """The share of the content that violates; `scores` has the columns score and items, for all of it."""
    everything = _content(scores)
    said = None if everything is None else everything.mean((everything.score >= THRESHOLD).astype(float))
    return _few(labelled, everything, labelled.outcome, lambda score: score, said)


def accuracy(labelled: Scored, scores: pl.DataFrame) -> FewLabels:
    """The share of the content on which the model, violating from a score of a half on, is right."""
    everything = _content(scores)
    right = ((labelled.score >= THRESHOLD) == (labelled.outcome > 0)).astype(float)
    said = None if everything is None else everything.mean(sureness(everything.score))
    return _few(labelled, everything, right, sureness, said)


def sureness(score: Floats) -> Floats:
    """The chance to be right that a score claims for itself."""
    return np.maximum(score, 1 - score)


def _content(scores: pl.DataFrame) -> Scored | None:
    known = scores.drop_nulls("score").group_by("score").agg(pl.col("items").sum())
    return None if known.is_empty() else Scored.of(known.with_columns(is_violating=pl.lit(value=False)))


def _few(labelled: Scored, everything: Scored | None, truth: Floats, guess: Guess, said: float | None) -> FewLabels:
    if not labelled.n or everything is None:
        none = undefined(labelled.n, NO_SCORES if labelled.n else NOTHING)
        return FewLabels(none, none, said)
    worth = labelled.total**2 / (labelled.weight**2 * labelled.items).sum()
    alone = share(labelled.mean(truth) * labelled.n, labelled.n, effective=float(worth))
    return FewLabels(_powered(labelled, everything, truth, guess), alone, said)


def _powered(labelled: Scored, everything: Scored, truth: Floats, guess: Guess) -> Estimate:
    """The estimate over strata of score, with a normal interval."""
    value = variance = 0.0
    mine, all_of_them = _strata(labelled, everything)
    for stratum in np.unique(mine):
        here = labelled.where(mine == stratum, labelled.items)
        there = everything.where(all_of_them == stratum, everything.items)
        mean, error = _of_stratum(here, there, truth[mine == stratum], guess)
        part = there.total / everything.total
        value, variance = value + part * mean, variance + (part * error) ** 2
    half = Z_95 * float(np.sqrt(variance))
    value = min(max(value, 0.0), 1.0)
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0), labelled.n, FAIR)


def _of_stratum(here: Scored, there: Scored, truth: Floats, guess: Guess) -> tuple[float, float]:
    """The mean of a stratum and its standard error, with the best λ."""
    mine, theirs = guess(here.score), guess(there.score)
    spread = there.mean((theirs - there.mean(theirs)) ** 2)
    together = here.mean((truth - here.mean(truth)) * (mine - here.mean(mine)))
    own = here.mean((mine - here.mean(mine)) ** 2)
    tuned = 0.0 if own == 0 else together / own / (1 + here.n / there.n)
    rest = truth - tuned * mine
    mean = here.mean(rest) + tuned * there.mean(theirs)
    # Few labels, of which hardly any is of the rarer kind, look surer than they are: one more of each is counted.
    smoothed = (here.mean(truth) * here.n + 1) / (here.n + 2)
    least = smoothed * (1 - smoothed) / here.n
    return mean, float(np.sqrt(max(here.standard_error(rest) ** 2, least) + tuned**2 * spread / there.n))


def _strata(labelled: Scored, everything: Scored) -> tuple[np.ndarray, np.ndarray]:
    """The stratum of each row: tenths of the score, so merged that each has enough labels."""
    held = np.bincount(bins(labelled), labelled.items, BINS)
    stratum, sizes = np.zeros(BINS, dtype=int), [0.0]
    for place in range(BINS):
        if sizes[-1] >= FEWEST and held[place:].sum() >= FEWEST:
            sizes.append(0.0)
        stratum[place], sizes[-1] = len(sizes) - 1, sizes[-1] + held[place]
    return stratum[bins(labelled)], stratum[bins(everything)]
