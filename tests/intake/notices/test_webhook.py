"""Webhooks: signed as Standard Webhooks has it, never into an inner network, and never longer than ten seconds."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.notices import webhook
from wardstats.intake.notices.choices import Choices, new_secret
from wardstats.intake.notices.outbox import Delivery, Notice
from wardstats.intake.notices.webhook import AddressError, Call, check_address, signature
from wardstats.intake.notices.words import Told

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOLD = Told("Phường Sa Pa: hồ sơ bị trả lại", ("Đọc lại",), "/submit?lang=vi")
NOTICE = Notice("ab" * 20, "returned", "p", "w01", {}, "2026-11-01T00:00:00+00:00", {"webhook": Delivery()})


def post(call: Call, delivery: Delivery, *, allow_loopback: bool) -> Delivery:
    """Post as the command does, in a thread of its own: a browser of another test keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(webhook.post, call, delivery, allow_loopback=allow_loopback).result()


@dataclass
class Receiver:
    """A receiver on this machine.

    Attributes:
        answer: What it sends, piece by piece, a pause after each.
        requests: What it was sent.
    """

    port: int = 0
    answer: tuple[bytes, ...] = (b"HTTP/1.1 204 No Content\r\n\r\n",)
    pause_s: float = 0.0
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook?x=1"


@contextmanager
def receiver(*answer: bytes, pause_s: float = 0.0) -> Iterator[Receiver]:
    """Answer each connection until the block ends."""
    found, listening = Receiver(pause_s=pause_s), socket.create_server(("127.0.0.1", 0))
    found.port = listening.getsockname()[1]
    found.answer = answer or found.answer

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    found.requests.append(connection.recv(65536))
                    for piece in found.answer:
                        connection.sendall(piece)
                        time.sleep(found.pause_s)
                except OSError:
                    continue  # cut

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield found
    finally:
        listening.close()


def call(url: str, secret: str = SECRET) -> Call:
    return Call.of(NOTICE, TOLD, "https://board.test", Choices("vi", webhook=url, secret=secret), "vi")


def test_a_notice_is_posted_with_a_signature_that_its_receiver_can_check() -> None:
    secret = new_secret()
    with receiver() as found:
        delivery = post(call(found.url, secret), Delivery(), allow_loopback=True)
    assert (delivery.state, delivery.tries) == ("sent", 1)
    head, _, body = found.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    assert first == "POST /hook?x=1 HTTP/1.1"
    assert headers["webhook-id"] == f"msg_{NOTICE.id}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    assert head.decode().rpartition("webhook-signature: ")[2].split("\r\n")[0] == f"v1,{expected}"
    told = json.loads(body)
    assert (told["type"], told["data"]["title"]) == ("notice.returned", TOLD.title)
    assert told["data"]["link"] == "https://board.test/submit?lang=vi"
    assert told["data"]["has_demonstration"] is False


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks' own libraries."""
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == expected


ANSWERS: dict[str, tuple[tuple[bytes, ...], str, str]] = {
    "200": ((b"HTTP/1.1 200 OK\r\n\r\n",), "sent", ""),
    "told to wait first": ((b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 202 Accepted\r\n\r\n"), "sent", ""),
    "500": ((b"HTTP/1.1 500 Oh\r\n\r\n",), "waiting", "HTTP 500"),
    "404": ((b"HTTP/1.0 404\r\n\r\n",), "waiting", "HTTP 404"),
    "gone": ((b"HTTP/1.1 410 Gone\r\n\r\n",), "given_up", "410"),
    "redirect": ((b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/inner\r\n\r\n",), "waiting", "HTTP 307"),
    "no HTTP": ((b"SSH-2.0-x\r\n",), "waiting", "no answer in HTTP/1.1"),
    "nothing": ((b"",), "waiting", "no whole answer"),
    "a head without end": ((b"HTTP/1.1 " + b"2" * 200_000,), "waiting", "no whole answer"),
    "waits for ever": ((b"HTTP/1.1 100 Continue\r\n\r\n" * 9,), "waiting", "no answer"),
    "a body without end": ((b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 60_000] * 200), "sent", ""),
}


@pytest.mark.hostile("receivers of webhooks")
@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_is_sent_waits_or_is_given_up(kind: str) -> None:
    answer, state, reason = ANSWERS[kind]
    with receiver(*answer) as found:
        delivery = post(call(found.url), Delivery(), allow_loopback=True)
    assert (delivery.state, delivery.reason) == (state, reason)
    assert len(found.requests) == 1  # no redirect was followed, nothing was asked twice


@pytest.mark.hostile("receivers of webhooks")
@pytest.mark.parametrize("answer", [(), (b"H",) * 300], ids=["says nothing", "a byte at a time"])
def test_a_receiver_that_hangs_is_cut(answer: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "PATIENCE_S", 0.5)
    with receiver(*(answer or (b"",)), pause_s=30 if not answer else 0.05) as found:
        begun = time.monotonic()
        delivery = post(call(found.url), Delivery(), allow_loopback=True)
        assert time.monotonic() - begun < 10
    assert (delivery.state, delivery.reason, delivery.tries) == ("waiting", "timeout", 1)


INNER = [
    "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::",
    "64:ff9b::a00:1", "2002:a00:1::",
]  # fmt: skip


def resolves_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Have every name resolve to these; return where is connected to."""
    connected: list[str] = []

    async def getaddrinfo(self: Any, host: str, port: int, **_: object) -> list[Any]:
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    async def open_connection(host: str, port: int, **options: Any) -> Any:
        connected.append(f"{host} {options['server_hostname']}")
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    return connected


@pytest.mark.hostile("receivers of webhooks")
@pytest.mark.parametrize("address", INNER)
@pytest.mark.parametrize("beside", [(), ("93.184.216.34",)], ids=["alone", "beside a public one"])
def test_an_inner_address_is_never_connected_to(
    address: str, beside: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    connected = resolves_to(monkeypatch, *beside, address)
    delivery = post(call("https://receiver.example/hook"), Delivery(), allow_loopback=False)
    assert connected == []
    assert delivery.state == "waiting" and "not an address of the public internet" in delivery.reason


def test_the_address_that_was_looked_at_is_connected_to_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolves_to(monkeypatch, "93.184.216.34")
    delivery = post(call("https://receiver.example/hook"), Delivery(), allow_loopback=False)
    assert connected == ["93.184.216.34 receiver.example"]
    assert delivery.reason == "nobody there"


def test_where_loopback_is_allowed_other_inner_addresses_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolves_to(monkeypatch, "10.0.0.1")
    for url in ("http://receiver.example/hook", "https://receiver.example/hook"):
        assert post(call(url), Delivery(), allow_loopback=True).state == "waiting"
    assert connected == []


def test_no_plain_http_to_the_public_internet(monkeypatch: pytest.MonkeyPatch) -> None:
    connected = resolves_to(monkeypatch, "93.184.216.34")
    assert post(call("http://receiver.example/"), Delivery(), allow_loopback=True).state == "waiting"
    assert connected == []


BAD = [
    "", "x", "ftp://a.test/", "http://a.test/", "https://", "https:///x", "https://u:p@a.test/", "https://[::1/",
    "https://a.test/ x", "https://a.test/\r\nX: y", "https://å.test/", "javascript:alert(1)", "file:///etc/passwd",
    "https://a.test/" + "x" * 600, "https://a.test:99999/", "https://a..b/", "https://" + "x" * 64 + ".test/",
]  # fmt: skip


@pytest.mark.hostile("receivers of webhooks")
@pytest.mark.parametrize("url", BAD)
def test_what_is_no_address_to_post_to_is_refused(url: str) -> None:
    with pytest.raises(AddressError) as caught:
        check_address(url, allow_loopback=False)
    assert {caught.value.told(translator(language)) for language in LANGUAGES} > {str(caught.value)}
    assert post(call(url), Delivery(), allow_loopback=False).state == "waiting"


def test_a_long_notice_is_cut_to_its_title() -> None:
    long = Told("Title", ("x" * 30_000,), "/")
    made = Call.of(NOTICE, long, "", Choices("vi", webhook="https://a.test", secret=SECRET), "vi")
    assert len(made.body) <= webhook.BODY_AT_MOST
    assert json.loads(made.body)["data"]["lines"] == []
