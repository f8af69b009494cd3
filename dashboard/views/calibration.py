"""Calibration: the cases that split the room where it matters, sessions about them, and what these changed."""

import streamlit as st

from dashboard import calibration_page, components, navigation, render, results

components.heading(
    "Calibration",
    "Which cases split the room where it matters most? Talk them over, ask for blind votes, and see what changed.",
)
found = calibration_page.candidates()
with st.container(border=True, key="candidates"):
    st.markdown("**Cases to talk about**")
    if found.is_empty():
        st.caption("No item that passes the filters got several labels from independent reviews, or sessions had all.")
    else:
        st.caption(
            "By ambiguity × traffic × harm; harm is what the labels that met cost if one is wrong, by "
            f"{found['harm_by'][0]}. Each shows its independent reviews. Open one to see every decision on it."
        )
        table = calibration_page.table(found)
        components.pickable_table(table, "item_id", key="candidates_table", on_pick=navigation.open_cases)
        with st.container(horizontal=True, vertical_alignment="center"):
            render.download_table("Cases (CSV)", lambda: found, name="calibration_cases")
            with st.popover("SQL", type="tertiary", icon=":material/code:"):
                st.code(results.sql("split_cases"), language="sql")
        calibration_page.form(found)

outcome = calibration_page.chosen()
if outcome is None:
    st.caption("There is no session yet: name one above.")
    st.stop()
calibration_page.files(outcome)
st.subheader("Before and after", anchor=False)
calibration_page.result(outcome)
