"""The server: the Streamlit pages with /live, /conference, /api/v1 and /healthz beside them.

``streamlit run server.py`` (what ``make run`` does). Owns how they are joined; each part is at home elsewhere.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from wardstats.charts.figure import TRACES
from wardstats.core.errors import WardStatsError
from wardstats.core.memory import keep_memory_together
from wardstats.core.settings import plain_streamlit, settings, sign_in_hours
from wardstats.frontend.base_path import require_root_path
from wardstats.frontend.changes import Changes
from wardstats.frontend.cookie_secret import require_strong_secret
from wardstats.frontend.front_door import FrontDoor
from wardstats.frontend.secure_headers import SecureHeaders
from wardstats.frontend.sign_in import SignInDoors, mark_sign_ins
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.live.application import Live
from wardstats.session.caches import let_go, prefetch, uploads
from wardstats.session.sign_ins import sign_ins
from wardstats.session.unexpected import tell_unexpected

_NEW_OBJECTS = 10_000  # before garbage is looked for; at Python's 700 what a page works with was taken for lasting
_TURN_S = 0.0005  # after it a thread that computes lets others go on; of Python's 0.005 a publish would wait for many

keep_memory_together()
sys.setswitchinterval(_TURN_S)
gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
changes = Changes(TRACES, plain=plain_streamlit(), uploads=uploads)
try:
    require_root_path()
    require_strong_secret()
    live = Live(settings(), changes.report)
    longest_s = sign_in_hours() * 3600
except WardStatsError as error:  # a setting is wrong
    sys.exit(str(error))
mark_sign_ins(lambda token: sign_ins().mark(token))
doors = Middleware(
    SignInDoors,  # pyright: ignore[reportArgumentType]
    signed_out=lambda claims: sign_ins().end(claims),
    longest_s=longest_s,
)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Run the broadcaster beside Streamlit."""
    publishing.complete_where_possible(Workspace.of(settings()))
    changes.start()
    live.connections.attach()
    gc.freeze()  # what the libraries made while they loaded never dies: collections need not walk it
    prefetch.start()
    try:
        async with live.running():
            yield {"live": live}
    finally:
        prefetch.stop()
        let_go()


app = st.App(
    "dashboard.py",
    routes=live.routes(),
    lifespan=lifespan,
    middleware=[doors, *changes.middleware(live.share_card)],
    on_script_error=tell_unexpected,
    exception_handlers={Exception: live.server_error},
)
app = live.in_front_of(SecureHeaders(FrontDoor(app), changes.pages()))  # pyright: ignore[reportArgumentType]
