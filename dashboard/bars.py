"""What stands above every page: which log is looked at, and what of it counts. All of it is kept in the address."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.sentences import plain

ALL_TIME = "All time"


def workspace_bar(offered: Mapping[str, str]) -> str:
    """Which workspace is looked at: names with a line about each. One that is not offered is told and passed over."""
    asked = st.query_params.get("workspace")
    with st.sidebar:
        name: str = st.radio(
            "Log",
            list(offered),
            captions=[plain(line) for line in offered.values()],
            format_func=plain,
            key="workspace",
            bind="query-params",
        )
    if asked is not None and asked not in offered:
        st.warning(f"No workspace {plain(asked)} is offered here: this is {plain(name)}.", icon=":material/link_off:")
    return name


def filter_bar(choices: Mapping[str, Sequence[str]], *, windows: Sequence[str], comparable: Sequence[str]) -> None:
    """What the reader may narrow, and across what numbers are compared, in one row. Absent where there is no choice.

    What is narrowed to stands beside the button, so that nobody takes a part for the whole.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        if windows:
            st.segmented_control(
                "Window", [*windows, ALL_TIME], default=ALL_TIME, required=True, key="window", bind="query-params"
            )
        if len(comparable) > 1:
            st.segmented_control(
                "Compare by", comparable, default=comparable[0], required=True, key="compare", bind="query-params"
            )
        if choices:
            with st.popover("Filters", icon=":material/filter_alt:", width=130), st.grid(2, min_column_width=200):
                chosen = {dimension: _narrowed(dimension, values) for dimension, values in choices.items()}
            st.markdown(" ".join(f":blue-badge[{said}]" for said in _narrowings(chosen)))


def _narrowed(dimension: str, values: Sequence[str]) -> list[str]:
    return st.multiselect(
        dimension.replace("_", " ").capitalize(),
        values,
        key=dimension,
        bind="query-params",
        placeholder="All",
        format_func=lambda value: value or "(none)",
    )


def _narrowings(chosen: Mapping[str, Sequence[str]]) -> list[str]:
    """What each filter lets through, in words; three values at most are named."""
    most = 3
    return [
        f"{dimension.replace('_', ' ')}: {plain(', '.join(value or '(none)' for value in values[:most]))}"
        + f" and {len(values) - most} more" * (len(values) > most)
        for dimension, values in chosen.items()
        if values
    ]
