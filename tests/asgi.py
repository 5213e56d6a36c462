"""One request to an application, without a server between: some thousand a second."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp


@dataclass
class Answer:
    """What was answered; header names are in lower case."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    sent: bytes = b""

    @property
    def content(self) -> bytes:
        """The body, unpacked."""
        return gzip.decompress(self.sent) if self.headers.get("content-encoding") == "gzip" else self.sent


async def ask(app: ASGIApp, target: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    """Ask an application once; the target is a path with its query, as it stands in a request line."""
    path, _, query = target.partition("?")
    named = {"host": "board.test"} | {name.lower(): value for name, value in (headers or {}).items()}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in named.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
    }
    answer, parts = Answer(), []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode().lower(): value.decode("latin-1") for name, value in message["headers"]}
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    answer.sent = b"".join(parts)
    return answer
