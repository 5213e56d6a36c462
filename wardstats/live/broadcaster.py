"""Sends every new board to all who listen: one rendering per language, the same bytes to everybody.

A client is owed only the newest board: where a line is slow, boards in between are skipped, and a client that takes
nothing for a while is let go, so nobody waits for anybody. Owns the event stream; what a board is, is ``board``'s.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Receive, Scope, Send

from wardstats.errors import WardStatsError
from wardstats.live.answers import header, problem, reader_language
from wardstats.records import LANGUAGES
from wardstats.snapshot import Published

Render = Callable[[Published, str], dict[str, Any]]

BEAT = b"event: beat\ndata: 1\n\n"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # nginx would hold events back until its buffer is full
    ],
}
_END = {"type": "http.response.body", "body": b"", "more_body": False}
# Reconnecting clients spread over this time instead of arriving in one instant.
RETRY_MS = (1000, 1500, 2000, 2500, 3000)

_LOG = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Client:
    """One open event stream.

    Attributes:
        send: ASGI's send of this request.
        request: The task that serves it.
        turn: When in the rhythm of signs of life it gets its own.
        owed: What is to be sent next; a newer board replaces an older one that has not left yet.
        delivery: The task that sends, while there is something to send.
        since: When the present send began, in the loop's time.
        ending: Why the server ends it: "slow", "closing", or empty.
    """

    send: Send
    request: asyncio.Task[Any]
    turn: int
    owed: bytes | None = None
    delivery: asyncio.Task[None] | None = None
    since: float = 0.0
    ending: str = ""


@dataclass
class Limits:
    """How many may listen, and how patient the server is with them.

    Attributes:
        clients: Streams at once; one more is answered with 503.
        poll_s: Time between two looks at the pointer.
        beat_s: Time between two signs of life to a client.
        slow_s: How long one send may take before the client is let go, found out at its next sign of life.
        batch: Clients served in one go before anybody else's request gets its turn.
    """

    clients: int = 18_000
    poll_s: float = 0.1
    beat_s: float = 15.0
    slow_s: float = 15.0
    batch: int = 200


@dataclass
class Broadcaster:
    """The event streams of one process.

    Attributes:
        publication: Returns what is up now, cheaply.
        render: Makes the board of a publication in one language.
        default_language: Returns the language of readers who ask for none that there is.
        limits: See there.
        current: The publication whose board was sent last.
        dropped_count: Clients let go so far.
    """

    publication: Callable[[], Published]
    render: Render
    default_language: Callable[[], str] = lambda: "vi"
    limits: Limits = field(default_factory=Limits)
    current: Published | None = None
    dropped_count: int = 0
    is_closing: bool = False
    _events: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _clients: dict[str, set[Client]] = field(default_factory=lambda: {language: set() for language in LANGUAGES})
    _turns: list[set[Client]] = field(default_factory=list)
    _arrivals: int = 0

    def __post_init__(self) -> None:
        """Divide the time between two signs of life into turns, so that clients get theirs a few at a time."""
        self._turns = [set() for _ in range(max(1, round(self.limits.beat_s / self.limits.poll_s)))]

    @property
    def client_count(self) -> int:
        """Streams open now."""
        return sum(len(clients) for clients in self._clients.values())

    async def run(self) -> None:
        """Watch the pointer for ever; a board that cannot be rendered leaves the one before in place."""
        turn, failed = 0, ""
        while not self.is_closing:
            try:
                published = self.publication()
                if (self.current is None or published.key != self.current.key) and published.key != failed:
                    await self._publish(published)
            except WardStatsError as error:  # nothing published yet, or a damaged file: told once, tried again
                if str(error) != failed:
                    _LOG.warning("No new board: %s", error)
                    failed = str(error)
            except Exception:
                _LOG.exception("The board could not be rendered; the one before stays up")
                failed = published.key
            turn = (turn + 1) % len(self._turns)
            failed = failed if turn else ""
            self._keep_alive(turn)
            await asyncio.sleep(self.limits.poll_s)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for the event stream; returns when the client has gone."""
        if self.is_closing or self.client_count >= self.limits.clients:
            reason = (
                "The server is restarting."
                if self.is_closing
                else f"This server carries {self.limits.clients} live connections at once."
            )
            detail = f"{reason} Ask /api/v1/board every 15 seconds instead."
            answer = problem(503, "No live connection to be had", detail, headers={"retry-after": "15"})
            await answer(scope, receive, send)
            return
        language = reader_language(scope, self.default_language())
        task = asyncio.current_task()
        assert task is not None
        self._arrivals += 1
        client = Client(send, task, turn=self._arrivals % len(self._turns))
        try:
            await send(_START)
            self._greet(client, language, header(scope, "last-event-id"))
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not client.ending:
                raise
            await (_abort(send) if client.ending == "slow" else send(_END))
        finally:
            self._clients[language].discard(client)
            self._turns[client.turn].discard(client)
            if client.delivery:
                client.delivery.cancel()

    def close(self) -> None:
        """End all streams, so that the server can stop; readers connect again to the next one."""
        self.is_closing = True
        for clients in self._clients.values():
            for client in clients:
                self._end(client, "closing")

    def _greet(self, client: Client, language: str, last_event_id: str) -> None:
        """Start owing a client its boards. No ``await`` in here: between the greeting and the list nothing may pass."""
        key, event = self._events.get(language, ("", b""))
        greeting = f"retry: {RETRY_MS[self._arrivals % len(RETRY_MS)]}\n\n".encode()
        self._owe(client, greeting + (BEAT if last_event_id == key else event))
        self._clients[language].add(client)
        self._turns[client.turn].add(client)

    async def _publish(self, published: Published) -> None:
        """Render and send, the language with the most listeners first."""
        for language in sorted(LANGUAGES, key=lambda language: -len(self._clients[language])):
            board = await asyncio.to_thread(self.render, published, language)
            text = json.dumps(board, ensure_ascii=False, separators=(",", ":"))
            event = f"id: {published.key}\nevent: snapshot\ndata: {text}\n\n".encode()
            self._events[language] = (published.key, event)
            await self._send_all(language)
        self.current = published

    async def _send_all(self, language: str) -> None:
        _, event = self._events[language]
        for number, client in enumerate(list(self._clients[language]), 1):
            self._owe(client, event)
            if number % self.limits.batch == 0:
                await asyncio.sleep(0)

    def _owe(self, client: Client, chunk: bytes) -> None:
        client.owed = chunk
        if client.delivery is None:
            client.since = asyncio.get_running_loop().time()
            client.delivery = asyncio.create_task(self._deliver(client))

    async def _deliver(self, client: Client) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while client.owed is not None:
                chunk, client.owed = client.owed, None
                client.since = clock()
                await client.send({"type": "http.response.body", "body": chunk, "more_body": True})
        except OSError:
            self._end(client, "slow")
        finally:
            client.delivery = None

    def _keep_alive(self, turn: int) -> None:
        """Send a sign of life to the idle clients whose turn it is, and let go of those that have been stuck."""
        now = asyncio.get_running_loop().time()
        for client in list(self._turns[turn]):
            if client.delivery is None:
                self._owe(client, BEAT)
            elif now - client.since > self.limits.slow_s:
                self.dropped_count += 1
                self._end(client, "slow")

    def _end(self, client: Client, why: str) -> None:
        if not client.ending:
            client.ending = why
            client.request.cancel()


async def _abort(send: Send) -> None:
    """Cut a stuck connection where the server lets us; waiting for its buffer to empty could take for ever."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
        for _ in range(3):  # the server learns of it in the loop's next turns
            await asyncio.sleep(0)


def direct(path: str, serve: Callable[[Scope, Receive, Send], Awaitable[None]], app: Any) -> Any:
    """Put an endpoint in front of an application, past all of its middleware: thousands of streams stay cheap."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == path and scope["method"] == "GET":
            await serve(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer
