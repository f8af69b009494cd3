"""What a model would get wrong that decides alone where it is sure."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, layered, number, pick


def risk_coverage() -> alt.LayerChart:
    """The share of errors among the items that are decided, by how many are; a point for each cut of the score.

    Columns of `data`: coverage, value, low, high, n, remove_from, keep_below, score_from, score_to.
    """
    share = theme.FORMATS["share"].axis
    scale = alt.Scale(zero=True, nice=True)
    axis = alt.Axis(format=share, title=None, tickCount=5, domain=False)
    covered = alt.Axis(format=share, title="items that the model decides alone", grid=False, tickCount=6)
    base = alt.Chart(DATA).encode(alt.X("coverage:Q", scale=alt.Scale(domain=[0, 1]), axis=covered))
    band = base.mark_area(opacity=0.25, tooltip=None).encode(
        alt.Y("low:Q", scale=scale, axis=axis), alt.Y2("high:Q"), color=alt.value(theme.DATA)
    )
    line = base.mark_line(tooltip=None).encode(alt.Y("value:Q", scale=scale, axis=axis), color=alt.value(theme.DATA))
    dot = base.mark_point(filled=True, size=45, opacity=1, cursor="pointer").encode(
        alt.Y("value:Q", scale=scale, axis=axis),
        color=alt.value(theme.DATA),
        tooltip=[
            number("remove_from", "z", "removed from"),
            number("keep_below", "z", "kept below"),
            number("coverage", "share", "decided"),
            number("value", "share", "of these wrong"),
            number("low", "share", "from"),
            number("high", "share", "to"),
            number("n", "count", "labels"),
        ],
    )
    marks = dot.properties(name="marks").add_params(pick("score_from", "score_to"))
    return layered(band, line, marks, height=240)
