"""Data health: what was loaded, what was not and why, and what this log cannot show."""

import streamlit as st

from dashboard import calibration_page, components, doubts, navigation, render, results, sentences, session

health = results.health()
components.heading("Data health", sentences.loaded(health))
st.caption(sentences.freshness(session.span()))

with st.grid(2, min_column_width=420):
    with st.container(border=True, key="tables"):
        st.markdown("**Tables**")
        components.table(health["tables"], alt="Rows in each table of the contract")
    with st.container(border=True, key="features_off"):
        st.markdown("**What is off, and what would switch it on**")
        if health["features_off"].is_empty():
            st.caption("Nothing: every column that a feature needs is there.")
        else:
            components.table(health["features_off"], alt="Features that are off and the missing columns")

with st.container(border=True, key="checks"):
    st.markdown("**One table against another**")
    st.caption("Over the whole log, whatever the filters. An example in blue opens its case.")
    for check in health["checks"].iter_rows(named=True):
        st.markdown(doubts.found(check))
        components.examples(check["examples"], check["items"], key=check["check"], on_pick=navigation.open_cases)
    with st.expander(doubts.found_nothing(health["found_nothing"])):
        components.points(health["found_nothing"]["which"][0], otherwise="There is none.")
    if not health["not_run"].is_empty():
        st.caption("Not run, for want of a table or column:")
        components.table(health["not_run"], alt="Checks that could not run, and what they need")

with st.container(border=True, key="ledger"):
    st.markdown("**Loads**")
    st.caption("Every row that was read is loaded, unchanged or quarantined: read = loaded + unchanged + quarantined.")
    components.table(health["loads"], alt="Every load with its counts")
    render.download_table("Loads (CSV)", lambda: health["loads"], name="loads")

with st.container(border=True, key="quarantine"):
    st.markdown("**Quarantine**")
    if health["quarantined"].is_empty():
        st.caption("No row was quarantined.")
    else:
        st.caption("Rows that did not land, with the reason. Mend the file and load it again: what landed stays.")
        components.table(health["quarantined"], alt="Reasons for quarantine")
        rows = results.quarantined()
        components.table(rows, alt=f"{rows.height} quarantined rows with file, line and text")
        render.download_table("These rows (CSV)", lambda: rows, name="quarantine")

calibration_page.set_aside()

with st.container(border=True, key="labels"):
    st.markdown("**Labels**")
    st.caption(sentences.taxonomy(session.source().taxonomy))
    components.table(
        components.filled(results.labels()), alt="The labels of this log, their order and whether they violate"
    )

st.caption(sentences.repeats(session.source().settings.repeats))
