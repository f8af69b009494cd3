"""Queries that end when nobody waits for them any more: the reader chose something else, or left."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.engine import DuckDBEngine


class AttendedEngine:
    """The engine of a workspace, for the pages."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self._engine = engine
        self.has_rollups = engine.has_rollups
        self.tells_repeats = engine.tells_repeats
        self.forgotten = engine.forgotten
        self.rolled_from = engine.rolled_from

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query. Outside of a page nobody can be asked, and it runs to its end."""
        is_page = get_script_run_ctx(suppress_warning=True) is not None
        return self._engine.fetch(sql, parameters, watch=_is_awaited if is_page else None)


def _is_awaited() -> None:
    """Streamlit ends the run of a page that has been left, or is to be drawn anew, where it reads the session."""
    st.session_state.get("path")
