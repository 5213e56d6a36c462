"""Sends every new board to all who listen: one rendering per language, the same bytes to everybody.

A client that takes nothing for a while is let go, so nobody waits for anybody. Owns the event stream's endpoint and the
watch on the pointer; what a board is, is ``board``'s, and how bytes get to one client, ``stream``'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES
from wardstats.core.pointer import Published
from wardstats.frontend.problems import problem
from wardstats.frontend.secure_headers import SecureHeaders
from wardstats.live.responses import ProblemError, header, json_text, only, reader_language
from wardstats.live.stream import Chunk, Client, chunk, transport_of
from wardstats.live.workers import RightOfWay

T = TypeVar("T")
Render = Callable[[Published, str], dict[str, Any]]

BEAT = chunk(b"event: beat\ndata: 1\n\n")
# Reconnecting clients spread over this time instead of arriving in one instant.
RETRY_MS = (1000, 1500, 2000, 2500, 3000)

_LOG = logging.getLogger(__name__)


@dataclass
class Limits:
    """How many may listen, and how patient the server is with them.

    Attributes:
        clients: Streams at once; one more is answered with 503.
        per_address: Streams of one address at once; likewise.
        poll_s: Time between two looks at the pointer.
        beat_s: Time between two signs of life to a client; a page that has missed two says that the line is lost.
        slow_s: How long a client may take nothing before it is let go, found out at its next sign of life.
        again_s: Time after which a board that could not be rendered is tried once more.
        batch: Clients served in one go before anybody else's request gets its turn.
    """

    clients: int = 18_000
    per_address: int = 2_000
    poll_s: float = 0.1
    beat_s: float = 3.0
    slow_s: float = 15.0
    again_s: float = 15.0
    batch: int = 500


@dataclass
class Broadcaster:
    """The event streams of one process.

    Attributes:
        publication: Returns what is up now, cheaply.
        render: Makes the board of a publication in one language.
        default_language: Returns the language of readers who ask for none that there is.
        limits: See there.
        address_of: Returns whose network a request comes from; None where nobody can tell, which is not counted.
        right_of_way: Taken while a board is rendered and sent.
        current: The publication whose board was sent last.
        dropped_count: Clients let go so far.
        is_closing: The server stops; nobody is taken on any more.
    """

    publication: Callable[[], Published]
    render: Render
    default_language: Callable[[], str] = lambda: "vi"
    limits: Limits = field(default_factory=Limits)
    address_of: Callable[[Scope], str | None] = lambda _: None
    right_of_way: RightOfWay = field(default_factory=RightOfWay)
    current: Published | None = None
    dropped_count: int = 0
    is_closing: bool = False
    _events: dict[str, tuple[str, Chunk]] = field(default_factory=dict)
    _clients: dict[str, set[Client]] = field(default_factory=lambda: {language: set() for language in LANGUAGES})
    _turns: list[set[Client]] = field(default_factory=list)
    _behind: set[Client] = field(default_factory=set)
    _by_address: Counter[str | None] = field(default_factory=Counter)
    _arrivals: int = 0
    _language: str = "vi"
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "broadcaster"))

    def __post_init__(self) -> None:
        """Divide the time between two signs of life into turns, so that clients get theirs a few at a time."""
        self._turns = [set() for _ in range(max(1, round(self.limits.beat_s / self.limits.poll_s)))]

    @property
    def client_count(self) -> int:
        """Streams open now."""
        return sum(len(clients) for clients in self._clients.values())

    async def run(self) -> None:
        """Watch the pointer for ever, and send signs of life beside it: a board that takes long holds none up."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(), name="broadcaster-watch")
            tasks.create_task(self._send_beats(), name="broadcaster-beats")

    async def _watch(self) -> None:
        """Publish what is new; a board that cannot be rendered leaves the one before in place."""
        clock, failed, failed_at = asyncio.get_running_loop().time, "", 0.0
        while not self.is_closing:
            try:
                published = await self._apart(self.publication)
                if (self.current is None or published.key != self.current.key) and published.key != failed:
                    with self.right_of_way.taken():
                        await self._publish(published)
            except WardStatsError as error:  # nothing published yet, or a damaged file: told once, tried again
                if str(error) != failed:
                    _LOG.warning("No new board: %s", error)
                    failed, failed_at = str(error), clock()
            except Exception:
                _LOG.exception("The board could not be rendered; the one before stays up")
                failed, failed_at = published.key, clock()
            if clock() - failed_at > self.limits.again_s:
                failed = ""
            await asyncio.sleep(self.limits.poll_s)

    async def _send_beats(self) -> None:
        """Give each turn its sign of life when it is due; those that a busy moment held up follow at once."""
        clock, done = asyncio.get_running_loop().time, 0
        began = clock()
        while not self.is_closing:
            due = int((clock() - began) / self.limits.poll_s)
            for number in range(max(done, due - len(self._turns)), due):
                self._keep_alive(number % len(self._turns))
            done = due
            await asyncio.sleep(self.limits.poll_s)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for the event stream; returns when the client has gone."""
        address = self.address_of(scope)
        if reason := self._full(address):
            await self._refuse(reason, scope, receive, send)
            return
        try:
            only(QueryParams(scope["query_string"]), ["lang"])
            language = reader_language(scope, self._language)
        except ProblemError as error:
            await SecureHeaders(problem(error.status, error.title, error.detail))(scope, receive, send)
            return
        task = asyncio.current_task()
        assert task is not None
        self._arrivals += 1
        self._by_address[address] += 1
        client = Client(send, transport_of(scope, send), task, turn=self._arrivals % len(self._turns))
        try:
            await client.start()
            self._greet(client, language, header(scope, "last-event-id"))
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not client.ending:
                raise
            await client.finish()
        finally:
            self._clients[language].discard(client)
            self._turns[client.turn].discard(client)
            self._behind.discard(client)
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]
            client.forget()

    def close(self) -> None:
        """End all streams, so that the server can stop; readers connect again to the next one."""
        self.is_closing = True
        for clients in self._clients.values():
            for client in clients:
                client.end("closing")

    def _full(self, address: str | None) -> str:
        """Return why one more cannot be taken on; empty where it can."""
        if self.is_closing:
            return "The server is restarting."
        if self.client_count >= self.limits.clients:
            return f"This server carries {self.limits.clients} live connections at once."
        if address is not None and self._by_address[address] >= self.limits.per_address:
            return f"One network may have {self.limits.per_address} live connections at once."
        return ""

    async def _refuse(self, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"{reason} Ask /api/v1/board every 15 seconds instead."
        answer = problem(503, "No live connection to be had", detail, headers={"retry-after": "15"})
        await SecureHeaders(answer)(scope, receive, send)

    def _greet(self, client: Client, language: str, last_event_id: str) -> None:
        """Give a client the board. No ``await`` in here: between the greeting and the list nothing may pass."""
        key, event = self._events.get(language, ("", BEAT))
        greeting = f"retry: {RETRY_MS[self._arrivals % len(RETRY_MS)]}\n\n".encode()
        self._give(client, chunk(greeting + (BEAT if last_event_id == key else event).plain))
        self._clients[language].add(client)
        self._turns[client.turn].add(client)

    async def _publish(self, published: Published) -> None:
        """Render and send: the language with the most listeners first, the others side by side meanwhile."""
        first, *others = sorted(LANGUAGES, key=lambda language: -len(self._clients[language]))
        event, self._language = await asyncio.gather(
            self._apart(self._event, published, first), self._apart(self.default_language)
        )
        following = [asyncio.create_task(self._publish_in(published, language)) for language in others]
        self._events[first] = (published.key, event)
        await self._send_all(first)
        for failed in await asyncio.gather(*following, return_exceptions=True):
            if failed is not None:  # only now: an error in one language holds up no other
                raise failed
        self.current = published

    async def _publish_in(self, published: Published, language: str) -> None:
        self._events[language] = (published.key, await self._apart(self._event, published, language))
        await self._send_all(language)

    def _apart(self, work: Callable[..., T], *args: Any) -> Awaitable[T]:
        """Have something done in a thread that does nothing else: whatever others ask for, a publish does not wait."""
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    def _event(self, published: Published, language: str) -> Chunk:
        text = json_text(self.render(published, language))
        return chunk(f"id: {published.key}\nevent: snapshot\ndata: {text}\n\n".encode())

    async def _send_all(self, language: str) -> None:
        _, event = self._events[language]
        for number, client in enumerate(list(self._clients[language]), 1):
            self._give(client, event)
            if number % self.limits.batch == 0:
                await asyncio.sleep(0)

    def _give(self, client: Client, news: Chunk) -> None:
        if not client.give(news, asyncio.get_running_loop().time()):
            self._behind.add(client)

    def _keep_alive(self, turn: int) -> None:
        """Catch up with slow clients, send a sign of life to those whose turn it is, and let go of stuck ones."""
        now = asyncio.get_running_loop().time()
        for client in list(self._behind):
            if client.give_owed(now):
                self._behind.discard(client)
        for client in list(self._turns[turn]):
            if client.is_idle:
                self._give(client, BEAT)
            elif client.stuck_for(now) > self.limits.slow_s:
                self.dropped_count += 1
                client.end("slow")


def direct(path: str, serve: Callable[[Scope, Receive, Send], Awaitable[None]], app: Any) -> Any:
    """Put an endpoint in front of an application, past all of its middleware: thousands of streams stay cheap."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == path and scope["method"] == "GET":
            await serve(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer
