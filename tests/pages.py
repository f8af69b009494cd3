"""Pages of the dashboard, run without a browser: how tests open one, and what it says."""

import functools
from pathlib import Path
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
# What is installed does not change meanwhile; looking through it again would take longer than most pages.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)


def opened(page: str = "today", **address: Any) -> AppTest:
    """A page at an address with these parameters, of the workspace that the environment names."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if page != "today":
        app.switch_page(f"views/{page}.py")
    app.query_params.update(address)
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """All prose of a page."""
    kinds = ("markdown", "caption", "info", "warning", "error")
    return "\n".join(element.value for kind in kinds for element in app.get(kind))
