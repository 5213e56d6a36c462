"""The one HTML page that Streamlit sends for every address, with what it lacks: its server, a language, words, scripts.

Left to itself, the page's script looks for its server below the address of a deep link (/map/_stcore/health) before it
tries the root, and the browser reports two errors.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardstats.frontend.bodies import Body, accepts_gzip, body
from wardstats.frontend.browser_words import words_script
from wardstats.frontend.share_card import ShareCard
from wardstats.frontend.streamlit_files import NotAsExpectedError, first_scripts, index, late_scripts, script

# What every page shows, and Streamlit would load one after the other once it has seen it.
EVERY_PAGE = ("Selectbox", "ButtonGroup", "Html", "Checkbox")
# The largest of all: a page without charts is there sooner while the browser does not make it ready.
CHARTS = "PlotlyChart"
WITHOUT_CHARTS = (
    "/ward", "/indicator", "/club", "/block", "/year_end", "/method", "/submit", "/check", "/upkeep", "/log", "/help",
    "/notices",
)  # fmt: skip
_LOG = logging.getLogger(__name__)
_CARDS_KEPT = 64
_HEAD, _LANGUAGE = b"<head>", b'<html lang="en">'
_ROOT = b'<div id="root">'  # no page of our own has it
_BACKEND = b"BACKEND_BASE_URL"
_ORIGIN = b"<script>window.__streamlit = {" + _BACKEND + b": window.location.origin}</script>"
_WORDS = b"<script>%b</script>"
# A link of ours to one of Streamlit's pages opens it in place, as the menu does, in a fraction of the time of a new
# visit: Streamlit follows the history. Each such address has a theme; those of pages beside Streamlit are left alone.
_LINKS = b"""<script>addEventListener("click", (event) => {
  const link = event.target.closest("a[target=_self]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const url = new URL(link.href.baseVal ?? link.href, document.baseURI);
  const isPage = url.origin === location.origin && url.searchParams.has("theme");
  if (!isPage || /\\/(live|conference|api)\\b/.test(url.pathname)) return;
  event.preventDefault();
  history.pushState({}, "", url);
  dispatchEvent(new PopStateEvent("popstate", {state: {}}));
})</script>"""
# A font that every page shows, and finds only in the last style sheet to arrive.
_FONT = b'<link rel="preload" as="font" crossorigin href="/app/static/noto-sans-devanagari-name.woff2">'
_NOW = '<link rel="modulepreload" fetchpriority="low" href="/static/js/{name}">'
_AT_LEISURE = '<link rel="prefetch" href="/static/js/{name}">'


Card = Callable[[Scope], ShareCard | None]


def no_card(_: Scope) -> None:
    """Tell nothing of a link."""


def _links(link: str, names: Iterable[str]) -> bytes:
    return "".join(link.format(name=name) for name in names).encode()


class CompletePage:
    """Streamlit's page with its server, a language, the words of its scripts and the scripts that it will need.

    Attributes:
        scripts: Names of these.
    """

    def __init__(
        self, folder: Path, components: Iterable[str] = EVERY_PAGE, charts: str = CHARTS, language: str = "vi"
    ) -> None:
        """Prepare what to add.

        Args:
            components: Names of components that every page shows: the browser may fetch them while the page starts.
            charts: The component that draws charts; on pages without any the browser fetches it when it has the time.
            language: Of the page before its script has run; the script then speaks the reader's.

        Raises:
            NotAsExpectedError: The page or its scripts are not built as those of the pinned version.
        """
        page = index(folder).encode()
        for part in (_HEAD, _LANGUAGE, _ROOT):
            if part not in page:
                raise NotAsExpectedError(f"index.html has no {part.decode()}")
        if not any(_BACKEND.decode() in script(folder, name) for name in first_scripts(folder)):
            raise NotAsExpectedError(f"no script that index.html names reads {_BACKEND.decode()}")
        late = late_scripts(folder, components)
        drawing = [name for name in late_scripts(folder, [charts]) if name not in late]
        words = _WORDS % words_script().encode()
        head = _HEAD + _ORIGIN + words + _LINKS + _FONT + _links(_NOW, late)
        self.scripts = [*late, *drawing]
        self._heads = {True: head + _links(_NOW, drawing), False: head + _links(_AT_LEISURE, drawing)}
        self._language = language.encode()
        self.of = lru_cache(maxsize=_CARDS_KEPT)(self._of)  # each visit asks, and the page stays the same

    def inline(self) -> bytes:
        """Return what of the page has scripts in it, for the policy that lets them run."""
        return self._heads[True]

    def _of(self, page: bytes, has_charts: bool, card: ShareCard | None = None) -> Body:
        """Return the completed page."""
        tags = card.tags().encode() if card else b""
        page = page.replace(_HEAD, self._heads[has_charts] + tags, 1)
        page = page.replace(_LANGUAGE, b'<html lang="' + self._language + b'">', 1)
        return body("text/html; charset=utf-8", page)


class FirstPage:
    """Middleware that completes Streamlit's page on its way out."""

    def __init__(
        self,
        app: ASGIApp,
        complete: CompletePage,
        without_charts: Iterable[str] = WITHOUT_CHARTS,
        card: Card = no_card,
    ) -> None:
        """Stand before an application.

        Args:
            without_charts: Addresses of pages that show none.
            card: Tells what a messenger shows of a link to the page; called in a thread.
        """
        self.app = app
        self.complete, self.card = complete, card
        self.without_charts = frozenset(without_charts)

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
                answer = await self._answer(start, bytes(page), scope)
                await send(start)
                await send({"type": "http.response.body", "body": answer})
                return
            await send(message)

        await self.app(scope, receive, complete)

    def _card_of(self, scope: Scope) -> ShareCard | None:
        try:
            return self.card(scope)
        except Exception:  # the page works without it
            _LOG.exception("The card of a shared link could not be made")
            return None

    async def _answer(self, start: Message, body: bytes, scope: Scope) -> bytes:
        """Return the completed page and set its headers, its own tag among them; another page stays as it is."""
        headers, asked = MutableHeaders(scope=start), Headers(scope=scope)
        page = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
        if _ROOT not in page:
            return body
        card = await asyncio.to_thread(self._card_of, scope)
        made = self.complete.of(page, scope["path"] not in self.without_charts, card)
        for name in ("last-modified", "accept-ranges", "content-encoding", "content-length"):
            del headers[name]
        headers["etag"] = f'"{made.digest}"'
        headers.add_vary_header("accept-encoding, accept-language")
        if headers["etag"] in asked.get("if-none-match", ""):
            start["status"] = 304
            return b""
        sent = made.whole
        if made.compressed and accepts_gzip(asked):
            headers["content-encoding"], sent = "gzip", made.compressed
        headers["content-length"] = str(len(sent))
        return sent
