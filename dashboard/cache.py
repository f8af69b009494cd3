"""Answers kept for the next rerun and the next reader, keyed by the workspace's fingerprint: the only Streamlit caches.

Only aggregates are kept. Arguments that begin with an underscore are not part of a key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from dashboard import answers, calibration, model_answers, routed, standard_answers, thresholding
from dashboard.attending import AttendedEngine
from dashboard.drift_answers import Drifts, Period, drifts
from dashboard.everybody import Everybody, compared
from dashboard.explanation import Explanation, Windows, explain
from dashboard.measure import Source, measure, open_source
from dashboard.request import Request
from data.engine import Engine
from data.settings import read_settings
from data.store import Workspace, current_generation, open_workspace
from metrics.options import Options
from metrics.routing import Routing
from queries.ask import ask
from queries.filters import Filters
from queries.modelled import MODELLED

_SHARED = ("rating_patterns", "gold_answers", "audits", *MODELLED)
"""The questions whose counts several metrics share."""
_kept = st.cache_data(max_entries=256, show_spinner=False)


def _is_newest(pair: tuple[Workspace, Source]) -> bool:
    held = pair[0]
    return held.generation == current_generation(held.path) and held.settings == read_settings(held.path)


# What leaves the cache is closed by nobody: a page may be in the middle of it, and the last to hold it lets it go.
@st.cache_resource(max_entries=16, show_spinner="Opening the workspace", validate=_is_newest)
def opened(path: Path) -> tuple[Workspace, Source]:
    """A workspace in its newest generation and with its settings of now, held open."""
    workspace = open_workspace(path)
    return workspace, replace(open_source(workspace), engine=AttendedEngine(workspace.engine))


@_kept
def asked(
    _source: Source,
    fingerprint: str,  # noqa: ARG001
    name: str,
    filters: Filters,
    by: tuple[str, ...] = (),
    parameters: tuple[tuple[str, Any], ...] = (),
) -> pl.DataFrame:
    """The counts that answer a question."""
    return ask(_source.engine, name, filters, by=by, parameters=dict(parameters))


@_kept
def measured(
    _source: Source,
    fingerprint: str,
    name: str,
    filters: Filters,
    by: tuple[str, ...],
    options: Options,
    min_n: int | None = None,
) -> pl.DataFrame:
    """A metric per slice; `min_n` takes the place of the workspace's own."""

    def fetch(
        _engine: Engine, question: str, chosen: Filters, *, by: Sequence[str], parameters: Mapping[str, Any]
    ) -> pl.DataFrame:
        if question not in _SHARED:
            return ask(_engine, question, chosen, by=by, parameters=parameters)
        asked_with = tuple(
            (name, tuple(value) if isinstance(value, list) else value) for name, value in parameters.items()
        )
        return counted(_source, fingerprint, question, chosen, tuple(by), asked_with)

    return measure(_source, name, filters=filters, by=by, options=options, min_n=min_n, fetch=fetch)


@st.cache_data(max_entries=32, show_spinner=False)
def counted(
    _source: Source,
    fingerprint: str,  # noqa: ARG001
    question: str,
    filters: Filters,
    by: tuple[str, ...],
    parameters: tuple[tuple[str, Any], ...],
) -> pl.DataFrame:
    """The counts that several metrics of a page are computed from."""
    named = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters}
    return ask(_source.engine, question, filters, by=by, parameters=named)


@_kept
def matrix(_source: Source, fingerprint: str, kind: str, filters: Filters) -> pl.DataFrame:  # noqa: ARG001
    """`confusion` with gold, or `pairs` of reviewers."""
    return answers.matrix(_source, kind, _request(_source, filters))


@_kept
def coincidences(_source: Source, fingerprint: str, filters: Filters) -> pl.DataFrame:  # noqa: ARG001
    """How often any two labels meet on an item."""
    return answers.coincidences(_source, filters)


@st.cache_data(max_entries=16, show_spinner="Pooling the reviewers of each item")
def aggregated(_source: Source, fingerprint: str, method: str, filters: Filters) -> dict[str, Any]:  # noqa: ARG001
    """One label per item by a method, in summary."""
    return answers.aggregate(_source, method, _request(_source, filters))[0]


@st.cache_data(max_entries=16, show_spinner="Checking one table against another")
def health(_source: Source, fingerprint: str) -> dict[str, pl.DataFrame]:  # noqa: ARG001
    """The state of the log."""
    return answers.health(_source)


@st.cache_data(max_entries=8, show_spinner=False)
def tallies(_source: Source, fingerprint: str, filters: Filters) -> pl.DataFrame:  # noqa: ARG001
    """How every reviewer answered gold, by what makes cases hard."""
    return ask(_source.engine, "gold_tallies", filters, by=("reviewer",))


@st.cache_data(max_entries=32, show_spinner="Comparing the reviewers")
def everybody(_source: Source, fingerprint: str, filters: Filters) -> Everybody:
    """Every reviewer among their like."""
    return compared(tallies(_source, fingerprint, filters), _source)


@st.cache_data(max_entries=32, show_spinner="Comparing two windows")
def explained(
    _source: Source,
    fingerprint: str,  # noqa: ARG001
    name: str,
    chosen: Windows,
    filters: Filters,
    levels: tuple[str, ...],
) -> Explanation:
    """Why a metric changed."""
    return explain(_source, name, chosen, filters=filters, levels=levels)


@st.cache_data(max_entries=32, show_spinner="Looking for cases that split the room")
def candidates(_source: Source, fingerprint: str, filters: Filters) -> pl.DataFrame:  # noqa: ARG001
    """The cases that a calibration session may talk about."""
    return calibration.candidates(_source, filters)


@_kept
def told(_source: Source, fingerprint: str, name: str, filters: Filters, options: Options, *about: str) -> Any:  # noqa: ARG001
    """What is no metric: a frame of `model_answers`, or an answer of `standard_answers` about a policy's version."""
    return (model_answers.FRAMES | standard_answers.ANSWERS)[name](_source, filters, options, *about)


@st.cache_data(max_entries=32, show_spinner="Looking for what drifted")
def drifted(
    _source: Source,
    fingerprint: str,  # noqa: ARG001
    filters: Filters,
    options: Options,
    *,
    by: str | None,
    period: Period,
) -> Drifts:
    """Everything that is watched for drift."""
    return drifts(_source, filters, options, by=by, period=period)


@_kept
def labelled(
    _source: Source,
    fingerprint: str,  # noqa: ARG001
    filters: Filters,
    by: tuple[str, ...],
    options: Options,
) -> list[tuple[dict[str, str | None], pl.DataFrame, str]]:
    """The scored items of each slice beside what turned out: see `thresholding`."""
    return thresholding.labelled(_source, filters, by=by, options=options)


@_kept
def routed_by(_source: Source, fingerprint: str, filters: Filters, options: Options) -> Routing:  # noqa: ARG001
    """All scored items, ready to be cut by two thresholds."""
    return routed.routed(_source, filters, options)


@_kept
def pseudonyms(_source: Source, fingerprint: str) -> dict[str, str]:  # noqa: ARG001
    """What every reviewer of the log is called where ids are not shown."""
    return answers.pseudonyms(_source)


def _request(source: Source, filters: Filters) -> Request:
    return Request(filters, (), Options(), None, source.settings.min_n)
