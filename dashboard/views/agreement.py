"""Agreement: how consistent reviewers are, where, and between whom."""

import streamlit as st

from dashboard import components, controls, figures, navigation, reach, render, results, sentences, session
from metrics.catalogue import CATALOGUE

OBSERVED, ALPHA, AC1 = "percent_agreement", "krippendorff_alpha", "gwet_ac1"
SIDE_BY_SIDE = (
    *(OBSERVED, ALPHA, "fleiss_kappa", AC1, "brennan_prediger"),
    *("positive_agreement", "negative_agreement", "prevalence_index", "bias_index"),
)
OF_PAIRS = ("bias_index",)

st.title("Agreement", anchor=False)
options = controls.agreement_options(session.source().taxonomy)
shown = [name for name in SIDE_BY_SIDE if name not in OF_PAIRS or results.has_few_reviewers()]
numbers = {name: results.estimate(name, options) for name in shown}
st.markdown(sentences.reading(numbers))
with st.grid(3, min_column_width=260):
    components.card(CATALOGUE[OBSERVED], numbers[OBSERVED])
    choices = {"other items": controls.over_items(options), "other reviewers": controls.over_reviewers(options)}
    intervals = (
        sentences.interval_for(others, results.estimate(ALPHA, chosen))
        for others, chosen in choices.items()
        if others == "other items" or reach.answers_all()
    )
    components.card(CATALOGUE[ALPHA], numbers[ALPHA], *intervals)
    components.card(CATALOGUE[AC1], numbers[AC1])
components.why(number=OBSERVED)
left, right = st.columns(2)
with left:
    chart = figures.coefficients(numbers, sql=results.sql(ALPHA))
    render.show(chart, key="coefficients", on_pick=navigation.open_method, leads_to="its definition")
    with st.expander("The same as a table"):
        components.table(chart.data, alt="All coefficients with intervals, n and notes")
    confused = figures.confused(results.label_coincidences(), sql=results.sql("rating_patterns"))
    render.show(confused, key="confused", on_pick=navigation.open_cases)
with right:
    pairs = figures.pairs(results.matrix("pairs"), caption=results.pairs_shown(), sql=results.sql("reviewer_pairs"))
    render.show(pairs, key="pairs", on_pick=navigation.open_cases)
    by_label = results.estimates(ALPHA, "label", options=options)
    chart = figures.slices(ALPHA, by_label, None, dimension="label", sql=results.sql(ALPHA))
    render.show(chart, key="alpha_by_label", on_pick=navigation.open_cases)

by = session.compared()
if by is None:
    components.nothing_to_compare()
else:
    compared = controls.coefficient((OBSERVED, ALPHA, AC1), f"By {by}")
    slices = results.estimates(compared, by, options=options)
    chart = figures.slices(compared, slices, numbers[compared], dimension=by, sql=results.sql(compared, by))
    render.show(chart, key=f"agreement_by_{by}", on_pick=navigation.open_cases)

with st.container(border=True, key="split"):
    st.markdown("**Items that split the room**")
    st.caption("The most evenly split first. Open one to see every decision on it.")
    components.pickable_table(results.most_split(), "item_id", key="split_items", on_pick=navigation.open_cases)
