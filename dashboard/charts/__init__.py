"""Charts: data-free Altair templates, built once and filled with frames on every rerun.

A template names its datasets (`data`, sometimes `reference`); `render` binds the frames. Titles and whatever else
depends on data stay outside. Colours are theme names, every parameter is named, and decoration has no tooltip.
"""

import json
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import altair as alt

from dashboard.charts.audits import weighted_and_naive, what_if
from dashboard.charts.changes import changes
from dashboard.charts.confidence import reliability
from dashboard.charts.days import over_time, volume
from dashboard.charts.dots import interval_dots
from dashboard.charts.drift import DRIFT_TEMPLATES
from dashboard.charts.matrices import matrix
from dashboard.charts.model import MODEL_TEMPLATES
from dashboard.charts.parts import PICK
from dashboard.charts.people import funnel, skill_map
from dashboard.charts.rounds import before_after
from dashboard.charts.thresholds import risk_coverage
from dashboard.charts.watches import error_watch

__all__ = ["PICK", "TEMPLATES", "template"]

TEMPLATES: dict[str, Callable[[], alt.LayerChart | alt.Chart]] = {
    "coefficients": partial(interval_dots, unit="coefficient", category="title", title="coefficient"),
    **{
        f"{category}_{unit}s": partial(interval_dots, unit=unit, category=category, title=category)
        for category in (
            "policy",
            "queue",
            "market",
            "language",
            "site",
            "team",
            "label",
            "reviewer",
            "method",
            "standard_version",
            "handle_time",
        )
        for unit in ("share", "coefficient")
    },
    "confusion": partial(
        matrix,
        row="gold_label",
        column="label",
        titles=("Gold label", "Label given"),
        details={"gold": "gold_label:N", "given": "label:N", "of this gold label": "text:N", "answers": "answers:Q"},
    ),
    **{
        f"pooled_by_{row}": partial(
            matrix,
            row=row,
            column="label",
            titles=(title, "Label given"),
            details={
                title: f"{row}:N",
                "given": "label:N",
                "drawn towards the others": "text:N",
                "as counted": "counted_text:N",
                "all others": "others_text:N",
                "answers in this row": "of:Q",
            },
        )
        for row, title in (("gold_label", "Gold label"), ("peer_label", "A peer said"))
    },
    "confused_with": partial(
        matrix,
        row="label_a",
        column="label_b",
        titles=("One reviewer said", "another said"),
        details={
            "one said": "label_a:N",
            "another said": "label_b:N",
            "of these": "text:N",
            "by chance": "chance_text:N",
            "items": "items:Q",
        },
    ),
    "pairs": partial(
        matrix,
        row="reviewer_a",
        column="reviewer_b",
        titles=("", ""),
        is_of_people=True,
        details={
            "one": "reviewer_a:N",
            "another": "reviewer_b:N",
            "kappa": "text:N",
            "interval": "interval:N",
            "items": "n:Q",
            "note": "note:N",
        },
    ),
    "funnel": funnel,
    "skill_map": skill_map,
    "error_watch": error_watch,
    "weighted_and_naive": weighted_and_naive,
    "what_if": what_if,
    "risk_coverage": risk_coverage,
    "before_after": before_after,
    **{
        f"changes_{category}_{unit}": partial(changes, category=category, unit=unit)
        for category in ("policy", "queue", "language", "market", "site", "team")
        for unit in ("share", "cost")
    },
    "reliability": reliability,
    "volume": volume,
    "shares_over_time": partial(over_time, unit="share"),
    "coefficients_over_time": partial(over_time, unit="coefficient"),
    **MODEL_TEMPLATES,
    **DRIFT_TEMPLATES,
}


@cache
def template(name: str) -> str:
    """The Vega-Lite specification of a chart, without data, as JSON: built and validated once per process."""
    # Altair's theme is a setting of the whole process; ours is applied by the browser and by `export`.
    with alt.theme.enable("none"):
        specification: dict[str, Any] = TEMPLATES[name]().to_dict()
    return json.dumps(specification)
