"""Whether scores mean what they say: of items scored 0.8, eight in ten should violate.

Bins are tenths, [k/10, (k+1)/10), the last one closed; CORP needs none: it pools neighbours until shares rise.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Z_95, Estimate, undefined, wilson
from metrics.options import Options
from metrics.scores import Floats, Scored, read
from metrics.taxonomy import Taxonomy
from metrics.weights import UndefinedError

BINS = 10
_EDGE = 1e-9
"""Scores are ten-thousandths, and so nearer to an edge only by rounding."""
DRAWS = 400
_SEED = 20_251_123


@dataclass(frozen=True, slots=True)
class Parts:
    """Murphy's parts of the Brier score: reliability − resolution + uncertainty, and of bins what varies within them.

    Sources: Murphy (1973), doi:10.1175/1520-0450(1973)012; Stephenson, Coelho and Jolliffe (2008),
    doi:10.1175/2007WAF2006116.1.
    """

    reliability: float
    resolution: float
    uncertainty: float
    within_variance: float
    within_covariance: float


@dataclass(frozen=True, slots=True)
class Corp:
    """The Brier score as miscalibration − discrimination + uncertainty, and the share that violates at each score.

    Source: Dimitriadis, Gneiting and Jordan (2021), doi:10.1073/pnas.2016191118.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float
    score: Floats
    violating: Floats


def bins(scored: Scored) -> np.ndarray:
    """The bin of each row."""
    return np.minimum(np.floor(scored.score * BINS + _EDGE), BINS - 1).astype(int)


def reliability_table(scored: Scored) -> pl.DataFrame:
    """A row for each bin with items: bin, from, to, n, score (the mean), value (the share that violates), low, high.

    The interval is Wilson's, over items; of weighted ones for as many as the weights are worth (Kish).
    """
    place, mass = bins(scored), scored.weight * scored.items
    rows = []
    for k in np.unique(place):
        here = place == k
        total, n = mass[here].sum(), scored.items[here].sum()
        share = float((mass * scored.outcome)[here].sum() / total)
        worth = total**2 / (scored.weight**2 * scored.items)[here].sum()
        low, high = wilson(share * worth, worth)
        mean = float((mass * scored.score)[here].sum() / total)
        rows.append((int(k), k / BINS, (k + 1) / BINS, int(n), mean, share, min(low, share), max(high, share)))
    numbers = dict.fromkeys(("from", "to", "score", "value", "low", "high"), pl.Float64)
    kinds = {"bin": pl.Int64, "from": pl.Float64, "to": pl.Float64, "n": pl.Int64} | numbers
    return pl.DataFrame(rows, schema=kinds, orient="row")


def calibration_errors(scored: Scored, outcome: Floats | None = None) -> tuple[Floats, Floats]:
    """The expected and the maximal calibration error; of many draws, where `outcome` has a row for each.

    Source: Naeini, Cooper and Hauskrecht (2015), AAAI 29.
    """
    place, mass = bins(scored), scored.weight * scored.items
    member = np.eye(BINS)[place]
    drawn = np.atleast_2d(scored.outcome if outcome is None else outcome)
    total = mass @ member
    gap = np.abs((mass * drawn) @ member - (mass * scored.score) @ member)
    with np.errstate(invalid="ignore"):
        return gap.sum(axis=1) / total.sum(), np.nanmax(gap / total, axis=1)


def expected_if_calibrated(scored: Scored, *, draws: int = DRAWS) -> float:
    """The expected calibration error that a perfectly calibrated score would show on so many items."""
    random = np.random.default_rng(_SEED)
    violating = random.binomial(scored.items.astype(int), scored.score, size=(draws, len(scored.score)))
    return float(calibration_errors(scored, violating / scored.items)[0].mean())


def parts(scored: Scored, place: np.ndarray | None = None) -> Parts:
    """The parts of the Brier score by bins, or by other groups of rows: by each score nothing varies within."""
    groups = bins(scored) if place is None else place
    mass = scored.weight * scored.items
    member = np.eye(groups.max() + 1)[groups]
    total = mass @ member
    kept = total > 0
    score, share = (((mass * each) @ member)[kept] / total[kept] for each in (scored.score, scored.outcome))
    everything, weight = scored.mean(scored.outcome), total[kept] / total.sum()
    inside = np.searchsorted(np.flatnonzero(kept), groups)
    apart = scored.score - score[inside]
    return Parts(
        reliability=float(weight @ (score - share) ** 2),
        resolution=float(weight @ (share - everything) ** 2),
        uncertainty=everything * (1 - everything),
        within_variance=scored.mean(apart**2),
        within_covariance=2 * scored.mean(apart * (scored.outcome - share[inside])),
    )


def corp(scored: Scored) -> Corp:
    """The same without bins, by isotonic regression."""
    score, place = np.unique(scored.score, return_inverse=True)
    mass = scored.weight * scored.items
    total, violating = (np.bincount(place, each).astype(float) for each in (mass, mass * scored.outcome))
    fitted = pooled(violating / total, total)
    everything = scored.mean(scored.outcome)
    brier, best = (scored.mean((each - scored.outcome) ** 2) for each in (scored.score, fitted[place]))
    uncertainty = everything * (1 - everything)
    return Corp(brier - best, uncertainty - best, uncertainty, score, fitted)


def pooled(values: Floats, weights: Floats) -> Floats:
    """The nearest values that never fall, by pooling adjacent violators. Source: Ayer et al. (1955)."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, total, size = float(value), float(weight), 1
        while blocks and blocks[-1][0] >= mean:
            before, held, members = blocks.pop()
            mean, total, size = (before * held + mean * total) / (held + total), held + total, size + members
        blocks.append((mean, total, size))
    return np.repeat([mean for mean, _, _ in blocks], [size for _, _, size in blocks])


def expected_calibration_error(counts: pl.DataFrame, taxonomy: Taxonomy, options: Options) -> Estimate:
    """The mean distance of scores from the share that violates, in tenths; the note has what luck alone would show."""
    try:
        scored, note = read(counts, taxonomy, options)
    except UndefinedError as reason:
        return undefined(0, str(reason))
    value = float(calibration_errors(scored)[0][0])
    random = np.random.default_rng(_SEED)
    drawn = random.multinomial(scored.n, scored.items / scored.n, size=DRAWS)
    again = [calibration_errors(Scored(scored.score, scored.outcome, scored.weight, row))[0][0] for row in drawn]
    half = Z_95 * float(np.std(again))
    luck = f"a perfectly calibrated score would show {expected_if_calibrated(scored):.3f} on so many items"
    said = "; ".join(filter(None, (luck, note)))
    return Estimate(value, max(value - half, 0.0), min(value + half, 1.0), scored.n, said)
