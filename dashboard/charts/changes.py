"""What the segments of a log add to a change: by how much there is of them, and by what they became."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, layered, number, pick

KINDS = ("other answers", "other cases")
"""What a term is, in the order in which they are drawn."""
_UNITS = {"share": ("points", 100), "cost": ("change", 1)}


def changes(*, category: str, unit: str) -> alt.LayerChart:
    """Two bars a segment with their intervals: what other answers in it add, and what more or less of it adds.

    Columns of `data`: the category, kind, change, low, high (in points for shares), share_before, share_after,
    value_before, value_after, n_before, n_after. `reference` has the column value, a single 0.
    """
    axis = alt.Axis(format="+.2~f", tickCount=6, domain=False, title=f"← lower · {_UNITS[unit][0]} added · higher →")
    label = alt.Axis(labelLimit=200, labelPadding=8, ticks=False, domain=False)
    kind = alt.YOffset("kind:N", sort=list(KINDS))
    rows = alt.Chart(DATA).encode(alt.Y(f"{category}:N", sort=None, title=None, axis=label), kind)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS), range=[theme.DATA, theme.CONTEXT]),
        legend=alt.Legend(title=None, orient="top", labelLimit=300),
    )
    bars = rows.mark_bar(cornerRadiusEnd=1, height=10, cursor="pointer").encode(
        alt.X("change:Q", axis=axis), color=colour, tooltip=_told(category, unit)
    )
    whisker = rows.mark_rule(strokeWidth=1.2, opacity=0.8, tooltip=None).encode(
        alt.X("low:Q", axis=axis), alt.X2("high:Q"), color=alt.value("gray")
    )
    nothing = alt.Chart(REFERENCE).mark_rule(tooltip=None).encode(alt.X("value:Q"), color=alt.value(theme.CONTEXT))
    marked = bars.properties(name="marks").add_params(pick(category))
    return layered(nothing, whisker, marked, height=alt.Step(16, **{"for": "offset"}))


def _told(category: str, unit: str) -> list[alt.Tooltip]:
    """What a bar says when it is pointed at."""
    return [
        alt.Tooltip(f"{category}:N", title=category),
        alt.Tooltip("kind:N", title="because of"),
        alt.Tooltip("change:Q", title="adds", format="+.2f"),
        alt.Tooltip("low:Q", title="from", format="+.2f"),
        alt.Tooltip("high:Q", title="to", format="+.2f"),
        number("value_before", unit, "value before"),
        number("value_after", unit, "value after"),
        number("share_before", "share", "share of cases before"),
        number("share_after", "share", "share of cases after"),
        number("n_before", "count", "n before"),
        number("n_after", "count", "n after"),
    ]
