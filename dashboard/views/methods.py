"""Methods: what every number means, how it is computed, and where that comes from."""

import streamlit as st

from dashboard import checks, components, results
from metrics.catalogue import CATALOGUE

components.heading(
    "Methods", "Every number on every page, defined once. The link of this page leads to the metric that is chosen."
)
name = st.selectbox("Metric", list(CATALOGUE), key="metric", bind="query-params")
metric = CATALOGUE[name]

with st.container(border=True):
    st.subheader(metric.title, anchor=False)
    st.markdown(f"**{metric.question}** {metric.definition}")
    st.latex(metric.formula)
    components.facts(
        {
            "On the command line": f"`evenhand show {metric.name}`",
            "n counts": metric.counted,
            "Withheld below": f"n = {results.least(metric)}",
            "Better": metric.better,
            "Interval": metric.interval,
            "Intervals to choose from": ", ".join(metric.intervals),
            "Cut by": ", ".join(metric.dimensions).replace("_", " "),
            "Source": metric.source,
        }
    )
    with st.expander("SQL: the counts it is computed from"):
        st.code(results.sql(metric.name), language="sql")

st.subheader("All metrics", anchor=False)
components.table(results.catalogue(), alt="All metrics with their questions, units and sources")

st.subheader("Checks of one table against another", anchor=False)
st.caption(
    "What Data health looks for: which rows it doubts, and the tables and columns it needs. A row that lacks one "
    "is not doubted. A day of work begins where it begins first, at UTC+14, and ends where it ends last, at UTC−12."
)
components.table(checks.catalogue(), alt="All checks of the log with what they need")
