"""Connections are bounded: how many an address may have, how long one may say nothing or take nothing.

uvicorn itself ends only those that are idle between two requests. Whoever is over the limit gets a clean 503; far
beyond it a connection is cut. Addresses of proxies that uvicorn trusts (FORWARDED_ALLOW_IPS) stand for many readers and
are not counted: what they say of a reader's address counts for event streams.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
from collections import Counter
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from wardstats.core.settings import connections_per_address, silent_seconds
from wardstats.frontend.living_objects import living_objects
from wardstats.frontend.problems import problem
from wardstats.frontend.secure_headers import SecureHeaders

_LOG = logging.getLogger(__name__)
_FILES_KEPT_FREE = 100  # for snapshots, the ledger and the program itself
_AT_ONCE = 500  # looked at before anybody else gets a turn


@dataclass(frozen=True)
class ConnectionLimits:
    """What one address, and one connection, may do.

    Attributes:
        per_address: Connections of one address (IPv6: of one /64); one more is answered with 503.
        head_s: How long a request's head may take, from the connection's beginning or the answer before.
        body_s: How long a request's body may take: 10 MB on a slow line.
        stuck_s: How long a reader may take nothing of what is sent.
        look_s: Time between two looks.
    """

    per_address: int = 3000
    head_s: float = 20.0
    body_s: float = 300.0
    stuck_s: float = 30.0
    look_s: float = 2.0

    @classmethod
    def of_environment(cls) -> ConnectionLimits:
        """Return the limits that are set, or ours."""
        return cls(
            per_address=connections_per_address(cls.per_address),
            head_s=silent_seconds(cls.head_s),
        )


@dataclass(eq=False, slots=True)
class _Watched:
    """One connection, and since when it is in the state it was seen in last."""

    protocol: Any
    transport: asyncio.Transport
    group: str | None
    since: float
    cycle: Any = None
    is_waiting: bool = True
    stuck_bytes: int = 0
    stuck_since: float = 0.0


class Connections:
    """All connections of the servers of this process.

    Attributes:
        limits: See there.
        ended: How many were ended so far, by reason: silent, slow body, stuck, too many.
    """

    def __init__(self, limits: ConnectionLimits | None = None) -> None:
        """Watch nothing yet."""
        self.limits = limits or ConnectionLimits.of_environment()
        self.ended: Counter[str] = Counter()
        trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")  # as uvicorn reads it
        self._proxies = ProxyHeadersMiddleware(_refuse, trusted).trusted_hosts  # pyright: ignore[reportArgumentType]
        self._watched: dict[asyncio.Transport, _Watched] = {}
        self._counts: Counter[str] = Counter()
        self._servers: list[uvicorn.Server] = []
        self._at_most = _most_files() - _FILES_KEPT_FREE

    @property
    def open_count(self) -> int:
        """Connections open now."""
        return len(self._watched)

    def group(self, host: str | None) -> str | None:
        """Return what stands for one reader's network: an IPv4 address, an IPv6 /64; None for what is not counted."""
        try:
            address = ipaddress.ip_address((host or "").partition("%")[0])
        except ValueError:  # a socket of this machine
            return None
        if address.version == 6 and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if str(address) in self._proxies:
            return None
        return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))

    def attach(self) -> int:
        """Watch the connections that the servers of this process accept from now on.

        A server does not hand itself out, so it is looked for among the objects that are alive. Call it before
        ``gc.freeze``, which hides them.

        Returns:
            How many servers are watched.
        """
        known = set(map(id, self._servers))
        for server in living_objects(uvicorn.Server):
            if id(server) not in known and isinstance(
                kind := getattr(server.config, "http_protocol_class", None), type
            ):
                server.config.http_protocol_class = _bounded(kind, self)
                self._servers.append(server)
        return len(self._servers)

    async def run(self) -> None:
        """Look for ever at what is open, and end what is over its time."""
        if not self.attach():
            _LOG.info("No uvicorn serves here: connections are bounded by what stands in front")
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(self.limits.look_s)
            counts: Counter[str] = Counter()
            for number, watched in enumerate(list(self._watched.values()), 1):
                if watched.transport.is_closing():
                    self._watched.pop(watched.transport, None)
                    continue
                if watched.group is not None:
                    counts[watched.group] += 1
                if reason := self._overdue(watched, clock()):
                    self.ended[reason] += 1
                    watched.transport.abort()
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)
            self._counts = counts  # those who came meanwhile are counted next time

    def opened(self, protocol: Any, transport: asyncio.Transport) -> None:
        """Note a new connection, and refuse it where its address has too many."""
        peer = transport.get_extra_info("peername")
        group = self.group(peer[0] if isinstance(peer, tuple) else None)
        count = self._counts[group] if group is not None else 0
        if count >= 2 * self.limits.per_address or len(self._watched) >= self._at_most:
            self.ended["too many"] += 1
            transport.abort()
            return
        if count >= self.limits.per_address:
            # Answered as a request, so that a browser understands it; its page asks again later.
            protocol.app, protocol.ws_protocol_class = _refuse, None
        if group is not None:
            self._counts[group] += 1
        self._watched[transport] = _Watched(protocol, transport, group, asyncio.get_running_loop().time())

    def _overdue(self, watched: _Watched, now: float) -> str:
        """Return why a connection is to be ended; empty where it is not."""
        if watched.transport.get_protocol() is not watched.protocol:  # a WebSocket, which has pings of its own
            return ""
        cycle = watched.protocol.cycle
        is_waiting = cycle is None or cycle.response_complete
        if cycle is not watched.cycle or is_waiting != watched.is_waiting:
            watched.cycle, watched.is_waiting, watched.since = cycle, is_waiting, now
        if is_waiting and now - watched.since > self.limits.head_s:
            return "silent"
        is_sending = cycle is not None and not is_waiting and cycle.more_body and not cycle.response_started
        if is_sending and now - watched.since > self.limits.body_s:
            return "slow body"
        held = watched.transport.get_write_buffer_size()
        if held == 0 or held != watched.stuck_bytes:
            watched.stuck_bytes, watched.stuck_since = held, now
        elif now - watched.stuck_since > self.limits.stuck_s:
            return "stuck"
        return ""


def _bounded(kind: type, connections: Connections) -> type:
    """Return a protocol of uvicorn whose connections are watched."""

    class Bounded(kind):
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            connections.opened(self, transport)

    Bounded.__module__ = kind.__module__  # wardstats.live.stream looks whose it is
    return Bounded


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request of an address that has too many connections."""
    detail = "Your network has too many connections to this server. Try again in 15 seconds."
    answer = problem(503, "Too many connections", detail, {"retry-after": "15", "connection": "close"})
    await SecureHeaders(answer)(scope, receive, send)


def _most_files() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 10_000
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1_000_000 if soft == resource.RLIM_INFINITY else soft
