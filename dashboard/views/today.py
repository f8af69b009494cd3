"""Today: whether the data landed, and whether anything is out of the ordinary."""

import polars as pl
import streamlit as st

from dashboard import attention, components, events, figures, navigation, reach, render, results, sentences, session
from dashboard.measure import HEADLINE
from metrics.catalogue import CATALOGUE

COMPARED = ("accuracy", "percent_agreement")
WATCHED = ("accuracy", "over_enforcement", "under_enforcement", "percent_agreement")

numbers = {name: results.estimate(name) for name in HEADLINE}
overall = {name: results.estimate(name) for name in COMPARED}
by = session.compared()
slices = {name: results.estimates(name, by) for name in COMPARED} if by else {}
by_week = {name: results.estimates(name, "week") for name in COMPARED}

components.heading("Today", sentences.headline(numbers), sentences.freshness(session.chosen_span()))
components.cards(numbers)
components.why(number="accuracy")

needed = st.container(border=True, key="attention")

if by is None:
    components.nothing_to_compare()
else:
    with st.grid(2, min_column_width=420):
        for name, found in slices.items():
            if not found.is_empty():
                chart = figures.slices(name, found, overall[name], dimension=by, sql=results.sql(name, by))
                render.show(chart, key=f"{name}_by_{by}", on_pick=navigation.open_cases)

days = results.volume("day").drop_nulls("day").sort("day")
if days.is_empty():
    lacking = "This log has no times: load reviews with `decided_at` to see volume and trends."
    components.empty("Nothing over time", lacking)
else:
    happened = events.beside(days, "day")
    with st.grid(2, min_column_width=420):
        for name, weeks in by_week.items():
            if not weeks.filter(pl.col("value").is_not_null()).is_empty():
                chart = figures.trend(name, weeks, overall[name], happened=happened, sql=results.sql(name, "week"))
                render.show(chart, key=f"{name}_by_week")
    render.show(figures.volume(days, happened=happened, sql=results.sql("volume", "day")), key="volume")

# The checks of a large log may take seconds, so what they say comes when everything else stands.
with needed:
    st.markdown("**What needs attention**")
    with st.spinner("Comparing"):
        watched = [
            attention.Watched(CATALOGUE[name], dimension, results.estimate(name), results.estimates(name, dimension))
            for dimension in session.watched()
            for name in WATCHED
            if reach.answers(name, dimension)
        ]
    components.points(
        attention.findings(watched) + results.faults(),
        otherwise=sentences.calm(by),
    )
