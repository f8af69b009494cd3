"""Where a click leads: to the cases behind a mark, to a reviewer's profile, to the definition of a metric."""

from collections.abc import Mapping

import streamlit as st

from dashboard import session
from metrics.catalogue import CATALOGUE

_MARKED = {"label": "label_a", "reviewer": "reviewer_a"}
"""How the fields of a chart are called in the address of the cases."""


def arrive(page: str) -> None:
    """Remember which page is shown: a click on it comes before it is drawn again."""
    st.session_state["page"] = page


def open_cases(picked: Mapping[str, str]) -> None:
    """Go to the cases behind a mark.

    A slice that the filter bar offers becomes a filter; the rest goes into the address, so that the link says it all.
    """
    for dimension in session.BAR:
        if dimension in picked:
            st.session_state[dimension] = [picked[dimension]]
    mark = {_MARKED.get(name, name): value for name, value in picked.items() if name not in session.BAR}
    # On the page itself a row is opened within the mark, and the address follows its widgets. From another page the
    # widgets follow the address, and what they said on an earlier visit is forgotten.
    if st.session_state["page"] == "cases":
        st.session_state.update(mark)
        return
    for name in session.MARK:
        st.session_state.pop(name, None)
    # Streamlit cannot leave a page without naming a parameter while a filter is set.
    st.switch_page("views/cases.py", query_params=mark or {"item_id": ""})


def open_reviewer(picked: Mapping[str, str]) -> None:
    """Go to the profile of a reviewer."""
    st.session_state.pop("who", None)
    st.switch_page("views/reviewer.py", query_params={"who": picked["reviewer"]})


def open_method(mark: Mapping[str, str]) -> None:
    """Go to the definition of a metric, named by its title."""
    name = next(metric.name for metric in CATALOGUE.values() if metric.title == mark["title"])
    st.switch_page("views/methods.py", query_params={"metric": name})
