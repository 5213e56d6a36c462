"""The one HTML page that Streamlit sends for every address, with what it lacks: where its server is, and a language.

Left to itself, the page's script looks for its server below the address of a deep link (/map/_stcore/health) before it
tries the root, and the browser reports two errors.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What every page shows, and Streamlit would load one after the other once it has seen it; the largest last.
EVERY_PAGE = ("Selectbox", "ButtonGroup", "Html", "Checkbox", "PlotlyChart")
_HEAD = b"<head>"
_SCRIPT = re.compile(r'"\./static/js/([^"]+\.js)"')
_IMPORTED = re.compile(r'(?:from|import)"\./([^"]+\.js)"')
_IMPORTS_WITHIN = 20_000  # characters: they stand at the top, and the largest script has millions
_ORIGIN = b"<script>window.__streamlit = {BACKEND_BASE_URL: window.location.origin}</script>"


def late_scripts(folder: Path, components: Iterable[str]) -> list[str]:
    """Return the scripts of Streamlit's components, and what they import, without those its page loads first.

    Args:
        folder: Streamlit's static files.
        components: Names of scripts up to their digest, such as Selectbox.

    Returns:
        Paths in the folder, each once, in the order of the components.
    """
    scripts = folder / "static/js"
    first = set(_SCRIPT.findall((folder / "index.html").read_text(encoding="utf-8")))
    found: dict[str, None] = {}
    waiting = [path.name for component in components for path in scripts.glob(f"{component}.*.js")]
    while waiting:
        name = waiting.pop(0)
        if name not in found and name not in first:
            found[name] = None
            with (scripts / name).open(encoding="utf-8") as script:
                waiting = _IMPORTED.findall(script.read(_IMPORTS_WITHIN)) + waiting
    return [f"static/js/{name}" for name in found]


class FirstPage:
    """Middleware that completes Streamlit's page on its way out."""

    def __init__(self, app: ASGIApp, language: str = "vi", scripts: Iterable[str] = ()) -> None:
        """Remember what to say.

        Args:
            app: Answers the request.
            language: Of the page before its script has run; the script then speaks the reader's.
            scripts: Addresses of scripts that a page asks for late and waits for: the browser may fetch them meanwhile.
        """
        self.app = app
        self.language = language.encode()
        links = (f'<link rel="modulepreload" fetchpriority="low" href="{script}">' for script in scripts)
        self.head = _HEAD + _ORIGIN + "".join(links).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on; hold back the page, and nothing else, until it is complete."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        page = bytearray()

        async def complete(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                kind = MutableHeaders(scope=message).get("content-type", "")
                if message["status"] == 200 and kind.startswith("text/html"):
                    start = message
                    return
            elif start is not None:
                page.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                headers = MutableHeaders(scope=start)
                if headers.get("content-encoding") == "gzip":  # compressed further in
                    body = gzip.compress(self._completed(gzip.decompress(page)))
                else:
                    body = self._completed(bytes(page))
                headers["content-length"] = str(len(body))
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            await send(message)

        await self.app(scope, receive, complete)

    def _completed(self, page: bytes) -> bytes:
        if b'<div id="root">' not in page or b"_stcore" not in page:
            return page  # one of our own pages
        page = page.replace(_HEAD, self.head, 1)
        return page.replace(b'<html lang="en">', b'<html lang="' + self.language + b'">', 1)
