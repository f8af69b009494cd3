"""What audits say: weighted beside naive, and as good as the auditors are."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, estimate_tooltip, layered

HOW = ("weighted", "naive")
"""The two ways of counting, in the order in which they stand."""
_ROW = 15
_HEIGHT = 220


def weighted_and_naive() -> alt.LayerChart:
    """Two dots with their intervals in each row; an interval may stand alone.

    Columns of `data`: title, how, value, low, high, n, note. `reference` holds the `text` across the chart, or nothing.
    """
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(format=theme.FORMATS["share"].axis, title=None, tickCount=6, domain=False)
    label = alt.Axis(labelLimit=170, ticks=False, domain=False)
    key = alt.Legend(title=None, orient="top")
    rows = alt.Chart(DATA).encode(
        alt.Y("title:N", sort=None, title=None, axis=label),
        alt.YOffset("how:N", sort=list(HOW)),
        alt.Color("how:N", scale=alt.Scale(domain=list(HOW), range=[theme.DATA, theme.CONTEXT]), legend=key),
    )
    whisker = rows.mark_rule(strokeWidth=4, opacity=0.4, tooltip=None).encode(
        alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q")
    )
    dot = rows.mark_point(filled=True, size=70, opacity=1).encode(
        alt.X("value:Q", scale=scale, axis=axis),
        tooltip=[alt.Tooltip("how:N", title="counted"), *estimate_tooltip("title", "metric", "share")],
    )
    watermark = alt.Chart(REFERENCE).mark_text(fontSize=30, fontWeight=600, opacity=0.35, tooltip=None)
    across = watermark.encode(
        text="text:N",
        x=alt.value(alt.expr("width / 2")),
        y=alt.value(alt.expr("height / 2")),
        color=alt.value(theme.ALERT),
    )
    return layered(whisker, dot, across, height=alt.Step(_ROW))


def what_if() -> alt.LayerChart:
    """A share with its interval by how right the auditors are taken to be.

    Columns of `data`: auditor, value, low, high, n, note. `reference` has one row with the value as audited, or none.
    """
    axis = alt.Axis(format=theme.FORMATS["share"].axis, title=None, tickCount=5, domain=False)
    scale = alt.Scale(zero=False, nice=True)
    share = alt.Axis(format=theme.FORMATS["share"].axis, title="auditors' verdicts that are right", grid=False)
    base = alt.Chart(DATA).encode(alt.X("auditor:Q", scale=alt.Scale(zero=False, nice=False), axis=share))
    band = base.mark_area(opacity=0.25, tooltip=None).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q"), color=alt.value(theme.DATA)
    )
    line = base.mark_line(point=alt.OverlayMarkDef(filled=True, size=45)).encode(
        alt.Y("value:Q", scale=scale, axis=axis),
        color=alt.value(theme.DATA),
        tooltip=[
            alt.Tooltip("auditor:Q", title="verdicts right", format=theme.FORMATS["share"].tooltip),
            *estimate_tooltip("auditor", "", "share")[1:],
        ],
    )
    audited = (
        alt.Chart(REFERENCE)
        .mark_rule(strokeDash=[4, 3], tooltip=None)
        .encode(alt.Y("value:Q", scale=scale, axis=axis), color=alt.value(theme.CONTEXT))
    )
    return layered(audited, band, line, height=_HEIGHT)
