"""The frame of every page: navigation, the filter bar, and the place where mendable faults are shown."""

from pathlib import Path

import streamlit as st

from dashboard import bars, components, navigation, session, workspaces
from data.errors import LargeQuestionError, LogError, NoRowsError

VIEWS = Path(__file__).parent / "views"
STATIC = Path(__file__).parent / "static"
ICON = STATIC / "icon.png"
NEED_NO_REVIEWS = ("health", "methods")

st.set_page_config(page_title="Evenhand", page_icon=str(ICON), layout="wide")
st.logo(str(STATIC / "logo.png"), icon_image=str(ICON))

page = st.navigation(
    {
        "Monitor": [
            st.Page(VIEWS / "today.py", title="Today", icon=":material/today:", default=True),
            st.Page(VIEWS / "agreement.py", title="Agreement", icon=":material/handshake:", url_path="agreement"),
            st.Page(VIEWS / "accuracy.py", title="Accuracy", icon=":material/target:", url_path="accuracy"),
            st.Page(VIEWS / "model.py", title="Model", icon=":material/smart_toy:", url_path="model"),
            st.Page(VIEWS / "reviewers.py", title="Reviewers", icon=":material/group:", url_path="reviewers"),
        ],
        "Investigate": [
            st.Page(VIEWS / "reviewer.py", title="One reviewer", icon=":material/person:", url_path="reviewer"),
            st.Page(VIEWS / "explain.py", title="What changed", icon=":material/compare_arrows:", url_path="explain"),
            st.Page(VIEWS / "cases.py", title="Cases", icon=":material/list_alt:", url_path="cases"),
        ],
        "Improve": [
            st.Page(VIEWS / "standards.py", title="Standards", icon=":material/gavel:", url_path="standards"),
            st.Page(VIEWS / "calibration.py", title="Calibration", icon=":material/groups:", url_path="calibration"),
        ],
        "Trust": [
            st.Page(VIEWS / "health.py", title="Data health", icon=":material/database:", url_path="health"),
            st.Page(VIEWS / "methods.py", title="Methods", icon=":material/function:", url_path="methods"),
        ],
    }
)

try:
    navigation.arrive(page.url_path)
    offered = workspaces.offered(session.home())
    name = bars.workspace_bar({name: workspaces.about(path) for name, path in offered.items()})
    session.open_workspace(offered[name])
    components.provenance(name, session.source().settings.note)
    components.forgotten(session.source().engine.forgotten)
    bars.filter_bar(session.choices(), windows=session.windows(), comparable=session.comparable())
    if session.span()["reviews"] == 0 and page.url_path not in NEED_NO_REVIEWS:
        components.empty(
            "No reviews yet",
            "Load some with `evenhand load reviews FILE -w WORKSPACE`; they appear here without a restart.",
        )
    else:
        page.run()
except LargeQuestionError as error:
    st.info(str(error), title="No summary tells this")
    st.button("Read them all", on_click=session.read_all, key="read_all")
except NoRowsError as error:
    st.info(str(error), title="No summary tells this")
except LogError as error:
    st.error(str(error), title="This cannot be shown")
