"""A notice posted to a receiver's address, signed as Standard Webhooks has it, and never to an inner network.

Reads the line of the answer that tells its status, and nothing else; so no redirect is followed, and no body fills
memory. The address that is connected to is the one that was looked at.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import re
import socket
import ssl
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import SplitResult, urlsplit

from wardstats import __version__
from wardstats.core.spoken_errors import SpokenError
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.outbox import Delivery, Notice, now
from wardstats.intake.notices.words import Told, is_made_up

PATIENCE_S = 10.0  # for everything, from the look-up of the name to the status
BODY_AT_MOST = 20_000  # bytes that are sent
HEAD_AT_MOST = 16_384  # bytes that are read
_PORTS = {"https": 443, "http": 80}
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: |\r?$)")


class AddressError(SpokenError):
    """An address is none to post to."""


class _RefusedError(Exception):
    """The receiver, or the way there, is not as it must be; said in a few words."""


@dataclass(frozen=True)
class Call:
    """What is posted.

    Attributes:
        id: The same at every try, so that a receiver can tell a second one.
    """

    url: str
    secret: str
    id: str
    body: bytes

    @classmethod
    def of(cls, notice: Notice, content: Told, site: str, chosen: Choices, language: str) -> Call:
        """Return the call of a notice."""
        facts = {
            "id": notice.id,
            "kind": notice.kind,
            "unit_code": notice.unit_code,
            "language": language,
            "title": content.title,
            "lines": list(content.lines),
            "link": f"{site}{content.address}" if site else "",
            "has_demonstration": is_made_up(notice),
        }
        told = {"type": f"notice.{notice.kind}", "timestamp": notice.made_at, "data": facts}
        body = json.dumps(told, ensure_ascii=False).encode()
        if len(body) > BODY_AT_MOST:  # lines are what people wrote, and may be long
            facts["lines"] = []
            body = json.dumps(told, ensure_ascii=False).encode()
        return cls(chosen.webhook, chosen.secret, f"msg_{notice.id}", body)


def signature(secret: str, call_id: str, timestamp: int, body: bytes) -> str:
    """Return what stands in the header webhook-signature."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((call_id.encode(), str(timestamp).encode(), body))
    return "v1," + b64encode(hmac.new(key, signed, sha256).digest()).decode()


def check_address(url: str, *, allow_loopback: bool) -> None:
    """Refuse an address that nothing may be posted to, as far as its letters tell.

    Raises:
        AddressError: It is none, holds a password, or is not encrypted.
    """
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")  # looking a name up does so, too: an empty or too long label is an error
        is_whole = bool(parts.hostname) and (parts.port or 1) > 0 and url.isascii() and url.isprintable()
    except ValueError:
        raise AddressError(_expected) from None
    schemes = ("https", "http") if allow_loopback else ("https",)
    if not is_whole or " " in url or len(url) > 500 or parts.scheme not in schemes or "@" in parts.netloc:
        raise AddressError(_expected)


def _expected(speak: Any) -> str:
    return speak(
        "Webhook: found an address that cannot be used; expected one that begins with https:// and holds no password."
    )


def post(call: Call, delivery: Delivery, *, allow_loopback: bool) -> Delivery:
    """Post a call; return how far it got: sent on 2xx, else waiting for the next try, or given up."""
    try:
        status = asyncio.run(_posted(call, allow_loopback))
    except (_RefusedError, AddressError, OSError, UnicodeError) as error:  # TimeoutError and SSLError are of these
        return delivery.failed(now(), str(error) or "timeout")
    if 200 <= status < 300:
        return delivery.moved("sent", now(), tries=delivery.tries + 1)
    if status == 410:
        return delivery.moved("given_up", now(), "410", tries=delivery.tries + 1)
    return delivery.failed(now(), f"HTTP {status}")


async def _posted(call: Call, allow_loopback: bool) -> int:
    check_address(call.url, allow_loopback=allow_loopback)
    parts = urlsplit(call.url)
    async with asyncio.timeout(PATIENCE_S):
        address, port = await _reachable(parts, allow_loopback)
        is_secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            address, port, limit=HEAD_AT_MOST, ssl=ssl.create_default_context() if is_secure else None,
            server_hostname=parts.hostname if is_secure else None,
        )  # fmt: skip
        try:
            writer.write(_request(call, parts))
            await writer.drain()
            return await _status(reader)
        finally:
            writer.transport.abort()


async def _reachable(parts: SplitResult, allow_loopback: bool) -> tuple[str, int]:
    """Return the address of a receiver, which is then connected to as it is; the name is not looked up again.

    Every address that the name has must be one of the public internet: whoever owns the name chooses them.
    """
    port = parts.port or _PORTS[parts.scheme]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    for address in addresses:
        is_let_in = address.is_loopback and allow_loopback
        if not is_let_in and (not _is_public(address) or parts.scheme != "https"):
            raise _RefusedError(f"{address}: not an address of the public internet, or not encrypted")
    return str(addresses[0]), port


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether an address is one of the public internet, and no other one in its clothes (mapped, 6to4, Teredo)."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _PUBLIC_IPV6 or address.sixtofour is not None or address.teredo is not None
    ):
        return False
    return address.is_global and not address.is_multicast


def _request(call: Call, parts: SplitResult) -> bytes:
    timestamp = int(now().timestamp())
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = {
        "Host": parts.netloc,
        "User-Agent": f"wardstats/{__version__}",
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(call.body)),
        "Connection": "close",
        "webhook-id": call.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(call.secret, call.id, timestamp, call.body),
    }
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + call.body


async def _status(reader: asyncio.StreamReader) -> int:
    """Return the status of an answer; one that only says to wait is passed over."""
    for _ in range(3):
        try:
            head = await reader.readuntil(b"\r\n")
            found = _STATUS.match(head.rstrip(b"\r\n"))
            if not found:
                raise _RefusedError("no answer in HTTP/1.1")
            if not 100 <= (status := int(found[1])) < 200:
                return status
            while await reader.readuntil(b"\r\n") != b"\r\n":
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise _RefusedError("no whole answer") from error
    raise _RefusedError("no answer")
