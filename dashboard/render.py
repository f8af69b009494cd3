"""The one place that shows a chart: its template filled with frames, and what a reader may take from it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl
import streamlit as st

from dashboard import charts, export
from dashboard.output import csv_text

Mark = dict[str, str]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart on a page.

    `alt` states the finding for those who do not see it. `sql` is the question that was put to the log. `table` is what
    the CSV holds, the chart's own data unless given.
    """

    template: str
    frames: Mapping[str, pl.DataFrame]
    title: str
    caption: str
    alt: str
    sql: str
    table: pl.DataFrame | None = None

    @property
    def data(self) -> pl.DataFrame:
        """The rows behind the marks."""
        return self.frames["data"]


def show(chart: Chart, *, key: str, on_pick: Callable[[Mark], None] | None = None, leads_to: str = "its cases") -> None:
    """A card with the chart; a click on a mark, or the same choice from a list, calls `on_pick` with its fields."""
    with st.container(border=True, key=f"card_{key}"):
        _heading(chart, key)
        specification = json.loads(charts.template(chart.template)) | {"datasets": dict(chart.frames)}
        st.vega_lite_chart(
            spec=specification,
            key=f"chart_{key}",
            alt=chart.alt,
            on_select="ignore" if on_pick is None else lambda: _clicked(f"chart_{key}", on_pick),
        )
        if on_pick is not None:
            _list_of_marks(chart, key, on_pick, f"Click a mark or pick one for {leads_to}")


def _heading(chart: Chart, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="top", wrap=False):
        with st.container(gap=None):
            st.markdown(f"**{chart.title}**")
            st.caption(chart.caption)
        with st.popover("Export", type="tertiary", help="Data, picture and SQL", key=f"take_{key}"):
            take_away(chart, key)


def take_away(chart: Chart, key: str) -> None:
    """The chart's data, its pictures and its SQL."""
    download_table("Data (CSV)", lambda: chart.data if chart.table is None else chart.table, name=key)
    kinds: tuple[tuple[export.Picture, str], ...] = (("svg", "image/svg+xml"), ("png", "image/png"))
    for kind, mime in kinds:
        st.download_button(
            f"Picture ({kind.upper()})",
            data=partial(export.picture, charts.template(chart.template), chart.frames, kind),
            file_name=f"{key}.{kind}",
            mime=mime,
            key=f"{kind}_{key}",
            on_click="ignore",
            type="tertiary",
            icon=":material/image:",
        )
    with st.container(width=520, height=280, border=False):
        st.code(chart.sql, language="sql")


def download_table(label: str, frame: Callable[[], pl.DataFrame], *, name: str) -> None:
    """A button that fetches a table when it is clicked and hands it out as CSV, formula-like cells escaped."""
    st.download_button(
        label,
        data=lambda: csv_text(frame()),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _clicked(chart_key: str, on_pick: Callable[[Mark], None]) -> None:
    picked = st.session_state[chart_key]["selection"].get(charts.PICK)
    if picked:
        on_pick(dict(picked[0]))


def _list_of_marks(chart: Chart, key: str, on_pick: Callable[[Mark], None], prompt: str) -> None:
    """The marks as a list: charts cannot be reached by keyboard."""
    fields = json.loads(charts.template(chart.template))["params"][0]["select"]["fields"]
    marks = chart.data.select(fields).unique(maintain_order=True).to_dicts()
    widget = f"pick_{key}"
    st.selectbox(
        prompt,
        range(len(marks)),
        index=None,
        format_func=lambda k: " · ".join(str(value) for value in marks[k].values()),
        placeholder=prompt,
        label_visibility="collapsed",
        key=widget,
        on_change=lambda: on_pick(marks[st.session_state[widget]]),
    )
