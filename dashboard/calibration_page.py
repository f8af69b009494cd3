"""The parts of the page *Calibration*: the cases, the form that makes a session, and one session with its files."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import streamlit as st

from dashboard import (
    ballots,
    cache,
    calibration,
    calibration_paper,
    calibration_report,
    components,
    reach,
    render,
    results,
    session,
    theme,
)
from dashboard.output import csv_text
from data import calibrations
from data.errors import LogError

SHOWN = 50
CHOSEN = "calibration"
"""The widget that says which session is looked at."""


def _folder() -> Path:
    path: Path = st.session_state["path"]
    return path


def candidates() -> pl.DataFrame:
    """The cases that split the room and that no session has had, those that matter most first."""
    for question, by in (("rating_patterns", ("policy",)), ("volume", ("policy", "stage")), ("split_cases", ())):
        reach.check(question, by)
    return calibration.untold(_folder(), cache.candidates(*session.keyed(), session.filters()))


def table(found: pl.DataFrame) -> pl.DataFrame:
    """The first of the cases, each with why it stands where it does."""
    first = found.head(SHOWN)
    return first.select(
        "item_id",
        "policy",
        "clause",
        pl.Series("labels", [calibration_report.written(pattern) for pattern in first["pattern"]], dtype=pl.String),
        _percent("ambiguity").alias("two more would disagree"),
        _percent("volume").alias("traffic of the policy"),
        pl.col("harm").round(2),
        pl.col("priority").round(3),
    )


def _percent(column: str) -> pl.Expr:
    return pl.col(column).map_elements(theme.FORMATS["share"].text, return_dtype=pl.String)


def form(found: pl.DataFrame) -> None:
    """What makes a session of the cases."""
    usual = calibration.Wish()
    with (
        st.form("new_session", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        name = st.text_input("Name of the session", placeholder="2026 week 31", width=220)
        cases = st.number_input("Cases", 1, 100, usual.cases, width=120)
        per_clause = st.number_input("At most of a clause", 1, 100, usual.per_clause, width=160)
        controls = st.toggle("A control for each", usual.controls, help=CONTROLS)
        if st.form_submit_button("Make a session", icon=":material/add:"):
            _make(name, found, calibration.Wish(cases, per_clause, controls))


CONTROLS = (
    "A case of the same clause that ranks next to it is voted on too, but not talked about; a coin says which it is. "
    "Without controls nobody can tell what the talk brought from what asking again brings by itself."
)


def _make(name: str, found: pl.DataFrame, wish: calibration.Wish) -> None:
    source, chosen = session.source(), session.filters()
    try:
        calibration.make(_folder(), source, name.strip(), filters=chosen, found=found, wish=wish)
    except LogError as error:
        st.error(str(error))
        return
    st.session_state[CHOSEN] = name.strip()
    st.rerun()


def chosen() -> calibration.Outcome | None:
    """The session that the reader looks at, the newest unless another is chosen; None where there is none."""
    names = calibrations.listed(_folder())["name"].to_list()
    if not names:
        return None
    name: str = st.selectbox("Session", names, key=CHOSEN, bind="query-params", width=320)
    return calibration.outcome(_folder(), name)


def files(outcome: calibration.Outcome) -> None:
    """The ballots to send out, and the votes that come back."""
    made, cases = outcome.calibration, outcome.cases
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, kind, content in (
            ("Ballot to fill in (CSV)", "ballot.csv", lambda: csv_text(ballots.table(made, cases))),
            ("Ballot to print (HTML)", "ballot.html", lambda: ballots.printed(made, cases)),
            ("Agenda with earlier reviews (CSV)", "agenda.csv", lambda: csv_text(calibration_report.agenda(outcome))),
        ):
            _download(label, ballots.file_name(made.name, kind), content)
    _votes(made.name)


def _votes(name: str) -> None:
    with st.form("votes", border=False, clear_on_submit=True):
        title = "Votes: one file of each voter, or one with all"
        uploaded = st.file_uploader(title, type="csv", accept_multiple_files=True)
        if st.form_submit_button("Count the votes", icon=":material/how_to_vote:") and uploaded:
            taken = calibration.take_votes(_folder(), name, {each.name: each.getvalue() for each in uploaded})
            st.session_state["taken"] = calibration_report.taken(taken)
            st.rerun()
    if said := st.session_state.pop("taken", ""):
        st.success(said)


def result(outcome: calibration.Outcome) -> None:
    """What the session came to."""
    st.markdown(calibration_report.sentence(outcome))
    if outcome.clauses["cases"][0]:
        render.show(_chart(outcome), key="before_after")
        components.table(calibration_report.clauses(outcome), alt="Agreement before and after by clause")
    components.points(calibration_report.remarks(outcome), otherwise="")
    _download(
        "Report (HTML)",
        ballots.file_name(outcome.calibration.name, "report.html"),
        lambda: calibration_paper.printed(outcome),
    )


def _chart(outcome: calibration.Outcome) -> render.Chart:
    return render.Chart(
        template="before_after",
        frames={"data": calibration_report.drawn(outcome)},
        title="Agreement before and after",
        caption="Lines lead from the earlier reviews to the votes · chosen cases rise by themselves when asked again",
        alt=f"Agreement before and after by clause. {calibration_report.sentence(outcome)}",
        sql=results.sql("split_cases"),
        table=outcome.clauses,
    )


def set_aside() -> None:
    """The votes that do not count, of all sessions, and what they would have changed; nothing where all count."""
    found = calibration.set_aside(_folder())
    if found.is_empty():
        return
    with st.container(border=True, key="votes_set_aside"):
        st.markdown("**Votes set aside**")
        st.caption(
            "Rows of returned ballots that do not count, and the agreement of their session without and with them; "
            "a dash where they cannot be counted at all."
        )
        components.table(found.with_columns(_percent("without"), _percent("with")), alt="Votes set aside, by reason")


def _download(label: str, name: str, content: Callable[[], str]) -> None:
    st.download_button(
        label,
        data=content,
        file_name=name,
        key=f"file_{label}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )
