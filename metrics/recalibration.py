"""Scores turned into better probabilities, if that helps on items that they were not fitted to."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics.estimate import Z_95, Estimate, undefined
from metrics.options import Options
from metrics.reliability import corp
from metrics.scores import ONE_KIND, Floats, Scored, read, squares
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

FOLDS = 5
STEPS = 50
_CLOSEST = 5e-5
"""Scores are rounded to ten-thousandths, so 0 and 1 stand for what is half a step away."""
_SEED = 20_251_123
Curve = Callable[[Floats], Floats]


def logits(score: Floats) -> Floats:
    """The log odds of scores."""
    near = np.clip(score, _CLOSEST, 1 - _CLOSEST)
    return np.asarray(np.log(near / (1 - near)))


def chances(log_odds: Floats) -> Floats:
    """The probability of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))


def logistic(design: Floats, target: Floats, mass: Floats, offset: Floats | float = 0.0) -> tuple[Floats, Floats]:
    """The coefficients of a logistic regression and their covariance, by Newton's method; targets may be shares."""
    found = np.zeros(design.shape[1])
    information = np.eye(design.shape[1])
    for _ in range(STEPS):
        expected = chances(design @ found + offset)
        slope = design.T @ (mass * (target - expected))
        information = (design * (mass * expected * (1 - expected))[:, None]).T @ design
        step = np.linalg.lstsq(information, slope, rcond=None)[0]
        found = found + step
        if np.abs(step).max() < 1e-12:  # noqa: PLR2004 - nothing moves any more
            break
    return found, np.linalg.pinv(information).astype(float)


def calibration_slope(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The slope of outcomes on the log odds of the score: 1 is calibrated, below 1 scores are too extreme.

    Normal interval by the sandwich over items. Source: Cox (1958), doi:10.1093/biomet/45.3-4.562.
    """
    try:
        scored, note = read(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(0, str(reason))
    if not 0 < scored.mean(scored.outcome) < 1 or len(np.unique(scored.score)) == 1:
        return undefined(scored.n, ONE_KIND)
    design = np.column_stack([np.ones_like(scored.score), logits(scored.score)])
    found, covariance = logistic(design, scored.outcome, scored.weight * scored.items)
    apart = (scored.weight * (scored.outcome - chances(design @ found)))[:, None] * design
    error = float(np.sqrt((covariance @ ((apart * scored.items[:, None]).T @ apart) @ covariance)[1, 1]))
    value = float(found[1])
    return Estimate(value, value - Z_95 * error, value + Z_95 * error, scored.n, note)


def platt(scored: Scored) -> Curve:
    """A logistic curve of the score, fitted to smoothed targets. Source: Platt (1999), ISBN 0-262-19448-1."""
    mass = scored.weight * scored.items
    yes, no = (mass * scored.outcome).sum(), (mass * (1 - scored.outcome)).sum()
    target = np.where(scored.outcome > 0, (yes + 1) / (yes + 2), 1 / (no + 2))
    slope, level = logistic(np.column_stack([scored.score, np.ones_like(scored.score)]), target, mass)[0]
    return lambda score: chances(slope * score + level)


def temperature(scored: Scored) -> Curve:
    """The log odds divided by one number. Source: Guo et al. (2017), PMLR 70:1321-1330."""
    cooled = logistic(logits(scored.score)[:, None], scored.outcome, scored.weight * scored.items)[0][0]
    return lambda score: chances(cooled * logits(score))


def isotonic(scored: Scored) -> Curve:
    """The share that violates by score, made to rise. Source: Zadrozny and Elkan (2002), doi:10.1145/775047.775151."""
    found = corp(scored)
    return lambda score: np.interp(score, found.score, found.violating)


METHODS: dict[str, Callable[[Scored], Curve]] = {"temperature": temperature, "Platt": platt, "isotonic": isotonic}
"""From the fewest free numbers to the most."""


@dataclass(frozen=True, slots=True)
class Recalibration:
    """What recalibration brings on items that it was not fitted to.

    `gains`: `method, value, low, high`, by how much the Brier score falls, over five folds of items. `method` is the
    one whose gain is surely above 0 and largest, None where there is none; `table` has its `score, recalibrated` for
    every hundredth, fitted to all items.
    """

    gains: pl.DataFrame
    method: str | None
    table: pl.DataFrame


def recalibrated(scored: Scored) -> Recalibration:
    """The gain of each method out of sample, and the table of the best."""
    folds, rows = _folds(scored), []
    for name, fit in METHODS.items():
        gained = np.zeros((FOLDS, len(scored.score)))
        for place, held in enumerate(folds):
            curve = fit(scored.where(scored.items > held, scored.items - held))
            gained[place] = squares(scored) - (curve(scored.score) - scored.outcome) ** 2
        tested = replace(scored, items=folds.ravel(), weight=np.tile(scored.weight, FOLDS))
        value, half = tested.mean(gained.ravel()), Z_95 * tested.standard_error(gained.ravel())
        rows.append((name, value, value - half, value + half))
    gains = pl.DataFrame(
        rows, schema={"method": pl.String, **dict.fromkeys(("value", "low", "high"), pl.Float64)}, orient="row"
    )
    sure = gains.filter(pl.col("low") > 0).sort("value", descending=True)
    method = None if sure.is_empty() else str(sure["method"][0])
    grid = np.linspace(0, 1, 101)
    better = grid if method is None else METHODS[method](scored)(grid)
    return Recalibration(gains, method, pl.DataFrame({"score": grid, "recalibrated": better}))


def _folds(scored: Scored) -> Floats:
    """How many items of each row fall into each fold."""
    random = np.random.default_rng(_SEED)
    shares = np.full(FOLDS, 1 / FOLDS)
    return random.multinomial(scored.items.astype(int), shares).T.astype(float)
