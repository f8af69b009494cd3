"""Today: whether the data landed, and whether anything is out of the ordinary."""

import polars as pl
import streamlit as st

from dashboard import components, figures, render, results, sentences, session
from metrics.catalogue import CATALOGUE

HEADLINE = ("accuracy", "over_enforcement", "under_enforcement", "krippendorff_alpha", "gwet_ac1")
COMPARED = ("accuracy", "percent_agreement")

numbers = {name: results.estimate(name) for name in HEADLINE}
overall = {name: results.estimate(name) for name in COMPARED}
by_policy = {name: results.estimates(name, "policy") for name in COMPARED}
by_week = {name: results.estimates(name, "week") for name in COMPARED}

components.heading("Today", sentences.headline(numbers))
st.caption(sentences.freshness(session.chosen_span()))
components.cards(numbers)

with st.container(border=True, key="attention"):
    st.markdown("**What needs attention**")
    components.points(
        [sentences.attention(by_policy[name], overall[name], CATALOGUE[name]) for name in COMPARED]
        + sentences.faults(results.health()),
        otherwise=sentences.calm(by_policy.values()),
    )

if all(slices.is_empty() for slices in by_policy.values()):
    components.empty("No policies in this log", "Load reviews with a `policy` column to compare policies.")
with st.grid(2, min_column_width=420):
    for name, slices in by_policy.items():
        if not slices.is_empty():
            chart = figures.slices(name, slices, overall[name], dimension="policy", sql=results.sql(name, "policy"))
            render.show(chart, key=f"{name}_by_policy", on_pick=session.open_cases)

days = results.volume("day").drop_nulls("day").sort("day")
if days.is_empty():
    components.empty(
        "Nothing over time", "This log has no times: load reviews with `decided_at` to see volume and trends."
    )
else:
    with st.grid(2, min_column_width=420):
        for name, slices in by_week.items():
            if not slices.filter(pl.col("value").is_not_null()).is_empty():
                chart = figures.trend(name, slices, overall[name], sql=results.sql(name, "week"))
                render.show(chart, key=f"{name}_by_week")
    render.show(figures.volume(days, sql=results.sql("volume", "day")), key="volume")
