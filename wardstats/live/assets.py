"""The files of the live pages under names that carry their digest, so that browsers keep them for good.

Owns the templates too, and compresses the scripts of Streamlit, which it serves as they are: 4.7 MB the largest.
"""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wardstats.live.answers import Body, Shelf, accepts_gzip, body
from wardstats.paths import PROJECT

Edit = Callable[[bytes], bytes]
Edits = Mapping[str, Edit]  # by a pattern of file names

PREFIX = "/live/assets"
FOR_GOOD = "public, max-age=31536000, immutable"
_FOLDER = PROJECT / "static"
_NAMES = (
    "live.css", "live.js", "live_stage.css", "live_stage.js", "icon.png", "noto-sans-devanagari.woff2",
    "noto-sans-devanagari-name.woff2",
)  # fmt: skip
_NAMED = re.compile(rb"\{\{([\w.-]+)\}\}")  # a file that a style sheet names
# The icons that pages show, in the place of Streamlit's file of all there are (tests/icon_font.py cuts it).
ICONS = _FOLDER / "material-symbols.woff2"
ICONS_OF_STREAMLIT = "MaterialSymbols-Rounded.*.woff2"
_TEXT_SUFFIXES = {".js", ".css", ".svg", ".json", ".html", ".map", ".txt"}
# Asks a browser to compile every function of a script at once, on a processor of its own while the file arrives, not
# one by one on the page's while they are called. Chromium does since 136; for others it is a comment.
_COMPILE_WHOLE = b"//# allFunctionsCalledOnLoad\n"


@cache
def _assets() -> dict[str, Body]:
    found = {}
    for name in _NAMES:
        raw = (_FOLDER / name).read_bytes()
        if name.endswith(".css"):
            raw = _NAMED.sub(lambda named: _served(named[1].decode()).encode(), raw)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found[_hashed(name, raw)] = (
            body(f"{kind}; charset=utf-8", raw) if Path(name).suffix in _TEXT_SUFFIXES else Body(kind, raw, None)
        )
    return found


def _served(name: str) -> str:
    """Return the served name of a file that names no other."""
    return _hashed(name, (_FOLDER / name).read_bytes())


def _hashed(name: str, raw: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(raw).hexdigest()[:10]}.{suffix}"


def asset(name: str) -> str:
    """Return the address of a file of the live pages."""
    stem, _, suffix = name.rpartition(".")
    served = next(key for key in _assets() if key.startswith(stem + ".") and key.endswith("." + suffix))
    return f"{PREFIX}/{served}"


async def serve_asset(request: Request) -> Response:
    """Answer with a file of the live pages."""
    found = _assets().get(request.path_params["name"])
    if found is None:
        return Response("Not found", 404, media_type="text/plain")
    headers = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
    if found.compressed is not None and accepts_gzip(request.headers):
        return Response(found.compressed, headers=headers | {"content-encoding": "gzip"}, media_type=found.media_type)
    return Response(found.plain, headers=headers, media_type=found.media_type)


@cache
def templates() -> Environment:
    """Return the environment of the templates; everything put in is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    return environment


def our_icons(_: bytes) -> bytes:
    """Return the file of icons to serve in the place of Streamlit's."""
    return ICONS.read_bytes()


class CompressedFiles:
    """Middleware that serves the hashed text files below one path compressed, each compressed once per process.

    A file that is edited may be of any kind.
    """

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        folder: Path,
        warm: Iterable[str] = (),
        edits: Edits | None = None,
        whole: Iterable[str] = (),
    ) -> None:
        """Remember the folder.

        Args:
            app: Answers everything else.
            path: Such as /static/.
            folder: Where its files are.
            warm: Files (relative to the folder) to compress before somebody asks; see ``warm_up``.
            edits: What to change in the files whose name is like a pattern. Their names then say nothing of what is in
                them, so a browser asks each time whether it still has the right one.
            whole: Patterns of names of scripts most of whose functions a page calls while it starts.
        """
        self.app = app
        self.path = path
        self.folder = folder.resolve()
        self.shelf = Shelf(64_000_000)
        self.warm = tuple(warm)
        self.edits = edits or {}
        self.whole = tuple(whole)
        self._warming: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for such a file; hand everything else on."""
        if scope["type"] == "lifespan" and self.warm:
            self._warming = asyncio.create_task(self._warm_up())
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(self.path):
            headers = Headers(scope=scope)
            file = self._file(scope["path"].removeprefix(self.path))
            if file and accepts_gzip(headers) and "range" not in headers:
                made = self.shelf.find((str(file),)) or await asyncio.to_thread(self._make, file)
                sent = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
                if self._edit(file):
                    sent |= {"cache-control": "no-cache", "etag": (etag := f'"{made.digest}"')}
                    if etag in headers.get("if-none-match", ""):
                        await Response(status_code=304, headers=sent)(scope, receive, send)
                        return
                if made.compressed is not None:
                    sent["content-encoding"] = "gzip"
                answer = Response(made.compressed or made.plain, headers=sent, media_type=made.media_type)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _warm_up(self) -> None:
        for name in self.warm:
            if (file := self._file(name)) is not None:
                await asyncio.to_thread(self._make, file)

    def _file(self, name: str) -> Path | None:
        """Return a text file, or one to be edited, below the folder, or None; a name never leads out of it."""
        if "\0" in name:
            return None
        file = (self.folder / name).resolve()
        if file.suffix not in _TEXT_SUFFIXES and self._edit(file) is None:
            return None
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def _edit(self, file: Path) -> Edit | None:
        return next((edit for pattern, edit in self.edits.items() if file.match(pattern)), None)

    def _make(self, file: Path) -> Body:
        kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "text/plain"

        def make() -> Body:
            raw = file.read_bytes()
            if edit := self._edit(file):
                raw = edit(raw)
            if any(file.match(pattern) for pattern in self.whole):
                raw = _COMPILE_WHOLE + raw
            if file.suffix not in _TEXT_SUFFIXES:
                return Body(kind, raw, None)
            made = body(f"{kind}; charset=utf-8", raw)
            return Body(made.media_type, b"" if made.compressed else made.plain, made.compressed)

        return self.shelf.make((str(file),), make)
