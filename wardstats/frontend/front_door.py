"""What is settled before any part of the site sees a request: who it says it came to, and addresses that nobody needs.

Refuses in the form of problem+json, and knows nothing of what lies behind.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wardstats.frontend.bodies import accepts_gzip
from wardstats.frontend.problems import problem

# Of Streamlit: what it measures, an interface for programs that answers even while it is off, and a run of the whole
# page by whoever asks. No page of ours needs one of them.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_.])?|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.I)
_SHOWN_LETTERS = 60


class FrontDoor:
    """Stands before all parts of the site but the event stream."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refused := _misnamed(headers) or _closed(scope["path"]):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await refused(scope, receive, send)
            return
        if "accept-encoding" in headers and not accepts_gzip(headers):
            # Streamlit looks for the letters "gzip" only, and would send it to those who refuse it.
            kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


def _misnamed(headers: Headers) -> Response | None:
    found = headers.getlist("host")
    if not found or (len(found) == 1 and _HOST.fullmatch(found[0])):  # HTTP/1.0 has none
        return None
    shown = " and ".join(repr(name[:_SHOWN_LETTERS]) for name in found[:2])
    detail = f"Host: found {shown} ({sum(map(len, found))} letters); expected one name or address, and a port or none."
    return problem(400, "Bad request", detail)


def _closed(path: str) -> Response | None:
    if any(path == closed or path.startswith(closed + "/") for closed in CLOSED):
        return problem(404, "Not found", f"{path}: this site does not offer it.")
    return None
