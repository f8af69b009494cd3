"""Reviewers: who differs from the others beyond chance, and whether that is skill or leaning."""

import streamlit as st

from dashboard import coached, components, controls, navigation, render, results, reviewers, session, standing

found = reviewers.everybody()
if found.funnel.reviewers.is_empty():
    st.title("Reviewers", anchor=False)
    components.empty(
        "No gold to compare with",
        "No answer that passes the filters is on an item whose right label is known. "
        "Load a `gold` table, or widen the filters.",
    )
    st.stop()

settings, sql = session.source().settings, results.sql("gold_tallies", "reviewer")
components.heading("Reviewers", standing.outliers(found.funnel))
is_adjusted = controls.errors_are_adjusted()
left, right = st.columns(2)
with left:
    chart = standing.funnel(found.funnel, found.hidden, is_adjusted=is_adjusted, sql=sql)
    render.show(chart, key="funnel", on_pick=navigation.open_reviewer, leads_to="the profile")
with right:
    if found.skill is None:
        components.empty("No map of skill and leaning", "Load a `labels` table that says which labels violate.")
    else:
        chart = standing.skill_map(found.skill, found.funnel, sql=sql)
        render.show(chart, key="skill_map", on_pick=navigation.open_reviewer, leads_to="the profile")

with st.container(border=True, key="standings"):
    st.markdown(f"**Accuracy, and whether it meets {settings.target:.0%}**")
    st.caption(found.standings.sentence)
    table = standing.table(found)
    components.pickable_table(table, "reviewer", key="standing", on_pick=navigation.open_reviewer)
    render.download_table("Data (CSV)", lambda: found.standings.reviewers, name="standings")

coached.section()
