"""Which cases are shown: the mark that was clicked, what a model answered, and between which days people decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from metrics.model_tables import NO_LABEL
from queries.filters import Filters, Mark


def mark_bar(labels: Sequence[str], reviewers: Sequence[str]) -> Mark:
    """Which mark's cases are shown: filled by a click on a chart or by a link, and changed by hand."""
    fields = {
        "gold_label": ("Gold label", labels),
        "label_a": ("Label given", labels),
        "reviewer_a": ("Reviewer", reviewers),
        "label_b": ("Other label", labels),
        "reviewer_b": ("Other reviewer", reviewers),
    }
    with st.container(horizontal=True, vertical_alignment="bottom", key="mark"):
        chosen: dict[str, str | None] = {
            name: st.selectbox(title, values, index=None, placeholder="Any", key=name, bind="query-params", width=150)
            for name, (title, values) in fields.items()
        }
        item = st.text_input("Item", key="item_id", bind="query-params", placeholder="Any", width=150)
        is_split = st.toggle("Only where labels differ", key="is_split", bind="query-params")
    return Mark(**chosen, item_id=item or None, is_split=is_split)


def answered_bar(
    chosen: Filters, labels: Sequence[str], versions: Sequence[str], *, models: Sequence[str] = (), has_times: bool
) -> Filters:
    """Of the filters' reviews those that were made between two days, and of items to which a model answered so."""
    since, until, model, label, version, low, high = None, None, None, None, None, None, None
    with st.container(horizontal=True, vertical_alignment="bottom", key="answered"):
        if has_times:
            since, until = (_day(title, name) for title, name in (("From", "since"), ("To", "until")))
        if len(models) > 1:
            model = _any("Model", models, "model")
        if versions:
            label = _any("Model said", [NO_LABEL, *labels], "model_label")
            version = _any("Model version", versions, "model_version")
            low, high = (_score(title, name) for title, name in (("Score from", "score_from"), ("to", "score_to")))
    return replace(
        chosen,
        since=max(filter(None, (chosen.since, since)), default=None),
        until=min(filter(None, (chosen.until, until)), default=None),
        models=() if model is None else (model,),
        model_labels=() if label is None else ("" if label == NO_LABEL else label,),
        model_versions=() if version is None else (version,),
        scores=None if low is None and high is None else (low or 0.0, 1.0 if high is None else high),
    )


def _day(title: str, name: str) -> date | None:
    chosen: date | None = st.date_input(title, value=None, key=name, bind="query-params", width=150)
    return chosen


def _any(title: str, values: Sequence[str], name: str) -> str | None:
    chosen: str | None = st.selectbox(
        title,
        values,
        index=None,
        placeholder="Any",
        key=name,
        bind="query-params",
        width=150,
    )
    return chosen


def _score(title: str, name: str) -> float | None:
    chosen: float | None = st.number_input(
        title, 0.0, 1.0, value=None, step=0.05, placeholder="Any", key=name, bind="query-params", width=130
    )
    return chosen
