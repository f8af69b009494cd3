"""Reviewers among their like: the funnel, and the map of skill and leaning."""

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, REFERENCE, layered, number, pick

STANDINGS = ("within the limits", "outside 95 %", "stands out")
"""How a reviewer stands, and in this order their colours and shapes."""
_SHARE = alt.Axis(format=theme.FORMATS["share"].axis, tickCount=6, domain=False, title="share of errors")
_HEIGHT = 380


def funnel() -> alt.LayerChart:
    """Each reviewer's share of errors by answers, between the limits that chance sets.

    Columns of `data`: reviewer, answers, shown_rate, and for the tooltip errors, expected, rate, crude_rate, z,
    z_adjusted, z_leaning, q, standing. Columns of `reference`:
    answers, low_95, high_95, low_998, high_998, overall.
    """
    limits = alt.Chart(REFERENCE).encode(_answers())
    lines = [
        limits.mark_line(strokeDash=dash, strokeWidth=1.2, tooltip=None, clip=True).encode(
            alt.Y(f"{name}:Q", axis=_SHARE), color=alt.value(theme.CONTEXT)
        )
        for name, dash in _LINES.items()
    ]
    details = [number(field, unit, title) for field, (unit, title) in _OF_FUNNEL.items()]
    marks = _people(_answers(), alt.Y("shown_rate:Q", axis=_SHARE), details=details)
    return layered(*lines, marks.properties(name="marks").add_params(pick("reviewer")), height=_HEIGHT)


def skill_map() -> alt.LayerChart:
    """Skill by leaning, each with its interval for who stands out, and the zone where the line should lie.

    Columns of `data`: reviewer, answers, d_prime, d_low, d_high, criterion, c_low, c_high, is_marked, standing.
    `reference` has one row, from, to: between them a criterion is as good as the costs ask.
    """
    leaning = alt.Axis(format=theme.FORMATS["z"].axis, title="← enforces more · leaning c · lets more through →")
    skill = alt.Axis(format=theme.FORMATS["z"].axis, title="sensitivity d′", domain=False)
    free = alt.Scale(zero=False, nice=True)
    zone = alt.Chart(REFERENCE).mark_rect(opacity=0.12, tooltip=None)
    band = zone.encode(alt.X("from:Q", scale=free, axis=leaning), alt.X2("to:Q"), color=alt.value(theme.GOOD))
    base = alt.Chart(DATA).encode(alt.X("criterion:Q", scale=free, axis=leaning))
    base = base.encode(alt.Y("d_prime:Q", scale=free, axis=skill))
    whisker = base.transform_filter("datum.is_marked").mark_rule(opacity=0.5, tooltip=None)
    across = whisker.encode(alt.X("c_low:Q", scale=free), alt.X2("c_high:Q"), color=_colour())
    along = whisker.encode(alt.Y("d_low:Q", scale=free), alt.Y2("d_high:Q"), color=_colour())
    details = [number(field, unit, title) for field, (unit, title) in _OF_MAP.items()]
    marks = _people(base.encoding.x, base.encoding.y, details=details)
    return layered(band, across, along, marks.properties(name="marks").add_params(pick("reviewer")), height=_HEIGHT)


_LINES = {"low_998": [2, 3], "low_95": [6, 3], "overall": [1, 0], "high_95": [6, 3], "high_998": [2, 3]}
_OF_FUNNEL = {
    "rate": ("share", "errors, adjusted"),
    "crude_rate": ("share", "errors, as counted"),
    "errors": ("count", "errors"),
    "expected": ("z", "expected of these cases"),
    "answers": ("count", "answers"),
    "z": ("z", "z"),
    "z_adjusted": ("z", "z, over-dispersion allowed for"),
    "z_leaning": ("z", "z of the leaning, above 0 enforces more"),
    "q": ("coefficient", "false discovery rate q"),
}
_OF_MAP = {
    "d_prime": ("z", "d′"),
    "d_low": ("z", "d′ from"),
    "d_high": ("z", "d′ to"),
    "criterion": ("z", "c"),
    "c_low": ("z", "c from"),
    "c_high": ("z", "c to"),
    "answers": ("count", "answers"),
}
"""What a point says when it is pointed at: unit and words of each field."""


def _people(x: alt.X, y: alt.Y, *, details: list[alt.Tooltip]) -> alt.Chart:
    """A point for everybody, by how they stand."""
    points = alt.Chart(DATA).mark_point(filled=True, size=55, opacity=0.8, cursor="pointer")
    who = alt.Tooltip("reviewer:N", title="reviewer")
    found: alt.Chart = points.encode(x, y, color=_colour(), shape=_shape(), tooltip=[who, *details])
    return found


def _answers() -> alt.X:
    return alt.X(
        "answers:Q", axis=alt.Axis(format=",.0f", title="answers on gold", grid=False), scale=alt.Scale(nice=True)
    )


def _colour() -> alt.Color:
    scale = alt.Scale(domain=list(STANDINGS), range=[theme.CONTEXT, theme.ALERT, theme.ALARM])
    return alt.Color("standing:N", scale=scale, legend=alt.Legend(orient="top", title=None))


def _shape() -> alt.Shape:
    scale = alt.Scale(domain=list(STANDINGS), range=["circle", "triangle-up", "diamond"])
    return alt.Shape("standing:N", scale=scale, legend=alt.Legend(orient="top", title=None))
