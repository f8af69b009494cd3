"""What a reader may choose about how a metric is computed."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Weights = Literal["none", "linear", "quadratic", "ordinal"]
Reference = Literal["consensus", "gold", "audits"]
Interval = Literal["default", "bootstrap", "jackknife", "reviewers", "gwet"]


@dataclass(frozen=True, slots=True)
class Options:
    """The choices, with their defaults.

    `level` is the level of measurement of Krippendorff's alpha; `weights` weigh partial agreement in the other
    coefficients (None: the metric's own default); `interval` names the question that the interval answers; `label`
    makes a metric answer for one label against the rest; `replicates` and `seed` govern the bootstrap. `target` is
    the accuracy that is asked of reviewers, `reference_prevalence` the share of violating content at which all are
    compared, `cost_ratio` what a false alarm costs in parts of a miss; None: the workspace's setting. `reference`
    is what a model is held against: the label that most independent reviewers of an item gave, the gold label, or
    the auditor's. `margin` is by how much a reviewer may be closer to the others than the model that replaces them.
    """

    level: Level = "nominal"
    weights: Weights | None = None
    interval: Interval = "default"
    label: str | None = None
    replicates: int = 2000
    seed: int = 20_250_901
    target: float | None = None
    reference_prevalence: float | None = None
    cost_ratio: float | None = None
    reference: Reference = "consensus"
    margin: float = 0.15
