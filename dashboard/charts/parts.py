"""What charts share: the names of their datasets and of their selection, tooltips, and the dashed line."""

import altair as alt

from dashboard import theme

PICK = "pick"
"""The name of the selection in every chart whose marks can be clicked."""

DATA = alt.NamedData("data")
REFERENCE = alt.NamedData("reference")
EVENTS = alt.NamedData("events")
"""What happened: at (a time), kind, title."""


def pick(*fields: str) -> alt.Parameter:
    """A click on a mark, as the values of these fields."""
    return alt.selection_point(name=PICK, fields=list(fields), on="click", clear="dblclick", toggle=False)


def number(field: str, unit: str, title: str) -> alt.Tooltip:
    """A number in a tooltip, as its unit is written."""
    return alt.Tooltip(f"{field}:Q", format=theme.FORMATS[unit].tooltip, title=title)


def estimate_tooltip(category: str, title: str, unit: str) -> list[alt.Tooltip]:
    """What a mark of an estimate says when it is pointed at."""
    return [
        alt.Tooltip(f"{category}:N", title=title),
        number("value", unit, "value"),
        number("low", unit, "from"),
        number("high", unit, "to"),
        number("n", "count", "n"),
        alt.Tooltip("note:N", title="note"),
    ]


def layered(*layers: alt.Chart, height: int | alt.Step) -> alt.LayerChart:
    """Marks over each other, the last on top."""
    return alt.LayerChart(layer=list(layers), height=height)


def event_marks() -> tuple[alt.Chart, alt.Chart]:
    """The dataset `events` on a time axis: a thin line each, and a mark at its top that says what happened."""
    when = alt.X("yearmonthdate(at):T")
    line = alt.Chart(EVENTS).mark_rule(strokeDash=[2, 3], opacity=0.7, tooltip=None)
    head = alt.Chart(EVENTS).mark_point(shape="triangle-down", filled=True, size=70, opacity=1)
    told = [
        alt.Tooltip("at:T", title="on", format="%d %b %Y"),
        alt.Tooltip("kind:N", title="kind"),
        alt.Tooltip("title:N", title="what"),
    ]
    colour = alt.value(theme.CONTEXT)
    return line.encode(when, color=colour), head.encode(when, y=alt.value(4), color=colour, tooltip=told)
