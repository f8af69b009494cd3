"""A model beside people: two dots with their intervals in each row."""

from collections.abc import Callable
from functools import partial

import altair as alt

from dashboard import theme
from dashboard.charts.matrices import matrix
from dashboard.charts.parts import DATA, estimate_tooltip, layered, pick

WHO = ("the model", "a reviewer")
"""Who is right, in the order in which they stand."""
_ROW = 15


def beside_people(*, category: str, title: str) -> alt.LayerChart:
    """How often the model is right in each slice, and beside it how often a reviewer is.

    Columns of `data`: the category, who, value, low, high, n, note.
    """
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=theme.FORMATS["share"].axis, title=None, tickCount=6, domain=False)
    label = alt.Axis(labelLimit=170, ticks=False, domain=False)
    key = alt.Legend(title=None, orient="top")
    rows = alt.Chart(DATA).encode(
        alt.Y(f"{category}:N", sort=None, title=None, axis=label),
        alt.YOffset("who:N", sort=list(WHO)),
        alt.Color("who:N", scale=alt.Scale(domain=list(WHO), range=[theme.DATA, theme.CONTEXT]), legend=key),
    )
    whisker = rows.mark_rule(strokeWidth=4, opacity=0.4, tooltip=None).encode(
        alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q")
    )
    dot = rows.mark_point(filled=True, size=70, opacity=1, cursor="pointer").encode(
        alt.X("value:Q", scale=scale, axis=axis),
        alt.Shape("who:N", scale=alt.Scale(domain=list(WHO), range=["circle", "diamond"]), legend=key),
        tooltip=[alt.Tooltip("who:N", title="who"), *estimate_tooltip(category, title, "share")],
    )
    return layered(whisker, dot.properties(name="marks").add_params(pick(category)), height=alt.Step(_ROW))


RIGHT_LABELS = {"label_a": "Reviewers", "gold_label": "Gold label", "auditor_label": "Auditor"}
"""What a right label is called in the rows of a matrix, by the field that it stands in."""

MODEL_TEMPLATES: dict[str, Callable[[], alt.LayerChart | alt.Chart]] = {
    **{
        f"model_by_{category}": partial(beside_people, category=category, title=category.replace("_", " "))
        for category in ("policy", "queue", "market", "language", "site", "team", "model_version")
    },
    **{
        f"model_confusion_{row}": partial(
            matrix,
            row=row,
            column="model_label",
            titles=(title, "Model"),
            details={
                title: f"{row}:N",
                "the model said": "model_label:N",
                "of this row": "text:N",
                "interval": "interval:N",
                "items": "items:Q",
            },
        )
        for row, title in RIGHT_LABELS.items()
    },
}
"""The charts of the Agreement tab: one for each dimension that is compared, one for each reference."""
