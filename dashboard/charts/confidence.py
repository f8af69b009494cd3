"""Whether scores mean what they say."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, layered, number, pick

LINES = ("as it should be", "pooled until it rises")
"""The diagonal, and the curve without bins (CORP)."""


def reliability() -> alt.LayerChart:
    """The share that violates by score: tenths with their intervals, the curve without bins, and the diagonal.

    Columns of `data`: score_from, score_to, score, value, low, high, n. Of `reference`: line, score, violating.
    """
    share = alt.Axis(format=theme.FORMATS["share"].axis, tickCount=6, domain=False, title="share that violates")
    whole = alt.Scale(domain=[0, 1])
    score = alt.Axis(format=".1f", tickCount=6, title="score", grid=False)
    colour = alt.Color(
        "line:N",
        scale=alt.Scale(domain=list(LINES), range=[theme.CONTEXT, "violet"]),
        legend=alt.Legend(title=None, orient="top"),
    )
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=list(LINES), range=[[4, 3], [1, 0]]), legend=None)
    lines = alt.Chart(REFERENCE).mark_line(strokeWidth=1.5, tooltip=None)
    across = alt.X("score:Q", scale=whole, axis=score)
    curves = lines.encode(across, alt.Y("violating:Q", scale=whole, axis=share), colour, dash)
    base = alt.Chart(DATA).encode(across)
    whisker = base.mark_rule(strokeWidth=3, opacity=0.35, tooltip=None).encode(
        alt.Y("low:Q", scale=whole, axis=share), alt.Y2("high:Q"), color=alt.value(theme.DATA)
    )
    points = base.mark_point(filled=True, size=70, opacity=1, cursor="pointer").encode(
        alt.Y("value:Q", scale=whole, axis=share), color=alt.value(theme.DATA), tooltip=_told()
    )
    marked = points.properties(name="marks").add_params(pick("score_from", "score_to"))
    return layered(curves, whisker, marked, height=340)


def _told() -> list[alt.Tooltip]:
    """What a tenth says when it is pointed at."""
    return [
        number("score_from", "z", "score from"),
        number("score_to", "z", "to"),
        number("score", "coefficient", "mean score"),
        number("value", "share", "violate"),
        number("low", "share", "from"),
        number("high", "share", "to"),
        number("n", "count", "items"),
    ]
