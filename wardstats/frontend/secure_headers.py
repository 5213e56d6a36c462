"""Headers that tell a browser what not to do with our pages: guess types, send whole addresses on, show them in frames.

A page with a stricter policy of its own (the phone page, the projector's) keeps it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(rb"<script>(.*?)</script>", re.S)


def policy(pages: Iterable[bytes] = ()) -> str:
    """Return the policy of pages: scripts of this server only, and those that stand in a page itself, letter by letter.

    Args:
        pages: HTML whose scripts may run.
    """
    scripts = [script for page in pages for script in _INLINE.findall(page)]
    digests = [f"'sha256-{b64encode(sha256(script).digest()).decode()}'" for script in dict.fromkeys(scripts)]
    return "; ".join(
        [
            " ".join(["script-src 'self'", *digests]),
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            # Nobody is to lay an invisible frame of the hand-in page under a button of their own.
            "frame-ancestors 'self'",
        ]
    )


HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "content-security-policy": policy(),
    "x-frame-options": "SAMEORIGIN",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class SecureHeaders:
    """Adds the headers to every answer that does not bring its own."""

    def __init__(self, app: ASGIApp, pages: Iterable[bytes] = ()) -> None:
        """Stand before an application.

        Args:
            pages: HTML of the application whose own scripts may run.
        """
        self.app = app
        self.headers = HEADERS | {"content-security-policy": policy(pages)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)
