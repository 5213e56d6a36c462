"""Puts the live part together: routes, the task that watches for a publish, and the way around all middleware.

``server.py`` adds it to the Streamlit application; ``standalone`` serves it alone, for more processes than Streamlit's.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from wardstats import __version__
from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.pointer import Published
from wardstats.core.settings import Settings, live_viewers, settings, streams_per_address
from wardstats.core.weighed_cache import WeighedCache
from wardstats.frontend.connections import Connections
from wardstats.frontend.front_door import FrontDoor
from wardstats.frontend.problems import problem
from wardstats.frontend.secure_headers import SecureHeaders
from wardstats.frontend.share_card import ShareCard
from wardstats.intake.health import REFUSING, troubles, without_folder
from wardstats.intake.workspace import Workspace
from wardstats.live import notices
from wardstats.live.api import Api
from wardstats.live.board import live_board
from wardstats.live.broadcaster import Broadcaster, Limits, direct
from wardstats.live.conference import Conference
from wardstats.live.conference_scenes import conference_scenes
from wardstats.live.phone_page import Pages
from wardstats.live.plain_pages import plain_page, sorry
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.responses import json_text, wished_language
from wardstats.live.share_cards import page_card
from wardstats.live.tables import PREFIX
from wardstats.live.workers import RightOfWay, Workers
from wardstats.snapshot.store import Standing, Trouble

_BOARDS_AT_MOST_BYTES = 24_000_000
_BYTES_A_LETTER = 6  # what a board takes in memory for each letter of its JSON, measured
_FILES_KEPT_FREE = 600  # for everything that is not an event stream


class Live:
    """The live part of one process."""

    def __init__(self, places: Settings, frontend: Callable[[], dict[str, Any]] | None = None) -> None:
        """Remember the places; nothing is opened and nothing runs yet.

        Args:
            frontend: Tells which changes of Streamlit apply, where it runs beside.
        """
        self.reader = Reader(places)
        self.workspace = Workspace.of(places)
        self._frontend = frontend
        self._boards: WeighedCache[tuple[Any, ...], dict[str, Any]] = WeighedCache(_BOARDS_AT_MOST_BYTES, _board_bytes)
        right_of_way = RightOfWay()
        self.api = Api(self.reader, self.board, self.stage, gives_way=right_of_way)
        self.pages = Pages(self.reader, self.board)
        self.conference = Conference(self.reader, self.stage)
        most = _most_clients()  # before connections are: it raises the limit of open files
        self.connections = Connections()
        self.broadcaster = Broadcaster(
            self.reader.publication,
            self.board,
            self.reader.default_language,
            Limits(clients=most, per_address=streams_per_address(Limits.per_address)),
            address_of=lambda scope: self.connections.group((scope.get("client") or (None,))[0]),
            right_of_way=right_of_way,
        )
        self._looking = Workers("health", threads=1)
        self._started = time.monotonic()

    def routes(self) -> list[BaseRoute]:
        """Return the routes to put beside Streamlit's."""
        return [
            Route("/healthz", self.health),
            *self.pages.routes(),
            *self.conference.routes(),
            Route(f"{PREFIX}/events", self.broadcaster_endpoint),
            *notices.routes(self.workspace),
            *self.api.routes(),
        ]

    @asynccontextmanager
    async def running(self, _: object = None) -> AsyncIterator[None]:
        """Watch for a publish as long as the server runs."""
        with _closing_streams_on_signal(self.broadcaster):
            tasks = [
                asyncio.create_task(self.broadcaster.run(), name="broadcaster"),
                asyncio.create_task(self.connections.run(), name="connections"),
            ]
            try:
                yield
            finally:
                self.broadcaster.close()
                self.api.close()
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    def in_front_of(self, app: Any) -> Any:
        """Let event streams pass an application by."""
        return direct(f"{PREFIX}/events", self.broadcaster.serve, app)

    async def broadcaster_endpoint(self, request: Request) -> Response:
        """Answer what ``in_front_of`` leaves: HEAD, which has no stream."""
        return Response(headers={"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store"})

    async def server_error(self, request: Request, _: Exception) -> Response:
        """Answer where something went wrong that nobody foresaw; what it was stands in the log only."""
        language = wished_language(request.scope, "vi")
        if request.url.path.startswith("/api/"):
            return problem(500, "Server error", sorry(language), {"content-language": language})
        return plain_page(500, language, sorry(language))

    async def health(self, _: Request) -> Response:
        """Say what is shown, whether anything can be recorded, what is wrong, and how many are listening.

        503 where a balancer is to send people elsewhere: no board can be shown, or an older one than was published.
        """
        facts: dict[str, Any] = {
            "version": __version__,
            "uptime_s": round(time.monotonic() - self._started, 1),
            "live_viewers": self.broadcaster.client_count,
            "live_viewers_at_most": self.broadcaster.limits.clients,
            "dropped": self.broadcaster.dropped_count,
            "connections": self.connections.open_count,
            "connections_ended": dict(self.connections.ended),
        }
        if self._frontend is not None:
            facts["frontend"] = self._frontend()
        headers = {"cache-control": "no-store"}
        found, standing = await self._looking.run(self._look, "health")
        facts["writing"] = "refused" if any(trouble.kind in REFUSING for trouble in found) else "possible"
        places = self.reader.places
        facts["troubles"] = [
            {"kind": trouble.kind, "text": without_folder(trouble.text, places.var)} for trouble in found
        ]
        if isinstance(standing, NothingPublishedError):
            return JSONResponse({"status": "empty"} | facts, 503, headers)
        if isinstance(standing, SnapshotError):
            told = {"kind": "unreadable", "text": without_folder(str(standing), places.var)}
            facts["troubles"].insert(0, told)
            return JSONResponse({"status": "unreadable"} | facts, 503, headers)
        published = standing.shown
        age = datetime.now(UTC) - datetime.fromisoformat(published.published_at)
        facts |= {
            "snapshot_id": published.snapshot_id,
            "published_at": published.published_at,
            "age_s": round(age.total_seconds(), 1),
            "state": "final" if published.is_final else "provisional",
        }
        if standing.is_behind:
            return JSONResponse({"status": "behind"} | facts, 503, headers)
        is_whole = all(trouble.kind == "read_only" for trouble in found)  # a machine may be there to read only
        return JSONResponse({"status": "ok" if is_whole else "degraded"} | facts, headers=headers)

    def share_card(self, scope: Scope) -> ShareCard | None:
        """Return what a messenger shows of a link to one of Streamlit's pages; None where no board can be shown."""
        try:
            published = self.reader.publication()
            language = wished_language(scope, self.reader.default_language())
            return page_card(self.board(published, language), scope["path"], QueryParams(scope["query_string"]))
        except (SnapshotError, UnknownChoiceError):  # the page says why
            return None

    def _look(self) -> tuple[list[Trouble], Standing | SnapshotError]:
        found = troubles(self.reader.store, self.workspace)
        try:
            return found, self.reader.store.standing()
        except SnapshotError as error:
            return found, error

    def board(self, published: Published, language: str) -> dict[str, Any]:
        """Return the board of a publication; phones and the API share it with the event stream."""
        return self._boards.get(("board", published, language), lambda: live_board(self.reader, published, language))

    def stage(self, published: Published, language: str) -> dict[str, Any]:
        """Return the projector's scenes of a publication."""
        return self._boards.get(
            ("stage", published, language), lambda: conference_scenes(self.reader, published, language)
        )


def standalone() -> Any:
    """Return the live part alone, to be served with ``uvicorn --factory wardstats.live.application:standalone``."""
    live = Live(settings())

    async def home(_: Request) -> Response:
        return RedirectResponse("/live")

    routes = [Route("/", home), *live.routes()]
    app = Starlette(routes=routes, lifespan=live.running, exception_handlers={Exception: live.server_error})
    return live.in_front_of(SecureHeaders(FrontDoor(app)))


def _board_bytes(board: dict[str, Any]) -> int:
    return _BYTES_A_LETTER * len(json_text(board))


def _most_clients() -> int:
    """Return how many streams to allow: the setting, but no more than the system has files for."""
    wanted = live_viewers(Limits.clients)
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or soft < hard:
        soft = wanted + _FILES_KEPT_FREE if hard == resource.RLIM_INFINITY else hard
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(wanted, soft - _FILES_KEPT_FREE))


class _closing_streams_on_signal:  # noqa: N801 - reads as a context
    """End all streams as soon as the server is told to stop: it waits for open answers, and these would never end."""

    def __init__(self, broadcaster: Broadcaster) -> None:
        self._broadcaster = broadcaster
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)

            def stop(signum: int, frame: Any, handler: Any = handler) -> None:
                loop.call_soon_threadsafe(self._broadcaster.close)
                if callable(handler):
                    handler(signum, frame)

            with suppress(ValueError):  # not in the main thread: in tests
                signal.signal(number, stop)
                self._before[number] = handler

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
