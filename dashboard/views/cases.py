"""Cases: the items behind any mark on any chart, and the decisions on one of them."""

import math

import streamlit as st

from dashboard import case_controls, components, navigation, people, render, results, sentences, session

st.title("Cases", anchor=False)
mark = case_controls.mark_bar(session.source().taxonomy.labels, people.names(session.values("reviewer")))
versions, labels = results.versions(), session.source().taxonomy.labels
models, has_times = (
    session.models()["model"].unique(maintain_order=True).to_list() if versions else [],
    bool(session.windows()),
)
chosen = case_controls.answered_bar(session.filters(), labels, versions, models=models, has_times=has_times)
first = results.cases(mark, chosen)
if first.is_empty():
    components.empty("No case fits", "No item fits this choice and the filters: widen one of them, or check the link.")
    st.stop()

if mark.item_id is not None:
    st.subheader(mark.item_id, anchor=False)
    for item in first.iter_rows(named=True):
        st.markdown(sentences.case(item))
    reviews = results.reviews(mark.item_id)
    components.table(components.filled(reviews), alt=f"{reviews.height} decisions on {mark.item_id}")
    render.download_table("Decisions (CSV)", lambda: reviews, name="decisions")
    if not (answers := results.model_answers(mark.item_id)).is_empty():
        st.markdown("**What models said**")
        components.table(components.filled(answers), alt=f"{answers.height} answers of models on {mark.item_id}")
    st.button(
        "Back to all cases",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=navigation.open_cases,
        args=({"item_id": ""},),
    )
    st.stop()

items = first["items_in_all"][0]
pages = math.ceil(items / results.PAGE_SIZE)
st.markdown(sentences.cases(items))
page = st.pagination(pages, key=f"page of {mark} {chosen}") if pages > 1 else 1
shown = first if page == 1 else results.cases(mark, chosen, page)
components.pickable_table(shown.drop("items_in_all"), "item_id", key="cases", on_pick=navigation.open_cases)
with st.container(horizontal=True, vertical_alignment="center"):
    render.download_table("All of these (CSV)", results.all_cases(mark, chosen, items), name="cases")
    with st.popover("SQL", type="tertiary", icon=":material/code:"):
        st.code(results.sql("cases"), language="sql")
