"""Standards: whether people followed a new version, what it changed, and which clauses are unclear."""

import streamlit as st

from dashboard import components, controls, events, figures, navigation, render, results, sentences, session, standards

st.title("Standards", anchor=False)
changes = standards.changes()
if changes.is_empty():
    components.empty(
        "No standard has changed",
        "Load a `standards` table in which a policy has two versions, each with the time from which it holds.",
    )
else:
    change = changes.row(controls.standard(changes.select("policy", "new_version").rows()), named=True)
    about = (change["policy"], change["new_version"])
    found = standards.answer("taken_up", "adoption", *about)
    st.markdown(found.sentence)
    st.caption(
        f"{sentences.plain(change['policy'])}: {sentences.plain(change['new_version'])} follows "
        f"{sentences.plain(change['old_version'])} since {change['effective_at']:%d %b %Y}. "
        + sentences.plain(change["summary"] or "")
    )
    if not found.weeks.is_empty():
        left, right = st.columns(2)
        with left:
            happened = events.marks(change["effective_at"].date())
            chart = standards.by_week(found, change, happened=happened, sql=results.sql("adoption"))
            render.show(chart, key="adoption_by_week")
        with right, st.container(border=True, key="followers"):
            st.markdown("**Who follows**")
            st.caption(f"Late: most likely still by the old version after day {found.grace}.")
            table, hidden = standards.followers(found)
            components.pickable_table(table, "reviewer", key="follower", on_pick=navigation.open_reviewer)
            if hidden:
                st.caption(f"{sentences.counted(hidden, 'reviewer')} with too few answers hidden.")
    flips = standards.answer("flipped", "shadow_pairs", *about)
    st.subheader("What it changes, from items decided under both versions", anchor=False)
    st.markdown(flips.sentence)
    if flips.flip_rate.value is not None:
        components.table(flips.matrix, alt="Which labels turn into which")

by = session.compared()
if by and not changes.is_empty():
    slices = results.estimates("adoption", by)
    if slices["value"].count():
        chart = figures.slices("adoption", slices, None, dimension=by, sql=results.sql("adoption", by))
        render.show(chart, key=f"adoption_by_{by}", on_pick=navigation.open_cases)

st.subheader("Which clauses to rewrite", anchor=False)
if session.source().taxonomy.violating is None:
    components.empty("No clause can be judged", "Load a `labels` table that says which labels violate.")
    st.stop()
st.markdown(standards.answer("noise", "noise_pairs").sentence)
backlog = standards.answer("unclear", "clause_pairs")
st.markdown(backlog.sentence)
if not backlog.clauses.is_empty():
    components.table(standards.urgent(backlog), alt=backlog.sentence)
    st.caption(standards.left_out(backlog))
    render.download_table("The backlog (CSV)", lambda: backlog.clauses, name="clauses")
