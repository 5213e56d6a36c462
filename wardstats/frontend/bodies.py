"""Bodies of HTTP answers: compressed once, kept under a digest."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from starlette.datastructures import Headers

from wardstats.core.settings import PROJECT

PREFIX = "/live/assets"
FOR_GOOD = "public, max-age=31536000, immutable"
_FOLDER = PROJECT / "static"
_TEXT_SUFFIXES = {".js", ".css", ".svg", ".json", ".html", ".map", ".txt"}

_COMPRESSED_FROM = 600  # below that the gain is less than a packet


@dataclass(frozen=True)
class Body:
    """An answer's bytes, as they are and compressed."""

    media_type: str
    plain: bytes
    compressed: bytes | None

    @property
    def size(self) -> int:
        """Bytes it takes in memory."""
        return len(self.plain) + len(self.compressed or b"")

    @cached_property
    def digest(self) -> str:
        """What tells it from another."""
        return sha256(self.compressed or self.plain).hexdigest()[:24]


def body(media_type: str, plain: str | bytes) -> Body:
    """Return a body with its compressed form, where that pays."""
    raw = plain.encode() if isinstance(plain, str) else plain
    return Body(media_type, raw, gzip.compress(raw, 6, mtime=0) if len(raw) >= _COMPRESSED_FROM else None)


class Shelf:
    """Finished answers by what they were made from, for all who ask the same; large ones are not kept."""

    def __init__(self, at_most_bytes: int = 48_000_000) -> None:
        """Keep so much, the answers asked for last."""
        self._at_most = at_most_bytes
        self._bodies: OrderedDict[tuple[Any, ...], Body] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: tuple[Any, ...]) -> Body | None:
        """Return an answer that is there already."""
        found = self._bodies.get(key)
        if found is not None:
            with suppress(KeyError):
                self._bodies.move_to_end(key)
        return found

    def make(self, key: tuple[Any, ...], make: Callable[[], Body]) -> Body:
        """Return the answer of a key, made now if there is none; one at a time, so that a crowd has it made once."""
        with self._lock:
            if (found := self.find(key)) is not None:
                return found
            made = make()
            if made.size <= self._at_most // 16:
                self._bodies[key] = made
                self._bytes += made.size
                while self._bytes > self._at_most:
                    self._bytes -= self._bodies.popitem(last=False)[1].size
            return made


def accepts_gzip(headers: Headers) -> bool:
    """Tell whether the reader takes gzip."""
    for part in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
