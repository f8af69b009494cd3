"""The true values of metrics, read from their sums: over the whole log, per day, and by slice."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from data.simulation import agreement
from data.simulation.arrays import Floats
from data.simulation.truth import Truth

Formula = Callable[[Floats], Floats]
DIGITS = 6


def _sum(number: int) -> Formula:
    return lambda sums: sums[..., number]


def _quotient(part: int, whole: int) -> Formula:
    return lambda sums: sums[..., part] / sums[..., whole]


def _detection(of_hits: float, of_false_alarms: float) -> Formula:
    """The weighted sum of the normal scores of the shares of hits and of false alarms."""
    return lambda sums: (
        of_hits * ndtri(1 - sums[..., 4] / sums[..., 5]) + of_false_alarms * ndtri(sums[..., 2] / sums[..., 3])
    )


def _precision(sums: Floats) -> Floats:
    hits = sums[..., 5] - sums[..., 4]
    return hits / (hits + sums[..., 2])


_SHARED: Mapping[str, Formula] = {
    "n": _sum(1),
    "accuracy": _quotient(0, 1),
    "over_enforcement": _quotient(2, 3),
    "under_enforcement": _quotient(4, 5),
}
_ON_CONTENT: Mapping[str, Formula] = {**_SHARED, "precision": _precision, "violating_share": _quotient(5, 1)}
_ON_GOLD: Mapping[str, Formula] = {**_SHARED, "d_prime": _detection(1, -1), "criterion": _detection(-0.5, -0.5)}
FORMULAS: Mapping[str, Mapping[str, Formula]] = {
    "overlap": {
        "n": _sum(3),
        "percent_agreement": agreement.percent_agreement,
        "krippendorff_alpha": agreement.krippendorff_alpha,
        "gwet_ac1": agreement.gwet_ac1,
    },
    "gold": _ON_GOLD,
    "other_gold": _ON_GOLD,
    "live": _ON_CONTENT,
    "audited": {
        **_ON_CONTENT,
        "audit_accuracy": _quotient(6, 1),
        "audit_precision": _quotient(7, 8),
        "audit_recall": _quotient(7, 9),
        "audit_prevalence": _quotient(9, 1),
    },
    "model": {name: _ON_CONTENT[name] for name in _ON_CONTENT if name != "accuracy"},
}
"""The metrics of each kind of sums."""


def values(of: str, truth: Truth) -> dict[str, Any]:
    """Every metric of one kind of sums: over the whole log, per day, and both by the values of each dimension."""
    sums = truth.sums[of]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            name: _values(formula, sums[""], 0)
            | {
                "by": {
                    dimension: {value: _values(formula, sums[dimension], at) for at, value in enumerate(known)}
                    for dimension, known in truth.values.items()
                    if dimension and dimension in sums
                }
            }
            for name, formula in FORMULAS[of].items()
        }


def of_reviewers(of: str, truth: Truth) -> list[dict[str, float | None]]:
    """Every metric of one kind of sums over the whole log, by reviewer."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {name: rounded(formula(truth.of_reviewers[of])) for name, formula in FORMULAS[of].items()}
    return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


def _values(formula: Formula, sums: Floats, at: int) -> dict[str, Any]:
    return {"all": rounded(formula(sums[:, at].sum(axis=0))), "days": rounded(formula(sums[:, at]))}


def rounded(values: Floats) -> Any:
    """Plain numbers for the key, nested as the array is; None where undefined."""
    return np.where(np.isfinite(values), np.round(values, DIGITS), np.array(None)).tolist()
