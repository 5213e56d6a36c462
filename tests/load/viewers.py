"""Many viewers in one process: event streams on bare protocols, and readers of the API.

They behave as a browser does: reconnect after the time the server asks for, say what they have, keep what they had.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Tally:
    """What all viewers of one kind saw.

    Attributes:
        delays: For each publication, seconds from published to received, one for each viewer.
        errors: What went wrong, by kind.
    """

    delays: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    received_bytes: int = 0

    def fail(self, kind: str) -> None:
        """Count an error."""
        self.errors[kind] = self.errors.get(kind, 0) + 1


@dataclass
class Clock:
    """When each publication was put up; only those are measured.

    Attributes:
        published: Time of each publication by its key, in time.time().
        is_down: The server was taken down on purpose: lost connections are expected.
    """

    published: dict[str, float] = field(default_factory=dict)
    is_down: bool = False

    def since(self, key: str) -> float | None:
        """Return when a publication was put up; one that is newer than all known is being put up at this moment."""
        newest = max(self.published.values(), default=0.0)
        moment = moment_of(key)
        return self.published.get(key) or (moment if moment > newest else None)


def moment_of(key: str) -> float:
    """Return when a publication was put up, which its key begins with, in time.time()."""
    return datetime.fromisoformat(key.partition("_")[0]).timestamp()


class StreamViewer(asyncio.Protocol):
    """One listener of /api/v1/events. A protocol, not a stream: thousands of them fit beside the server."""

    __slots__ = (
        "buffer",
        "clock",
        "key",
        "language",
        "loop",
        "port",
        "retry_s",
        "seen_at",
        "source",
        "status",
        "tally",
        "transport",
        "wanted",
    )

    def __init__(self, port: int, language: str, clock: Clock, tally: Tally, source: str = "127.0.0.1") -> None:
        """Remember the server, and the address to come from; ``connect`` begins."""
        self.source = source
        self.port, self.language, self.clock, self.tally = port, language, clock, tally
        self.buffer = bytearray()
        self.key, self.retry_s, self.status, self.seen_at = "", 3.0, "", 0.0
        self.wanted = True
        self.transport: asyncio.Transport | None = None
        self.loop = asyncio.get_running_loop()

    async def connect(self) -> None:
        """Connect, or try again later."""
        if not self.wanted:
            return
        try:
            await self.loop.create_connection(lambda: self, "127.0.0.1", self.port, local_addr=(self.source, 0))
        except OSError:
            if not self.clock.is_down:
                self.tally.fail("refused")
            self._later()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.status = transport, ""
        self.buffer.clear()
        known = f"Last-Event-ID: {self.key}\r\n" if self.key else ""
        request = f"GET /api/v1/events?lang={self.language} HTTP/1.1\r\nHost: 127.0.0.1\r\n{known}\r\n"
        transport.write(request.encode())

    def data_received(self, data: bytes) -> None:
        """Take what comes; an event ends with an empty line."""
        self.tally.received_bytes += len(data)
        self.buffer += data
        if not self.status:
            if b"\r\n\r\n" not in self.buffer:
                return
            self.status = self.buffer[9:12].decode("latin-1")
            if self.status != "200":
                self.tally.fail(f"status {self.status}")
                assert self.transport is not None
                self.transport.close()
                return
        while (end := self.buffer.find(b"\n\n")) >= 0:
            event = bytes(self.buffer[:end])
            del self.buffer[: end + 2]
            if (at := event.find(b"retry: ")) >= 0:
                self.retry_s = int(event[at + 7 :].split(b"\n")[0]) / 1000
            if b"event: snapshot" in event and (at := event.find(b"id: ")) >= 0:
                self._received(event[at + 4 :].split(b"\n", 1)[0].decode())
        if self.buffer.endswith(b"\r\n0\r\n\r\n") or self.buffer == b"0\r\n\r\n":  # the server ended the answer
            assert self.transport is not None
            self.transport.close()

    def _received(self, key: str) -> None:
        self.key = key
        self.seen_at = time.time()
        since = self.clock.since(key)
        if since is None:
            self.tally.fail("unknown board")
        else:
            self.tally.delays.setdefault(key, []).append(self.seen_at - since)

    def connection_lost(self, exc: Exception | None) -> None:
        """Reconnect, as a browser does."""
        self.transport = None
        if self.wanted:
            if not self.clock.is_down:
                self.tally.fail("lost")
            self._later()

    def _later(self) -> None:
        self.loop.call_later(self.retry_s, lambda: asyncio.ensure_future(self.connect()))

    def close(self) -> None:
        """Go."""
        self.wanted = False
        if self.transport:
            self.transport.abort()


async def open_streams(
    port: int, count: int, clock: Clock, tally: Tally, source: Callable[[int], str] = lambda _: "127.0.0.1"
) -> list[StreamViewer]:
    """Open so many streams, a hundred at a time; most read Vietnamese. ``source`` gives the address each comes from."""
    languages = ["vi"] * 8 + ["en", "hi"]
    viewers = [StreamViewer(port, languages[number % 10], clock, tally, source(number)) for number in range(count)]
    for start in range(0, count, 100):
        await asyncio.gather(*(viewer.connect() for viewer in viewers[start : start + 100]))
        await asyncio.sleep(0.02)
    return viewers


async def read_api(port: int, clock: Clock, tally: Tally, delays: list[float], every_s: float = 1.0) -> None:
    """Read the ranking again and again, with the ETag of the last answer, until cancelled."""
    etag = ""
    await asyncio.sleep(random.random() * every_s)
    while True:
        started = time.perf_counter()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            known = f"If-None-Match: {etag}\r\n" if etag else ""
            request = "GET /api/v1/ranking?lang=vi HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
            writer.write(f"{request}{known}Connection: close\r\n\r\n".encode())
            answer = await asyncio.wait_for(reader.read(), 30)
            writer.close()
            head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            if head[0].split(" ")[1] not in ("200", "304"):
                tally.fail(f"status {head[0].split(' ')[1]}")
            etag = next((line.partition(": ")[2] for line in head if line.lower().startswith("etag:")), etag)
            delays.append(time.perf_counter() - started)
        except (OSError, IndexError, TimeoutError):
            if not clock.is_down:
                tally.fail("refused")
        await asyncio.sleep(every_s)
