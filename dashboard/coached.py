"""The part of a page that tells what was done about a signal and what came of it, and notes more."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import cache, coaching, components, people, render, session
from data.actions import Action, noted
from data.engine import Engine
from data.errors import LogError
from queries.filters import Filters

TOLD = (
    "Accuracy since, less what was to be expected without it: the luck of few answers before is taken out, and what "
    "comparable others gained meanwhile."
)
_ASKED = ("What was seen", "Why it was so", "What was done", "Who notes this")


def section(who: str | None = None) -> None:
    """The actions about one reviewer, with a form for another; or, about nobody in particular, all there are."""
    with st.container(border=True, key="actions"):
        st.markdown("**What was done, and what came of it**")
        st.caption(TOLD)
        found = coaching.ledger(session.source(), noted(session.path()), who=who, fetch=_fetch)
        if found.is_empty():
            st.caption("Nothing is noted yet.")
        else:
            components.table(_readable(found), alt=f"{found.height} actions with what accuracy did since")
            flat = people.shown(found.explode("reviewers").rename({"reviewers": "reviewer"}))
            render.download_table("Actions (CSV)", lambda: flat, name="actions")
        if who is not None:
            _form(who)


def _form(who: str) -> None:
    last = session.span()["last_day"]
    with st.expander("Note an action"), st.form("note", border=False, clear_on_submit=True):
        on = st.date_input("The day from which it counts", value=last, max_value="today", key="on")
        days = st.number_input("Days before and since by which it is judged", 1, coaching.LONGEST, coaching.DAYS)
        signal, cause, action, made_by = (st.text_input(title, key=f"note_{title}") for title in _ASKED)
        if st.form_submit_button("Note it") and isinstance(on, dt.date):
            try:
                told = Action((who,), on, int(days), "", signal, cause, action, made_by)
                coaching.mark(session.path(), session.source(), told)
            except LogError as error:
                st.error(str(error))
            else:
                st.rerun()


def _readable(found: pl.DataFrame) -> pl.DataFrame:
    """The ledger as a person reads it; a team stands for its people."""
    about = pl.when(pl.col("team") != "").then(pl.lit("team ") + pl.col("team")).otherwise(None)
    rows = list(found.iter_rows(named=True))
    return found.select(
        "on",
        about.fill_null(pl.Series([", ".join(people.names(row["reviewers"])) for row in rows], dtype=pl.String)).alias(
            "about"
        ),
        "signal",
        "cause",
        "action",
        pl.Series("effect on accuracy", [_effect(row) for row in rows], dtype=pl.String),
        "state",
        pl.col("made_by").alias("noted by"),
    )


def _effect(row: dict[str, Any]) -> str:
    """A difference in points with its interval, or why there is none."""
    if row["value"] is None:
        return str(row["note"])
    low, value, high = (100 * row[name] for name in ("low", "value", "high"))
    said = "no clear change" if low <= 0 <= high else "better" if value > 0 else "worse"
    return f"{value:+.1f} points ({low:+.1f} to {high:+.1f}): {said}".replace("-", "−")


def _fetch(_engine: Engine, question: str, filters: Filters, *, by: Sequence[str]) -> pl.DataFrame:
    return cache.asked(*session.keyed(), question, filters, tuple(by))
