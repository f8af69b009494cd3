"""Agreement on the same cases in two rounds, beside what asking again would bring by itself."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, layered, number

_COLOURS = (theme.CONTEXT, theme.DATA, theme.CONTEXT, "violet")
_SHAPES = ("circle", "circle", "triangle-down", "diamond")
_ROW = 32


def before_after() -> alt.LayerChart:
    """A line from the earlier reviews to the votes for each clause, with marks for what they are compared with.

    Columns of `data`: clause, round, value, start and end (of the line, in one row of a clause), n, rise, beyond.
    """
    axis = alt.Axis(format=theme.FORMATS["share"].axis, title="pairs of reviewers who agree", tickCount=6, domain=False)
    scale = alt.Scale(domain=[0, 1])
    label = alt.Axis(labelLimit=220, labelPadding=12, ticks=False, domain=False)
    key = alt.Legend(title=None, orient="top", columns=2, labelLimit=220)
    rows = alt.Chart(DATA).encode(alt.Y("clause:N", sort=None, title=None, axis=label))
    line = rows.mark_rule(strokeWidth=4, opacity=0.4, tooltip=None).encode(
        alt.X("start:Q", scale=scale, axis=axis), alt.X2("end:Q"), color=alt.value(theme.DATA)
    )
    marks = rows.mark_point(filled=True, size=90, opacity=1).encode(
        alt.X("value:Q", scale=scale, axis=axis),
        alt.Color("round:N", scale=alt.Scale(domain=list(theme.ROUNDS), range=list(_COLOURS)), legend=key),
        alt.Shape("round:N", scale=alt.Scale(domain=list(theme.ROUNDS), range=list(_SHAPES)), legend=key),
        tooltip=[
            alt.Tooltip("clause:N", title="clause"),
            alt.Tooltip("round:N", title="from"),
            number("value", "share", "agreement"),
            number("n", "count", "cases"),
            alt.Tooltip("rise:N", title="rise"),
            alt.Tooltip("beyond:N", title="beyond controls"),
        ],
    )
    return layered(line, marks, height=alt.Step(_ROW))
