"""The server that `streamlit run` finds: warm before the first reader comes, and closed to the outside."""

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

# Vega compiles expressions in the browser, so scripts may be evaluated; nothing may come from or go to another host.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class SecurityHeaders(BaseHTTPMiddleware):
    """Adds the headers that keep a page to itself."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Answer, with the headers added."""
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response


@asynccontextmanager
async def warm(_app: st.App) -> AsyncIterator[None]:
    """Build every chart template, and measure the headline once, before the first reader comes."""
    # Cached functions choose their storage when first called, so they are imported once the runtime stands.
    from dashboard import charts, results  # noqa: PLC0415
    from data.errors import LogError  # noqa: PLC0415

    for name in charts.TEMPLATES:
        charts.template(name)
    try:
        results.warm()
    except LogError as error:
        # The pages say the same, in place; the server stays up so that a mended workspace appears without a restart.
        print(f"evenhand: {error}", file=sys.stderr)  # noqa: T201
    # A full collection follows every rerun; what stays for the life of the process need not be walked each time.
    gc.collect()
    gc.freeze()
    yield


def healthy(_request: Request) -> PlainTextResponse:
    """Whether the process answers."""
    return PlainTextResponse("ok")


app = st.App(
    Path(__file__).parent / "app.py",
    lifespan=warm,
    routes=[Route("/healthz", healthy)],
    middleware=[Middleware(SecurityHeaders)],
)
