"""The Threshold tab of Model: what it may decide alone, what it would get wrong, and what that saves."""

import polars as pl
import streamlit as st

from dashboard import cache, components, navigation, reach, render, results, session
from dashboard import threshold_sentences as sentences
from dashboard.measure import OF_MODELS
from dashboard.theme import FORMATS
from dashboard.thresholding import BY, ERRORS, promised
from data.errors import LogError
from metrics.options import Options
from metrics.risk_coverage import area_under_risk_coverage, risk_coverage
from metrics.routing import Routing, Zone

ALPHAS = (0.01, 0.02, 0.05, 0.1, 0.2)
DELTA = 0.05
START = (0.1, 0.9)
"""Where the two thresholds of the explorer stand at first."""


def section() -> None:
    """All of the tab."""
    question = OF_MODELS[session.reference()]
    reach.check(question, BY)
    try:
        ((_, outcomes, note),) = _labelled(())
    except LogError as reason:
        components.empty("No threshold without scores", f"{reason}.")
        return
    _promises()
    _curve(outcomes, note)
    reach.check("model_scores", ("policy",))
    reach.check("handle_times", ("policy",))
    st.subheader("Keep, ask people, or remove", anchor=False)
    _explorer(cache.routed_by(*session.keyed(), session.model_filters(), _options()))


def _promises() -> None:
    """The thresholds that hold, slice by slice."""
    known = [dimension for dimension in BY if dimension in session.comparable()]
    cuts = {" × ".join(known[:k]) or "model as a whole": tuple(known[:k]) for k in range(len(known) + 1)}
    with st.container(horizontal=True):
        alpha: float = st.segmented_control(
            "So many of the model's own decisions may be wrong",
            ALPHAS,
            default=ALPHAS[1],
            required=True,
            format_func=lambda each: FORMATS["share"].text(each, coarse=True),
            key="alpha",
        )
        cut: str = st.segmented_control(
            "Promised for each", list(cuts), default=list(cuts)[-1], required=True, key="promised_for"
        )
    by = cuts[cut]
    found = promised(_labelled(by), errors=ERRORS["both"], alpha=alpha, delta=DELTA)
    st.markdown(sentences.finding(session.model() or "", found, alpha=alpha, delta=DELTA))
    table = sentences.table(found, by)
    components.table(table, alt=f"{found['threshold'].count()} of {found.height} thresholds can be promised")
    st.caption(sentences.population(session.reference()))


def _curve(outcomes: pl.DataFrame, note: str) -> None:
    """What would be wrong, were only the surest decided."""
    area, curve = area_under_risk_coverage(outcomes), risk_coverage(outcomes)
    said = sentences.risk(area, curve.row(0, named=True))
    shown = curve.with_columns(score_from=pl.col("remove_from").round(2).cast(pl.String), score_to=pl.lit("1.0"))
    chart = render.Chart(
        template="risk_coverage",
        frames={"data": shown},
        title="Wrong decisions by how many the model makes",
        caption="Share of errors among what it decides alone, 95 % interval at each point by itself"
        + f" · {note}" * bool(note),
        alt=said,
        sql=results.sql(OF_MODELS[session.reference()]),
        table=curve,
    )
    st.subheader("What if it decides only where it is sure?", anchor=False)
    st.markdown(said)
    leads_to = "the items that would be removed"
    render.show(chart, key="risk_coverage", on_pick=navigation.open_cases, leads_to=leads_to)


@st.fragment
def _explorer(found: Routing) -> None:
    """Two thresholds to move, and what comes of them: looked up, so that the answer follows the hand."""
    low, high = st.slider("Keep below the first, remove from the second on", 0.0, 1.0, START, 0.01, key="thresholds")
    made = found.at(low, high)
    st.markdown(sentences.routed(made, found.whole))
    zones = (("Kept by the model", made.kept), ("Seen by people", None), ("Removed by the model", made.removed))
    with st.grid(3, min_column_width=150):
        for title, zone in zones:
            _zone(title, zone, share=made.human if zone is None else zone.share, whole=found.whole)


def _zone(title: str, zone: Zone | None, *, share: float, whole: int) -> None:
    with st.container(border=True, height="stretch", gap="small"):
        st.metric(title, FORMATS["share"].text(share))
        st.caption(f"{round(share * whole):,} items" if zone is None else "  \n".join(sentences.zone(zone)))


def _options() -> Options:
    return Options(reference=session.reference())


def _labelled(by: tuple[str, ...]) -> list[tuple[dict[str, str | None], pl.DataFrame, str]]:
    return cache.labelled(*session.keyed(), session.model_filters(), by, _options())
