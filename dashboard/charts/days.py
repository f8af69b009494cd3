"""What happened over time."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, estimate_tooltip, event_marks, layered, number


def volume() -> alt.LayerChart:
    """How many reviews were made each day. Columns of `data`: day (date), reviews."""
    bars = alt.Chart(DATA).mark_bar(cornerRadiusEnd=1)
    counted = bars.encode(
        alt.X(
            "yearmonthdate(day):T",
            title=None,
            axis=alt.Axis(grid=False, labelOverlap=True, tickCount=8, format="%d %b"),
        ),
        alt.Y("reviews:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=3, domain=False)),
        color=alt.value(theme.DATA),
        tooltip=[alt.Tooltip("day:T", title="day", format="%d %b %Y"), number("reviews", "count", "reviews")],
    )
    return layered(counted, *event_marks(), height=120)


def over_time(*, unit: str) -> alt.LayerChart:
    """A value per period with its interval, and a gap where there is none.

    Columns of `data`: period (date), value, low, high, n, note.
    """
    when = alt.X(
        "yearmonthdate(period):T", title=None, axis=alt.Axis(grid=False, labelOverlap=True, tickCount=8, format="%d %b")
    )
    axis = alt.Axis(format=theme.FORMATS[unit].axis, title=None, tickCount=5, domain=False)
    scale = alt.Scale(zero=False, nice=True)
    base = alt.Chart(DATA).encode(when)
    whisker = base.mark_rule(strokeWidth=3, opacity=0.35, tooltip=None).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q"), color=alt.value(theme.DATA)
    )
    line = base.mark_line(point=alt.OverlayMarkDef(filled=True, size=45)).encode(
        alt.Y("value:Q", scale=scale, axis=axis),
        color=alt.value(theme.DATA),
        tooltip=[
            alt.Tooltip("period:T", title="from", format="%d %b %Y"),
            *estimate_tooltip("period", "period", unit)[1:],
        ],
    )
    overall = (
        alt.Chart(REFERENCE)
        .mark_rule(strokeDash=[4, 3], tooltip=None)
        .encode(alt.Y("value:Q", scale=scale, axis=axis), color=alt.value(theme.CONTEXT))
    )
    return layered(*event_marks(), overall, whisker, line, height=240)
