"""Accuracy: how often reviewers are right where the right label is known, and which way they err."""

import streamlit as st

from dashboard import audited, components, controls, figures, navigation, render, results, sentences, session

taxonomy = session.source().taxonomy
CARDS = ["accuracy", "balanced_accuracy", "over_enforcement", "under_enforcement"]
CARDS += ["wrong_label"] if len(taxonomy.violating or ()) > 1 else []
CARDS += ["mean_cost"] if taxonomy.costs else []
PER_LABEL = ("precision", "recall", "f1")

st.title("Accuracy", anchor=False)
numbers = {name: results.estimate(name) for name in CARDS}
overall = numbers["accuracy"]
if overall["n"] == 0:
    components.empty(
        "No gold to compare with",
        "No answer that passes the filters is on an item whose right label is known. "
        "Load a `gold` table, or widen the filters.",
    )
    audited.section(session.compared())
    st.stop()
st.markdown(sentences.accuracy(overall, numbers["over_enforcement"], numbers["under_enforcement"]))
components.cards(numbers)
components.why(number="accuracy")

by = session.compared()
left, right = st.columns(2)
with left:
    if by is None:
        components.nothing_to_compare()
    else:
        slices, sql = results.estimates("accuracy", by), results.sql("accuracy", by)
        chart = figures.slices("accuracy", slices, overall, dimension=by, sql=sql)
        render.show(chart, key=f"accuracy_by_{by}", on_pick=navigation.open_cases)
    st.page_link("views/reviewers.py", label="Who differs from the others beyond chance", icon=":material/group:")
with right:
    confusion = figures.confusion(results.matrix("confusion"), sql=results.sql("gold_answers"))
    render.show(confusion, key="confusion", on_pick=navigation.open_cases)
    pooling = st.container()

st.subheader("By label, each against the rest", anchor=False)
with st.grid(3, min_column_width=300):
    for name in PER_LABEL:
        chart = figures.slices(name, results.estimates(name, "label"), None, dimension="label", sql=results.sql(name))
        render.show(chart, key=f"{name}_by_label", on_pick=navigation.open_cases)

# The fit may take seconds on a log of many reviewers, so it comes when everything else stands.
with pooling:
    methods = ("majority", "dawid-skene") if controls.fits_model(session.chosen_span()["reviews"]) else ("majority",)
    pooled = {method: results.aggregate(method) for method in methods}
    render.show(figures.aggregation(overall, pooled, sql=results.sql("item_ratings")), key="aggregation")

audited.section(by)
