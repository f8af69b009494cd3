"""Model: one more rater, with versions, labels and scores; how far it is to be trusted, and whether it moved."""

import streamlit as st

from dashboard import components, controls, model_agreement, model_confidence, model_drift, model_threshold, session

TABS = {
    "Agreement": model_agreement.section,
    "Drift": model_drift.section,
    "Confidence": model_confidence.section,
    "Threshold": model_threshold.section,
}

st.title("Model", anchor=False)
models = session.models()
if models.is_empty():
    components.empty(
        "No model has answered",
        "Load what a model said of the items with `evenhand load predictions FILE -w WORKSPACE`: its labels, and its "
        "scores if it gives any.",
    )
    st.stop()
controls.model_bar(models["model"].unique(maintain_order=True).to_list(), session.references())
tabs = st.tabs(list(TABS), on_change="rerun", key="tab", bind="query-params")
for tab, section in zip(tabs, TABS.values(), strict=True):
    if tab.open:
        with tab:
            section()
