"""The server: the Streamlit pages with /live, /conference, /api/v1 and /healthz beside them.

``streamlit run server.py`` (what ``make run`` does). Owns how they are joined; each part is at home elsewhere.
"""

from __future__ import annotations

import gc
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from wardstats.charts.figure import TRACES
from wardstats.core.settings import settings
from wardstats.frontend.compressed_files import ICONS_OF_STREAMLIT, CompressedFiles, our_icons
from wardstats.frontend.drawing_program import NAMES as DRAWING_PROGRAM
from wardstats.frontend.drawing_program import drawn_once, only_traces
from wardstats.frontend.first_page import (
    CHARTS,
    EAGER_SCRIPTS,
    EVERY_PAGE,
    WITHOUT_CHARTS,
    FirstPage,
    first_scripts,
    late_scripts,
)
from wardstats.frontend.secure_headers import SecureHeaders
from wardstats.frontend.sockets import send_at_once
from wardstats.frontend.theme import read_theme_once
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.live.application import Live
from wardstats.session.caches import prefetch

STREAMLIT_FILES = Path(st.__file__).parent / "static"
live = Live(settings())


def first_visit_files() -> list[str]:
    """Return what a browser loads for the ranking page, to be compressed before the first one asks."""
    styles = re.findall(r'"\./static/(css/[^"]+)"', (STREAMLIT_FILES / "index.html").read_text(encoding="utf-8"))
    scripts = [*first_scripts(STREAMLIT_FILES), *late_scripts(STREAMLIT_FILES, [*EVERY_PAGE, CHARTS])]
    return [*styles, *(f"js/{name}" for name in scripts)]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Run the broadcaster beside Streamlit."""
    # The folder pages/ is listed by st.navigation; until its first call Streamlit would take it for an app of the old
    # kind, and run the page of a deep link without dashboard.py.
    PagesManager.uses_pages_directory = False
    publishing.complete_where_possible(Workspace.of(settings()))
    send_at_once()
    read_theme_once()
    gc.freeze()  # what the libraries made while they loaded never dies: collections need not walk it
    prefetch.start()
    try:
        async with live.running():
            yield {"live": live}
    finally:
        prefetch.stop()


app = st.App(
    "dashboard.py",
    routes=live.routes(),
    lifespan=lifespan,
    middleware=[
        Middleware(SecureHeaders),  # pyright: ignore[reportArgumentType]
        Middleware(
            FirstPage,  # pyright: ignore[reportArgumentType]
            folder=STREAMLIT_FILES,
            components=EVERY_PAGE,
            charts=CHARTS,
            without_charts=WITHOUT_CHARTS,
        ),
        Middleware(
            CompressedFiles,  # pyright: ignore[reportArgumentType]
            path="/static/",
            folder=STREAMLIT_FILES / "static",
            warm=first_visit_files(),
            edits={
                DRAWING_PROGRAM: lambda script: drawn_once(only_traces(script, TRACES)),
                ICONS_OF_STREAMLIT: our_icons,
            },
            eager=[*EAGER_SCRIPTS, DRAWING_PROGRAM],
        ),
    ],
)
app = live.in_front_of(app)
