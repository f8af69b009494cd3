"""Small parts that pages are arranged from. They are given what they show and fetch nothing."""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import sentences, theme
from dashboard.sentences import plain
from metrics.catalogue import CATALOGUE, Metric

Pick = Callable[[Mapping[str, str]], None]
"""Where a click on something leads: the fields that it stands for."""

MOST_IN_A_ROW = 5
"""The titles of more cards would be cut off."""


def heading(title: str, sentence: str, caption: str = "") -> None:
    """A page's title and the one sentence that answers its question."""
    st.title(title, anchor=False)
    st.markdown(sentence)
    if caption:
        st.caption(caption)


def why(*, number: str) -> None:
    """The way to why a number changed."""
    st.page_link(
        "views/explain.py",
        label="What changed in the last weeks, and why",
        icon=":material/compare_arrows:",
        query_params={"number": number},
    )


def provenance(name: str, note: str) -> None:
    """Which log this is and where it comes from, above everything that is said about it."""
    st.markdown(f"**{plain(name)}**" + (f" :material/info: {plain(note)}" if note else ""))


def forgotten(before: date | None) -> None:
    """Which rows are gone, where some are, and what that leaves."""
    if before is not None:
        st.caption(f":material/history: {sentences.forgotten(before)}")


def cards(estimates: Mapping[str, Mapping[str, Any]]) -> None:
    """One card per metric, side by side where there is room; more than five stand in two rows."""
    columns = len(estimates) if len(estimates) <= MOST_IN_A_ROW else math.ceil(len(estimates) / 2)
    with st.grid(columns, min_column_width=150):
        for name, estimate in estimates.items():
            card(CATALOGUE[name], estimate)


def card(metric: Metric, estimate: Mapping[str, Any], *intervals: str) -> None:
    """One number with its interval and n, or the reason why there is none; `intervals` stand in for its own."""
    n = estimate["n"]
    own = theme.interval(estimate["low"], estimate["high"], metric.unit, n)
    with st.container(border=True, height="stretch", gap="small"):
        st.metric(metric.title, theme.number(estimate["value"], metric.unit, n), help=metric.question)
        st.caption("  \n".join(line for line in (*(intervals or (own,)), f"n {n:,} {metric.counted}") if line))
        if estimate["note"] and not (own and estimate["value"] is not None):
            st.caption(f":orange[{estimate['note'].capitalize()}.]")


def points(sentences: Iterable[str], *, otherwise: str) -> None:
    """Plain sentences as a list; empty ones are left out, and `otherwise` stands when none remains."""
    said = [sentence for sentence in sentences if sentence]
    st.markdown("\n".join(f"- {sentence}" for sentence in said) or otherwise)


def facts(named: Mapping[str, str]) -> None:
    """Short facts, one a line."""
    st.markdown("\n".join(f"- **{name}:** {fact}" for name, fact in named.items()))


def empty(title: str, why: str) -> None:
    """What stands where a chart would: what is missing, and what would bring it."""
    st.info(why, title=title, icon=":material/info:")


def nothing_to_compare() -> None:
    """What stands where slices would be compared, in a log that has none."""
    empty(
        "Nothing to compare",
        "Load reviews with a `policy`, `queue`, `market` or `language` column, or a `reviewers` table with sites.",
    )


def filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The same table without the columns that this log leaves empty."""
    return frame[[column.name for column in frame if column.null_count() < frame.height]]


def table(frame: pl.DataFrame, *, alt: str) -> None:
    """A table to read."""
    st.dataframe(frame, hide_index=True, column_config=_columns(frame), alt=alt)


def pickable_table(frame: pl.DataFrame, column: str, *, key: str, on_pick: Pick) -> None:
    """A table whose rows lead on; the list below does the same for the keyboard. Empty columns are left out."""
    picks, listed, shown = frame[column].to_list(), f"{key}_listed", filled(frame)
    if not picks:
        st.caption("There is none.")
        return

    def clicked() -> None:
        for row in st.session_state[key]["selection"]["rows"]:
            on_pick({column: picks[row]})

    alt, config = f"{len(picks)} rows, by {column.replace('_', ' ')}", _columns(shown)
    st.dataframe(
        shown, hide_index=True, column_config=config, alt=alt, key=key, on_select=clicked, selection_mode="single-row"
    )
    st.selectbox(
        "Open a row",
        picks,
        index=None,
        placeholder="Click a row or pick one to open it",
        label_visibility="collapsed",
        key=listed,
        on_change=lambda: on_pick({column: st.session_state[listed]}),
    )


def examples(ids: Iterable[str], items: Iterable[str] | None, *, key: str, on_pick: Pick) -> None:
    """A few rows by their ids; those whose case can be shown lead to it."""
    with st.container(horizontal=True, vertical_alignment="center", key=key):
        if items is None:
            st.caption(" · ".join(plain(name) for name in ids))
            return
        for place, (name, item) in enumerate(zip(ids, items, strict=True)):
            label, leads_to = f":{theme.DATA}[{plain(name)}]", {"item_id": item}
            st.button(label, key=f"{key}_{place}", type="tertiary", on_click=on_pick, args=(leads_to,))


def _columns(frame: pl.DataFrame) -> dict[str, Any]:
    """Readable headers, days without a time, and numbers with their thousands."""
    return {name: _column(name.replace("_", " "), kind) for name, kind in frame.schema.items()}


def _column(title: str, kind: pl.DataType) -> Any:
    if kind == pl.Date:
        return st.column_config.DateColumn(title, format="DD MMM YYYY")
    if isinstance(kind, pl.Datetime):
        return st.column_config.DatetimeColumn(title, format="DD MMM YYYY HH:mm")
    if kind.is_integer():
        return st.column_config.NumberColumn(title, format="localized")
    return st.column_config.Column(title)
