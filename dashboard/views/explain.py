"""What changed: a number between two windows, split into other cases and other answers to the same kinds of cases."""

import streamlit as st

from dashboard import (
    changes,
    components,
    controls,
    events,
    explanation,
    navigation,
    render,
    results,
    sentences,
    session,
)

MEANS = ("accuracy", "over_enforcement", "under_enforcement", "percent_agreement", "mean_cost")

st.title("What changed", anchor=False)
first = session.compared()
if first is None or not session.windows():
    components.empty(
        "Nothing to compare",
        "A change is told from reviews with `decided_at`, and with a `policy`, `language` or `market`, or from sites.",
    )
    st.stop()
name, days = controls.change(MEANS)
told = changes.change(name, days, first)

st.markdown(explanation.sentence(told))
st.caption(explanation.when(told.windows))
chart = changes.by_segment(told, sql=results.sql(name, *told.levels))
render.show(chart, key=f"changes_{name}_{first}", on_pick=navigation.open_cases)
with st.container(border=True, key="terms"):
    st.markdown("**Where most of it came from**")
    st.caption("What the cases, or the answers to them, add within each; the largest first.")
    components.table(changes.table(told), alt="The largest terms of the change, in words")
    render.download_table("All terms (CSV)", lambda: told.terms, name="terms")
with st.container(border=True, key="meanwhile"):
    st.markdown("**What happened meanwhile**")
    happened = events.marks(told.windows.before[0], told.windows.after[1])
    said = (f"{row['at']:%d %b}: {sentences.plain(row['title'])}" for row in happened.iter_rows(named=True))
    components.points(said, otherwise="Nothing that the log tells of.")
