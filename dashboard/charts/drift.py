"""Drift: a model's agreement from day to day within its limits, and its scores of late beside those of before."""

from collections.abc import Callable
from functools import partial

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, event_marks, layered, number, pick

STATES = ("within its limits", "a signal")
WINDOWS = ("before", "of late")


def control_chart(*, unit: str) -> alt.LayerChart:
    """A value per day or week with its limits; signals stand out, changes are spans of the days they may have begun on.

    Columns of `data`: period (date), since and until (days), value, n, limit_low, limit_high, centre, state. Of
    `reference`: from, to, first (dates), told.
    """
    axis = alt.Axis(format=theme.FORMATS[unit].axis, title=None, tickCount=5, domain=False)
    scale = alt.Scale(zero=False, nice=True)
    days = alt.Axis(grid=False, labelOverlap=True, tickCount=8, format="%d %b")
    base = alt.Chart(DATA).encode(alt.X("yearmonthdate(period):T", title=None, axis=days))
    limits = base.mark_area(interpolate="step", opacity=0.15, tooltip=None).encode(
        alt.Y("limit_low:Q", scale=scale, axis=axis), alt.Y2("limit_high:Q"), color=alt.value(theme.CONTEXT)
    )
    centre = base.mark_line(strokeDash=[4, 3], tooltip=None).encode(
        alt.Y("centre:Q", scale=scale, axis=axis), color=alt.value(theme.CONTEXT)
    )
    line = base.mark_line(opacity=0.6, tooltip=None).encode(
        alt.Y("value:Q", scale=scale, axis=axis), color=alt.value(theme.DATA)
    )
    points = _points(base, unit).encode(alt.Y("value:Q", scale=scale, axis=axis))
    marks = points.properties(name="marks").add_params(pick("since", "until"))
    return layered(*_changes(), *event_marks(), limits, centre, line, marks, height=240)


def _points(base: alt.Chart, unit: str) -> alt.Chart:
    """Points that stand out where they signal, by colour and by shape."""
    key = alt.Legend(title=None, orient="top")
    points: alt.Chart = base.mark_point(filled=True, size=45, opacity=1, cursor="pointer").encode(
        alt.Color("state:N", scale=alt.Scale(domain=list(STATES), range=[theme.DATA, theme.ALARM]), legend=key),
        alt.Shape("state:N", scale=alt.Scale(domain=list(STATES), range=["circle", "diamond"]), legend=key),
        tooltip=[
            alt.Tooltip("since:N", title="from"),
            alt.Tooltip("until:N", title="to"),
            number("value", unit, "value"),
            number("limit_low", unit, "lower limit"),
            number("limit_high", unit, "upper limit"),
            number("n", "count", "items"),
            alt.Tooltip("state:N", title="is"),
        ],
    )
    return points


def _changes() -> tuple[alt.Chart, alt.Chart]:
    """The days between which a change began, and the likeliest of them."""
    told = alt.Tooltip("told:N", title="change")
    span = alt.Chart(REFERENCE).mark_rect(opacity=0.15)
    first = alt.Chart(REFERENCE).mark_rule(strokeWidth=2, tooltip=None)
    colour = alt.value(theme.ALERT)
    return (
        span.encode(alt.X("yearmonthdate(from):T"), alt.X2("yearmonthdate(to)"), color=colour, tooltip=[told]),
        first.encode(alt.X("yearmonthdate(first):T"), color=colour),
    )


def score_windows() -> alt.LayerChart:
    """The scores of both windows side by side.

    Columns of `data`: score_from, score_to, window, share, items, since, until.
    """
    key = alt.Legend(title=None, orient="top")
    bars = (
        alt.Chart(DATA)
        .mark_bar(cursor="pointer")
        .encode(
            alt.X("score_from:O", axis=alt.Axis(format=".2~f", title="score from", labelAngle=0, labelOverlap=True)),
            alt.XOffset("window:N", sort=list(WINDOWS)),
            alt.Y("share:Q", axis=alt.Axis(format=theme.FORMATS["share"].axis, title=None, tickCount=4, domain=False)),
            alt.Color("window:N", scale=alt.Scale(domain=list(WINDOWS), range=[theme.CONTEXT, theme.DATA]), legend=key),
            tooltip=[
                alt.Tooltip("window:N", title="window"),
                number("score_from", "index", "score from"),
                number("score_to", "index", "to"),
                number("share", "share", "share of its items"),
                number("items", "count", "items"),
            ],
        )
    )
    marks = bars.properties(name="marks").add_params(pick("score_from", "score_to", "since", "until"))
    return layered(marks, height=200)


DRIFT_TEMPLATES: dict[str, Callable[[], alt.LayerChart | alt.Chart]] = {
    "control_shares": partial(control_chart, unit="share"),
    "control_coefficients": partial(control_chart, unit="coefficient"),
    "score_windows": score_windows,
}
"""The charts of the Drift tab."""
