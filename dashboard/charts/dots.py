"""Estimates side by side, a row each."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, estimate_tooltip, layered, pick

_ROW = 24


def interval_dots(*, unit: str, category: str, title: str) -> alt.LayerChart:
    """A dot and its 95 % interval per category, in the order of the frame, against a dashed line.

    Columns of `data`: the category, value, low, high, n, note. A dot without an interval is hollow. `reference` has one
    row with `value`, or none.
    """
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=theme.FORMATS[unit].axis, title=None, tickCount=6, domain=False)
    label = alt.Axis(labelLimit=170, ticks=False, domain=False, labelFlush=False)
    rows = alt.Chart(DATA).encode(alt.Y(f"{category}:N", sort=None, title=None, axis=label))
    whisker = rows.mark_rule(strokeWidth=4, opacity=0.4, tooltip=None).encode(
        alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q"), color=alt.value(theme.DATA)
    )
    value = rows.encode(alt.X("value:Q", scale=scale, axis=axis), color=alt.value(theme.DATA))
    centre = value.transform_filter("isValid(datum.low)").mark_point(filled=True, size=70, opacity=1, tooltip=None)
    # A ring that can be pointed at inside. Only `color` follows the theme, so it cannot be one mark with a fill.
    ring = value.mark_point(filled=False, fill="transparent", size=75, opacity=1, cursor="pointer").encode(
        tooltip=estimate_tooltip(category, title, unit)
    )
    line = alt.Chart(REFERENCE).mark_rule(strokeDash=[4, 3], tooltip=None)
    overall = line.encode(alt.X("value:Q", scale=scale, axis=axis), color=alt.value(theme.CONTEXT))
    # Rows without an interval would come last, as the whiskers would name the rows first: this layer names them all.
    every_row = rows.mark_point(opacity=0, tooltip=None)
    marks = ring.properties(name="marks").add_params(pick(category))
    return layered(every_row, overall, whisker, centre, marks, height=alt.Step(_ROW))
