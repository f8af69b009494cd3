"""What one reader is looking at: the open workspace, the chosen filters, and where a click leads.

Which workspaces there are, and in which generation, is looked up on every rerun: a load shows without a restart.
"""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboard import cache, workspaces
from dashboard.measure import Source
from data.errors import LogError
from metrics.options import Reference
from queries.ask import reads_log
from queries.filters import Filters

WORKSPACE_VARIABLE = "EVENHAND_WORKSPACE"
BAR = ("policy", "queue", "market", "language", "standard_version", "stage", "site", "team")
"""The dimensions that the filter bar offers, where the log has them."""
COMPARED = ("policy", "queue", "market", "language", "site", "team")
"""The dimensions that pages compare numbers across, the first that the log has unless the reader chooses another."""
WINDOWS = {"30 days": 30, "90 days": 90}
ANSWERED = ("model", "model_label", "model_version", "score_from", "score_to", "since", "until")
"""The widgets of the cases that say what a model answered, and between which days people decided."""
MARK = ("gold_label", "label_a", "reviewer_a", "label_b", "reviewer_b", "item_id", "is_split", *ANSWERED)
"""The widgets of the cases."""


def home() -> Path:
    """The workspace that the server was started for."""
    named = os.environ.get(WORKSPACE_VARIABLE)
    if not named:
        raise LogError(
            f"no workspace: start with `evenhand serve -w WORKSPACE`, or name its folder in {WORKSPACE_VARIABLE}"
        )
    return Path(named)


def open_workspace(path: Path) -> None:
    """Look at this workspace from here on. Of the reader's choices, those that it has stay."""
    before = st.session_state.get("path")
    st.session_state["path"] = path
    if workspaces.is_sample_to_make(path):
        with st.spinner(f"Loading the sample {path.name} …"):
            workspaces.make_sample(path)
    # What every number of a page asks for, looked up once a rerun.
    st.session_state["choices"] = {dimension: found for dimension in BAR if len(found := values(dimension)) > 1}
    st.session_state["span"] = _totals(Filters(repeats=source().settings.repeats))
    if before not in (None, path):
        _forget_what_is_not_here()


def _forget_what_is_not_here() -> None:
    for dimension in BAR:
        if dimension in st.session_state:
            found = values(dimension)
            st.session_state[dimension] = [value for value in st.session_state[dimension] if value in found]
    if st.session_state.get("compare") not in comparable():
        st.session_state.pop("compare", None)
    st.session_state.update(dict.fromkeys(MARK) | {"item_id": "", "is_split": False})


def path() -> Path:
    """The folder of the workspace that the reader looks at."""
    found: Path = st.session_state["path"]
    return found


def source() -> Source:
    """The workspace that the reader looks at, in its newest generation."""
    return cache.opened(path())[1]


def keyed() -> tuple[Source, str]:
    """The source and what caches know it by."""
    opened = source()
    return opened, opened.fingerprint


def values(dimension: str) -> list[str]:
    """The values that a dimension takes in the whole log, whatever the filters; an empty one means missing."""
    found = cache.asked(*keyed(), "volume", Filters(repeats="all"), (dimension,))
    return found[dimension].fill_null("").sort().to_list()


def choices() -> dict[str, list[str]]:
    """The dimensions of the filter bar that take more than one value in this log, with their values."""
    found: dict[str, list[str]] = st.session_state["choices"]
    return found


def comparable() -> list[str]:
    """The dimensions across which this log can be compared."""
    offered = choices()
    return [dimension for dimension in COMPARED if dimension in offered]


def watched() -> list[str]:
    """The dimensions that are looked through for what stands out; teams would only repeat what their site says."""
    offered = comparable()
    return [dimension for dimension in offered if dimension != "team" or "site" not in offered]


def compared() -> str | None:
    """The dimension that the reader compares across; None where the log has none."""
    offered = comparable()
    chosen = st.session_state.get("compare")
    return chosen if chosen in offered else next(iter(offered), None)


def windows() -> list[str]:
    """The windows of time that can be chosen: none in a log without times."""
    return list(WINDOWS) if span()["last_decided_at"] else []


def filters() -> Filters:
    """What the filter bar says, on top of the workspace's rule for repeats."""
    chosen = Filters(repeats=source().settings.repeats)
    for dimension in choices():
        chosen = chosen.where(dimension, st.session_state.get(dimension, ()))
    days, last = WINDOWS.get(st.session_state.get("window") or ""), span()["last_day"]
    return replace(chosen, since=last - timedelta(days=days - 1)) if days and last else chosen


def models() -> pl.DataFrame:
    """Every version of every model, in the order of their first answers: see `queries/models.sql`."""
    return cache.asked(*keyed(), "models", Filters()).sort("first_scored_at", "model", "model_version")


def model() -> str | None:
    """The model that is looked at: the one that answered most unless the reader chose; None in a log without."""
    totals = models().group_by("model").agg(pl.col("answers").sum()).sort("answers", "model", descending=[True, False])
    chosen = st.session_state.get("model")
    return chosen if chosen in totals["model"] else next(iter(totals["model"]), None)


def model_filters() -> Filters:
    """The filters, and of several models the one that is looked at."""
    return replace(filters(), models=(model() or "",))


def references() -> dict[Reference, str]:
    """What a model can be held against in this log, and what that is called."""
    found = cache.asked(*keyed(), "references", Filters()).row(0, named=True)
    offered: dict[Reference, str] = {"consensus": "the reviewers' consensus"}
    offered |= {"gold": "gold"} if found["gold_labels"] else {}
    return offered | ({"audits": "audits"} if found["audits"] else {})


def reference() -> Reference:
    """What the model is held against."""
    chosen: Reference = st.session_state.get("reference") or "consensus"
    return chosen


def span() -> dict[str, Any]:
    """How much the whole log holds and from when to when, whatever the filters."""
    found: dict[str, Any] = st.session_state["span"]
    return found


def chosen_span() -> dict[str, Any]:
    """The same, of what the filters let through."""
    return _totals(filters())


def _totals(chosen: Filters) -> dict[str, Any]:
    nothing = {"reviews": 0, "items": None, "reviewers": None, "last_day": None, "last_decided_at": None}
    found = nothing | _only_row("volume", chosen) | _only_row("span", chosen)
    found |= _only_row("distinct_items", chosen) | _only_row("active_reviewers", chosen)
    if found["last_day"] and source().engine.rolled_from is not None:
        return found | {"last_decided_at": found["last_day"]}
    # Only the last day is read for its last moment.
    return found | _only_row("freshness", replace(chosen, since=found["last_day"])) if found["last_day"] else found


def _only_row(name: str, chosen: Filters) -> dict[str, Any]:
    """The answer to a question without slices; none where only reviews could give it and the workspace has none."""
    if source().engine.rolled_from is not None and reads_log(source().engine, name, chosen):
        return {}
    found = cache.asked(*keyed(), name, chosen)
    return found.row(0, named=True) if found.height else {}


def reads_all() -> bool:
    """Whether the reader asked for answers that only all reviews of a large log can give."""
    return bool(st.session_state.get("reads_all"))


def read_all() -> None:
    """Give such answers from here on."""
    st.session_state["reads_all"] = True
