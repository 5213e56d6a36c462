"""The one HTML page that Streamlit sends for every address, with what it lacks: its server, a language, its scripts.

Left to itself, the page's script looks for its server below the address of a deep link (/map/_stcore/health) before it
tries the root, and the browser reports two errors.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardstats.frontend.bodies import Body, accepts_gzip, body
from wardstats.frontend.small_scripts import import_map, small_scripts

# What every page shows, and Streamlit would load one after the other once it has seen it.
EVERY_PAGE = ("Selectbox", "ButtonGroup", "Html", "Checkbox")
# The largest of all: a page without charts is there sooner while the browser does not make it ready.
CHARTS = "PlotlyChart"
WITHOUT_CHARTS = ("/ward", "/club", "/block", "/method", "/submit", "/check", "/log")
# Scripts of which a page calls most functions while it starts; of protobuf, the largest, it calls few.
EAGER_SCRIPTS = (
    "index.*.js", "react-dom.*.js", "StreamlitMarkdown.*.js", "emotion-*.js", "styled-components.*.js", "utils.*.js",
    "UriUtil.*.js",
)  # fmt: skip
_HEAD = b"<head>"
_SCRIPT = re.compile(r'"\./static/js/([^"]+\.js)"')
_IMPORTED = re.compile(r'(?:from|import)"\./([^"]+\.js)"')
_IMPORTS_WITHIN = 20_000  # characters: they stand at the top, and the largest script has millions
_NAMED = re.compile(rb'<link rel="modulepreload"[^>]* href="\./static/js/([^"]+)">\s*')
_ORIGIN = b"<script>window.__streamlit = {BACKEND_BASE_URL: window.location.origin}</script>"
# A font that every page shows, and finds only in the last style sheet to arrive.
_FONT = b'<link rel="preload" as="font" crossorigin href="/app/static/noto-sans-devanagari-name.woff2">'


def first_scripts(folder: Path) -> list[str]:
    """Return the names of the scripts that Streamlit's page loads before it is there."""
    return _SCRIPT.findall((folder / "index.html").read_text(encoding="utf-8"))


def late_scripts(folder: Path, components: Iterable[str]) -> list[str]:
    """Return the scripts of Streamlit's components, and what they import, without those its page loads first.

    Args:
        folder: Streamlit's static files.
        components: Names of scripts up to their digest, such as Selectbox.

    Returns:
        Names, each once, in the order of the components.
    """
    scripts = folder / "static/js"
    first = set(first_scripts(folder))
    found: dict[str, None] = {}
    waiting = [path.name for component in components for path in scripts.glob(f"{component}.*.js")]
    while waiting:
        name = waiting.pop(0)
        if name not in found and name not in first:
            found[name] = None
            with (scripts / name).open(encoding="utf-8") as script:
                waiting = _IMPORTED.findall(script.read(_IMPORTS_WITHIN)) + waiting
    return list(found)


_NOW = '<link rel="modulepreload" fetchpriority="low" href="/static/js/{name}">'
_AT_LEISURE = '<link rel="prefetch" href="/static/js/{name}">'


def _links(link: str, names: Iterable[str], within: Iterable[str]) -> bytes:
    return "".join(link.format(name=name) for name in names if name not in within).encode()


class FirstPage:
    """Middleware that completes Streamlit's page on its way out."""

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        components: Iterable[str] = (),
        charts: str = "",
        without_charts: Iterable[str] = (),
        language: str = "vi",
    ) -> None:
        """Prepare what to say.

        Args:
            app: Answers the request.
            folder: Streamlit's static files.
            components: Names of components that every page shows: the browser may fetch them while the page starts.
            charts: The component that draws charts; on pages without any the browser fetches it when it has the time.
            without_charts: Addresses of such pages.
            language: Of the page before its script has run; the script then speaks the reader's.
        """
        self.app = app
        self.language = language.encode()
        self.without_charts = frozenset(without_charts)
        late = late_scripts(folder, components)
        drawing = [name for name in late_scripts(folder, [charts]) if name not in late] if charts else []
        within = small_scripts(folder / "static/js", [*first_scripts(folder), *late, *drawing])
        head = _HEAD + import_map(within).encode() + _ORIGIN + _FONT + _links(_NOW, late, within)
        self.heads = {
            True: head + _links(_NOW, drawing, within),
            False: head + _links(_AT_LEISURE, drawing, within),
        }
        self.within = {name.encode() for name in within}
        self._finished = lru_cache(maxsize=8)(self._complete)  # each visit asks, and the page stays the same

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
                answer = self._answer(start, bytes(page), scope)
                await send(start)
                await send({"type": "http.response.body", "body": answer})
                return
            await send(message)

        await self.app(scope, receive, complete)

    def _answer(self, start: Message, body: bytes, scope: Scope) -> bytes:
        """Return the completed page and set its headers, its own tag among them; another page stays as it is."""
        headers, asked = MutableHeaders(scope=start), Headers(scope=scope)
        page = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        made = self._finished(page, scope["path"] not in self.without_charts)
        if made is None:
            return body
        for name in ("last-modified", "accept-ranges", "content-encoding", "content-length"):
            del headers[name]
        headers["etag"] = f'"{made.digest}"'
        headers.add_vary_header("accept-encoding")
        if headers["etag"] in asked.get("if-none-match", ""):
            start["status"] = 304
            return b""
        sent = made.plain
        if made.compressed and accepts_gzip(asked):
            headers["content-encoding"], sent = "gzip", made.compressed
        headers["content-length"] = str(len(sent))
        return sent

    def _complete(self, page: bytes, has_charts: bool) -> Body | None:
        if b'<div id="root">' not in page or b"_stcore" not in page:
            return None  # one of our own pages
        page = _NAMED.sub(lambda link: b"" if link[1] in self.within else link[0], page)
        page = page.replace(_HEAD, self.heads[has_charts], 1)
        page = page.replace(b'<html lang="en">', b'<html lang="' + self.language + b'">', 1)
        return body("text/html; charset=utf-8", page)
