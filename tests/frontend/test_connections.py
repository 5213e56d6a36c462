"""Connections over real sockets: silent and half ones are ended, an address has so many, and proxies are believed."""

from __future__ import annotations

import asyncio
import socket
import time
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from tests.asynchronous import run
from tests.ports import free_port
from wardstats.core.errors import WardStatsError
from wardstats.frontend.connections import ConnectionLimits, Connections

LONG_S = 60  # only what hangs takes so long
QUICK = ConnectionLimits(per_address=20, head_s=0.6, body_s=0.8, stuck_s=0.8, look_s=0.1)
WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def page(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def endless(scope: Any, receive: Any, send: Any) -> None:
    """An answer that is larger than what any socket holds."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(2000):
        await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class Site:
    """A server on a port of this machine."""

    def __init__(self, port: int, connections: Connections) -> None:
        self.port, self.connections = port, connections

    async def connect(self, said: bytes = b"", host: str = "127.0.0.2") -> socket.socket:
        """Connect from an address that is no proxy, and say something."""
        made = socket.socket()
        made.setblocking(False)
        made.bind((host, 0))
        loop = asyncio.get_running_loop()
        await loop.sock_connect(made, ("127.0.0.1", self.port))
        if said:
            await loop.sock_sendall(made, said)
        return made

    async def answer(self, said: bytes = WHOLE, host: str = "127.0.0.2") -> bytes:
        """Return what comes back first."""
        with await self.connect(said, host) as made:
            return await self.heard(made)

    async def heard(self, made: socket.socket) -> bytes:
        try:
            async with asyncio.timeout(LONG_S):
                return await asyncio.get_running_loop().sock_recv(made, 65_536)
        except ConnectionError:
            return b""

    async def until(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(LONG_S):
            while not is_true():
                await asyncio.sleep(0.02)


def serve(scene: Callable[[Site], Coroutine[Any, Any, None]], limits: ConnectionLimits = QUICK) -> None:
    async def whole() -> None:
        app = Starlette(routes=[Route("/", page, methods=["GET", "POST"]), Mount("/endless", endless)])
        port = free_port()
        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", timeout_keep_alive=30))
        connections = Connections(limits)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        watching = asyncio.create_task(connections.run())
        await asyncio.sleep(0)
        try:
            await scene(Site(port, connections))
        finally:
            watching.cancel()
            server.should_exit = server.force_exit = True
            await asyncio.gather(watching, serving, return_exceptions=True)

    run(whole())


@pytest.mark.hostile("raw HTTP")
def test_silent_and_half_connections_are_ended_and_honest_ones_are_not(record_property: Any) -> None:
    halves = [
        b"",
        b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: y",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",  # a body that never comes
        WHOLE + b"GET / HTTP/1.1\r\n",  # the second one stops half way
    ]  # fmt: skip

    async def scene(site: Site) -> None:
        made = [await site.connect(half) for half in halves]
        await site.until(lambda: site.connections.open_count == len(halves))
        await site.until(lambda: site.connections.ended.total() == len(halves))
        assert site.connections.ended["slow body"] == 1
        assert site.connections.ended["silent"] == len(halves) - 1
        assert b"0 bytes" in await site.answer()
        for each in made:
            each.close()

    serve(scene)
    record_property("tried", len(halves))


@pytest.mark.hostile("raw HTTP")
def test_a_head_that_drips_is_ended_too() -> None:
    async def scene(site: Site) -> None:
        loop = asyncio.get_running_loop()
        made = await site.connect(b"GET / HTTP/1.1\r\nHost: a\r\n")
        with pytest.raises(ConnectionError):  # in time: a drop each 50 ms does not keep it open
            for number in range(round(LONG_S / 0.05)):
                await loop.sock_sendall(made, b"x-%d: y\r\n" % number)
                await asyncio.sleep(0.05)
        made.close()

    serve(scene)


def test_a_connection_that_is_used_again_and_again_stays() -> None:
    async def scene(site: Site) -> None:
        loop, began = asyncio.get_running_loop(), time.monotonic()
        made = await site.connect()
        while time.monotonic() - began < 3 * QUICK.head_s:
            await loop.sock_sendall(made, WHOLE)
            assert b"0 bytes" in await site.heard(made)
            await asyncio.sleep(0.05)
        assert not site.connections.ended
        made.close()

    serve(scene)


@pytest.mark.hostile("raw HTTP")
def test_who_takes_nothing_is_ended() -> None:
    async def scene(site: Site) -> None:
        made = await site.connect(b"GET /endless/ HTTP/1.1\r\nHost: a\r\n\r\n")
        await site.until(lambda: site.connections.ended["stuck"] == 1)
        await site.until(lambda: site.connections.open_count == 0)
        made.close()

    serve(scene)


@pytest.mark.hostile("raw HTTP")
def test_an_address_has_so_many_and_others_go_on(record_property: Any) -> None:
    limits = ConnectionLimits(per_address=20, head_s=LONG_S, look_s=0.1)

    async def scene(site: Site) -> None:
        held = [await site.connect() for _ in range(20)]
        await site.until(lambda: site.connections.open_count == 20)
        refused = await site.answer()
        assert refused.startswith(b"HTTP/1.1 503")
        for header in (b"retry-after: 15", b"connection: close", b"x-content-type-options: nosniff"):
            assert header in refused.lower()
        assert b"Too many connections" in refused
        upgrade = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
        assert (await site.answer(upgrade)).startswith(b"HTTP/1.1 503")
        assert b"0 bytes" in await site.answer(host="127.0.0.3")  # somebody else
        held += [await site.connect() for _ in range(40)]
        await site.until(lambda: site.connections.ended["too many"] > 0)
        assert site.connections._counts["127.0.0.2"] <= 40
        for each in held:
            each.close()
        await site.until(lambda: site.connections.open_count == 0)
        await asyncio.sleep(3 * limits.look_s)
        assert b"0 bytes" in await site.answer()  # once they have gone it is welcome

    serve(scene, limits)
    record_property("tried", 62)


def test_a_proxy_stands_for_many() -> None:
    async def scene(site: Site) -> None:
        held = [await site.connect(host="127.0.0.1") for _ in range(50)]
        await site.until(lambda: site.connections.open_count == 50)
        assert b"0 bytes" in await site.answer(host="127.0.0.1")
        for each in held:
            each.close()

    serve(scene, ConnectionLimits(per_address=20, head_s=LONG_S, look_s=0.1))


def test_which_addresses_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "10.0.0.0/24,fd00::1")
    group = Connections(QUICK).group
    assert group("::ffff:192.168.1.7") == group("192.168.1.7") == "192.168.1.7"
    assert group("2001:db8::1") == group("2001:db8::ffff:2") == "2001:db8::/64"
    assert group("2001:db8:0:1::1") != group("2001:db8::1")
    assert group("fe80::1%eth0") == "fe80::/64"
    assert [group(host) for host in ("10.0.0.5", "::ffff:10.0.0.5", "fd00::1", None, "", "unix:")] == [None] * 6


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ConnectionLimits.of_environment() == ConnectionLimits()
    monkeypatch.setenv("WARDSTATS_CONNECTIONS_PER_ADDRESS", "7")
    monkeypatch.setenv("WARDSTATS_SILENT_SECONDS", "2.5")
    assert ConnectionLimits.of_environment() == ConnectionLimits(per_address=7, head_s=2.5)


@pytest.mark.parametrize("name", ["WARDSTATS_CONNECTIONS_PER_ADDRESS", "WARDSTATS_SILENT_SECONDS"])
@pytest.mark.parametrize("value", ["many", "-1", "0", "1e99", "nan"])
def test_a_setting_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WardStatsError, match=f"{name}: found '{value}'; expected a number"):
        ConnectionLimits.of_environment()


def test_a_count_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDSTATS_CONNECTIONS_PER_ADDRESS", "7.5")
    with pytest.raises(WardStatsError, match="expected a whole number"):
        ConnectionLimits.of_environment()


def test_a_weak_proxy_whose_object_is_gone_leaves_no_connection_unwatched() -> None:
    gone = {"an object"}
    left_behind = [weakref.proxy(gone)]
    del gone

    async def scene(site: Site) -> None:
        with await site.connect(b"G"):
            await site.until(lambda: site.connections.ended["silent"] == 1)

    serve(scene)
    assert len(left_behind) == 1
