"""Files of static/ under names that carry their digest, so that browsers keep them for good.

Owns the templates too, and compresses the scripts of Streamlit, which it serves as they are: 4.7 MB the largest.
"""

from __future__ import annotations

import mimetypes
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from wardstats.core.palette import BOTH, with_colours
from wardstats.frontend.bodies import (
    _FOLDER,
    _TEXT_SUFFIXES,
    FOR_GOOD,
    PREFIX,
    Body,
    accepts_gzip,
    as_it_is,
    body,
    hashed,
)

_NAMES = (
    "live.css", "live.js", "live_stage.css", "live_stage.js", "icon.png", "noto-sans-devanagari.woff2",
    "noto-sans-devanagari-name.woff2", "page.js", "take_away.js",
)  # fmt: skip
_NAMED = re.compile(rb"\{\{([\w.-]+)\}\}")  # a file that a style sheet names


@cache
def _assets() -> dict[str, Body]:
    found = {}
    for name in _NAMES:
        raw = (_FOLDER / name).read_bytes()
        if name.endswith(".css"):
            raw = _NAMED.sub(lambda named: _served(named[1].decode()).encode(), with_colours(raw.decode()).encode())
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        found[hashed(name, raw)] = (
            body(f"{kind}; charset=utf-8", raw) if Path(name).suffix in _TEXT_SUFFIXES else as_it_is(kind, raw)
        )
    return found


def _served(name: str) -> str:
    """Return the served name of a file that names no other."""
    return hashed(name, (_FOLDER / name).read_bytes())


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
    return Response(found.whole, headers=headers, media_type=found.media_type)


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
    environment.globals |= {"asset": asset, "green": BOTH["green"]}
    return environment
