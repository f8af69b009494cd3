"""How right a model claims to be, from its scores alone, and whether to believe it: an early warning, never a result.

Confidence-based performance estimation stands and falls with calibration, which is tested on the labels that there are.
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.estimate import Z_95
from metrics.prediction_powered import sureness
from metrics.scores import Scored

FEWEST = 100
"""Labels below which calibration cannot be tested well enough to believe anything."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The accuracy that scores claim, Spiegelhalter's z of their calibration, and on how many labels that rests."""

    accuracy: float | None
    z: float | None
    labels: int

    @property
    def is_believed(self) -> bool:
        """Whether calibration was tested on enough labels and not rejected at 5 %."""
        return self.z is not None and self.labels >= FEWEST and abs(self.z) < Z_95

    @property
    def sentence(self) -> str:
        """What it says, and whether to believe it."""
        if self.accuracy is None:
            return "The model gives no scores, so it claims nothing."
        said = f"By its own scores the model is right on {self.accuracy:.1%} of the content"
        if self.z is None or self.labels < FEWEST:
            return f"{said}; {self.labels} labels are too few to test whether scores can be believed."
        if not self.is_believed:
            return (
                f"{said}; do not believe it, its scores are not calibrated (z {self.z:+.1f} on {self.labels:,} labels)."
            )
        return f"{said}; its scores pass the test of calibration (z {self.z:+.1f} on {self.labels:,} labels)."


def claim(labelled: Scored, scores: pl.DataFrame) -> Claim:
    """What the scores of all content (columns score, items) claim, tested on the labelled items.

    Sources: Garg et al. (2022), arXiv:2201.04234; Spiegelhalter (1986), doi:10.1002/sim.4780050506, for the test.
    """
    known = scores.drop_nulls("score")
    if known.is_empty():
        return Claim(None, None, labelled.n)
    score, items = known["score"].to_numpy(), known["items"].to_numpy()
    return Claim(float(np.average(sureness(score), weights=items)), calibration_z(labelled), labelled.n)


def calibration_z(labelled: Scored) -> float | None:
    """Spiegelhalter's z: normal where scores are calibrated; None where all are 0, a half or 1."""
    tilt, mass = 1 - 2 * labelled.score, labelled.items * labelled.weight
    variance = float((mass * labelled.weight * tilt**2 * labelled.score * (1 - labelled.score)).sum())
    if variance == 0:
        return None
    return float((mass * (labelled.outcome - labelled.score) * tilt).sum()) / math.sqrt(variance)
