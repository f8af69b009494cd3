"""One reviewer from answer to answer: evidence that adds up until it passes a limit."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, layered, number


def error_watch() -> alt.LayerChart:
    """The evidence for more errors, upwards, and for fewer, downwards, between their limits.

    Columns of `data`: number, decided_at, is_error (a word), expected, worse, fewer (below 0). `reference` has one row,
    limit_worse, limit_fewer.
    """
    answer = alt.X("number:Q", axis=alt.Axis(format=",.0f", title="answer on gold, in order of time", grid=False))
    evidence = alt.Axis(title="← fewer errors · evidence · more errors →", tickCount=5, domain=False)
    limits = [
        alt.Chart(REFERENCE)
        .mark_rule(strokeDash=[4, 3], tooltip=None)
        .encode(alt.Y(f"{limit}:Q", axis=evidence), color=alt.value(colour))
        for limit, colour in (("limit_worse", theme.ALARM), ("limit_fewer", theme.GOOD))
    ]
    base = alt.Chart(DATA).encode(answer)
    details = [
        number("number", "count", "answer"),
        alt.Tooltip("decided_at:T", title="on", format="%d %b %Y"),
        alt.Tooltip("is_error:N", title="was"),
        number("expected", "share", "chance of an error for anybody"),
        number("worse", "z", "evidence for more errors"),
        number("fewer", "z", "evidence for fewer, below 0"),
    ]
    lines = [
        base.mark_line(interpolate="step-after", strokeWidth=2).encode(
            alt.Y(f"{side}:Q", axis=evidence), color=alt.value(theme.DATA), tooltip=details
        )
        for side in ("worse", "fewer")
    ]
    return layered(*limits, *lines, height=220)
