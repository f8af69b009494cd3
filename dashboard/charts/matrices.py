"""Matrices: labels by labels, and reviewers by reviewers."""

from collections.abc import Mapping
from typing import Literal

import altair as alt

from dashboard import theme
from dashboard.charts.parts import DATA, layered, pick

_CELL = 36


def matrix(
    *, row: str, column: str, titles: tuple[str, str], details: Mapping[str, str], is_of_people: bool = False
) -> alt.LayerChart:
    """Shaded cells with their text: green where `is_agreement`, orange elsewhere, blank where nothing is.

    Columns of `data`: row, column, shade (0 to 1), text, is_agreement. `titles` are of rows and columns; `details` maps
    the words of the tooltip to typed fields. Labels keep the order of the frame; people stand in the order of their
    names, which are long and many, so that those of columns are turned.
    """
    sort = "ascending" if is_of_people else None
    base = alt.Chart(DATA).encode(
        alt.X(f"{column}:N", sort=sort, title=titles[1], axis=_bare(is_turned=is_of_people, orient="top")),
        alt.Y(f"{row}:N", sort=sort, title=titles[0], axis=_bare(is_turned=False, orient="left")),
    )
    tile = base.mark_rect(cornerRadius=3, cursor="pointer").encode(
        color=_colour(),
        fillOpacity=_opacity(),
        tooltip=[alt.Tooltip(field, title=title) for title, field in details.items()],
    )
    text = base.mark_text(fontWeight=600, tooltip=None).encode(text="text:N", color=alt.value(theme.CONTEXT))
    return layered(tile.properties(name="marks").add_params(pick(row, column)), text, height=alt.Step(_CELL))


def _bare(*, is_turned: bool, orient: Literal["top", "left"]) -> alt.Axis:
    """An axis of words only."""
    return alt.Axis(
        orient=orient,
        ticks=False,
        domain=False,
        grid=False,
        labelLimit=110,
        labelFlush=False,
        labelOverlap=False,
        labelAngle=-45 if is_turned else 0,
    )


def _colour() -> alt.Color:
    scale = alt.Scale(domain=[True, False], range=[theme.GOOD, theme.ALERT])
    return alt.Color("is_agreement:N", scale=scale, legend=None)


def _opacity() -> alt.FillOpacity:
    # Never so strong that the text in the cell would lose its contrast.
    return alt.FillOpacity("shade:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 0.5], clamp=True), legend=None)
