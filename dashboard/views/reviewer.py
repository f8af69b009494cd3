"""One reviewer: what they do differently from others on the same cases, where, since when, and with whom they agree."""

import polars as pl
import streamlit as st

from dashboard import (
    coached,
    components,
    controls,
    courses,
    figures,
    people,
    profiles,
    render,
    results,
    reviewers,
    session,
)

st.title("One reviewer", anchor=False)
name = controls.reviewer(people.names(session.values("reviewer")))
who = people.meant(name)
if name is None or who is None:
    components.empty("Whose profile?", "Choose a reviewer above, or a point on the page Reviewers.")
    st.stop()
found, tallies, sql = reviewers.everybody(), reviewers.tallies(), results.sql("gold_tallies", "reviewer")
is_theirs = pl.col("reviewer") == name
rows = [
    next(frame.filter(is_theirs).iter_rows(named=True), None)
    for frame in (found.funnel.reviewers, found.standings.reviewers)
]
st.markdown(profiles.heading(name, *rows))
components.cards(profiles.cards(tallies, name, who))

left, right = st.columns(2)
with left:
    render.show(profiles.confusion(tallies, name, sql=sql), key="confusion", on_pick=profiles.cases_of(name))
    render.show(profiles.against_peers(tallies, who), key="against_peers")
with right:
    overall = profiles.estimate("accuracy", who)
    for dimension in profiles.dimensions(who):
        slices, cut = profiles.by(dimension, who), results.sql("accuracy", dimension)
        sliced = figures.slices("accuracy", slices, overall, dimension=dimension, sql=cut)
        render.show(sliced, key=f"accuracy_by_{dimension}", on_pick=profiles.cases_of(name))

over_time = {"watch": courses.watch(tallies, name, who), "handle_times": courses.handle_times(who, overall)}
with st.grid(2, min_column_width=420):
    for key, chart in over_time.items():
        if chart is not None:
            render.show(chart, key=key)

with st.container(border=True, key="peers"):
    st.markdown("**Agreement with each peer**")
    st.caption(profiles.about_peers(who))
    components.table(
        profiles.peers(who), alt="Agreement with each peer on items that both decided, with n and interval"
    )

st.button("All their cases", on_click=profiles.cases_of(name), args=({},), icon=":material/list_alt:")
coached.section(who)
