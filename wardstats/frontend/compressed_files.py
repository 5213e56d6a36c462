"""Streamlit's files, compressed once, and sent with our changes."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wardstats.core.weighed_cache import WeighedCache
from wardstats.frontend.bodies import _FOLDER, _TEXT_SUFFIXES, FOR_GOOD, Body, accepts_gzip, as_it_is, body

# The icons that pages show, in the place of Streamlit's file of all there are (tests/icon_font.py cuts it).
ICONS = _FOLDER / "material-symbols.woff2"
ICONS_OF_STREAMLIT = "MaterialSymbols-Rounded.*.woff2"
# Asks a browser to compile every function of a script at once, on a processor of its own while the file arrives, not
# one by one on the page's while they are called. Chromium does since 136; for others it is a comment.
_COMPILE_WHOLE = b"//# allFunctionsCalledOnLoad\n"
# Scripts of which a page calls most functions while it starts; of protobuf, the largest, it calls few.
EAGER_SCRIPTS = (
    "index.*.js", "react-dom.*.js", "StreamlitMarkdown.*.js", "emotion-*.js", "styled-components.*.js", "utils.*.js",
    "UriUtil.*.js", "PlotlyChart.*.js",
)  # fmt: skip


class CompressedFiles:
    """Middleware that serves the hashed text files below one path compressed, each compressed once per process.

    A file that is replaced may be of any kind.
    """

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        folder: Path,
        warm: Iterable[str] = (),
        replaced: Mapping[str, bytes] | None = None,
        eager: Iterable[str] = (),
    ) -> None:
        """Remember the folder.

        Args:
            warm: Files (relative to the folder) to compress before somebody asks; see ``warm_up``.
            replaced: What to send for the files of these names. A name then says nothing of what is in the file, so a
                browser asks each time whether it still has the right one.
            eager: Names of scripts most of whose functions a page calls while it starts.
        """
        self.app = app
        self.path = path
        self.folder = folder.resolve()
        self.shelf: WeighedCache[str, Body] = WeighedCache(64_000_000, lambda made: made.size)
        self.warm = tuple(warm)
        self.replaced = replaced or {}
        self.eager = frozenset(eager)
        self._warming: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for such a file; hand everything else on."""
        if scope["type"] == "lifespan" and self.warm:
            self._warming = asyncio.create_task(self._warm_up())
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(self.path):
            headers = Headers(scope=scope)
            file = self._file(scope["path"].removeprefix(self.path))
            if file and accepts_gzip(headers) and "range" not in headers:
                made = self.shelf.find(str(file)) or await asyncio.to_thread(self._make, file)
                sent = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
                if file.name in self.replaced:
                    sent |= {"cache-control": "no-cache", "etag": (etag := f'"{made.digest}"')}
                    if etag in headers.get("if-none-match", ""):
                        await Response(status_code=304, headers=sent)(scope, receive, send)
                        return
                if made.compressed is not None:
                    sent["content-encoding"] = "gzip"
                answer = Response(made.compressed or made.whole, headers=sent, media_type=made.media_type)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _warm_up(self) -> None:
        for name in self.warm:
            if (file := self._file(name)) is not None:
                await asyncio.to_thread(self._make, file)

    def _file(self, name: str) -> Path | None:
        """Return a text file, or one that is replaced, below the folder, or None; a name never leads out of it."""
        if "\0" in name:
            return None
        file = (self.folder / name).resolve()
        if file.suffix not in _TEXT_SUFFIXES and file.name not in self.replaced:
            return None
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def _make(self, file: Path) -> Body:
        kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "text/plain"

        def make() -> Body:
            raw = self.replaced[file.name] if file.name in self.replaced else file.read_bytes()
            if file.name in self.eager:
                raw = _COMPILE_WHOLE + raw
            if file.suffix not in _TEXT_SUFFIXES:
                return as_it_is(kind, raw)
            made = body(f"{kind}; charset=utf-8", raw)
            return replace(made, plain=b"") if made.compressed else made

        return self.shelf.get(str(file), make)
