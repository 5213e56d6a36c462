"""Bodies of HTTP answers: compressed once, kept under a digest; and the addresses of files of static/."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256

from starlette.datastructures import Headers

from wardstats.core.settings import PROJECT

PREFIX = "/live/assets"
FOR_GOOD = "public, max-age=31536000, immutable"
_FOLDER = PROJECT / "static"
_TEXT_SUFFIXES = {".js", ".css", ".svg", ".json", ".html", ".map", ".txt"}

_COMPRESSED_FROM = 600  # below that the gain is less than a packet


_WEIGHT = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_PIECE_BYTES = 65_536
_LARGE_BYTES = 262_144  # from here on only the compressed form is kept, and it is sent in pieces
_GZIP = 31  # what zlib calls a window of 32 KB in the form of gzip


def hashed(name: str, raw: bytes) -> str:
    """Return the name under which a file is served: with its digest, so that browsers keep it for good."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{sha256(raw).hexdigest()[:10]}.{suffix}"


@cache
def file_address(name: str) -> str:
    """Return the address of a file of static/ that is served as it stands."""
    return f"{PREFIX}/{hashed(name, (_FOLDER / name).read_bytes())}"


@dataclass(frozen=True)
class Body:
    """An answer's bytes, as they are and compressed.

    Attributes:
        plain: Empty where only the compressed form is kept.
        compressed: None where compressing does not pay.
        length: Bytes of the plain form.
    """

    media_type: str
    plain: bytes
    compressed: bytes | None
    length: int

    @property
    def size(self) -> int:
        """Bytes it takes in memory."""
        return len(self.plain) + len(self.compressed or b"")

    @cached_property
    def digest(self) -> str:
        """What tells it from another."""
        return sha256(self.compressed or self.plain).hexdigest()[:24]

    @property
    def whole(self) -> bytes:
        """Its plain form."""
        return self.plain or b"".join(self.pieces(as_gzip=False))

    def pieces(self, as_gzip: bool) -> Iterator[bytes]:
        """Return its bytes a few at a time; the plain form of a large one is unpacked on the way."""
        whole = self.compressed if self.compressed is not None and (as_gzip or not self.plain) else self.plain
        unpack = zlib.decompressobj(_GZIP) if whole is self.compressed and not as_gzip else None
        for start in range(0, len(whole), _PIECE_BYTES):
            piece = whole[start : start + _PIECE_BYTES]
            while unpack is not None and piece:
                yield unpack.decompress(piece, _PIECE_BYTES)
                piece = unpack.unconsumed_tail
            if unpack is None:
                yield piece
        if unpack is not None:
            yield unpack.flush()


def body(media_type: str, plain: str | bytes) -> Body:
    """Return a body with its compressed form, where that pays."""
    return body_of_pieces(media_type, [plain])


def body_of_pieces(media_type: str, pieces: Iterable[str | bytes]) -> Body:
    """Return a body made of pieces; a large one is never in memory as a whole but compressed."""
    packing, packed, plain, length = zlib.compressobj(6, zlib.DEFLATED, _GZIP), [], [], 0
    for piece in pieces:
        raw = piece.encode() if isinstance(piece, str) else piece
        length += len(raw)
        packed.append(packing.compress(raw))
        if length < _LARGE_BYTES:
            plain.append(raw)
    if length < _COMPRESSED_FROM:
        return Body(media_type, b"".join(plain), None, length)
    packed.append(packing.flush())
    return Body(media_type, b"".join(plain) if length < _LARGE_BYTES else b"", b"".join(packed), length)


def as_it_is(media_type: str, plain: bytes) -> Body:
    """Return a body that is never compressed: a picture or a font is already."""
    return Body(media_type, plain, None, len(plain))


def accepts_gzip(headers: Headers) -> bool:
    """Tell whether the reader takes gzip, by RFC 9110: what is named counts, else ``*``; a weight of 0 is a no.

    A weight that is no number is taken for a no: the plain form suits everybody.
    """
    weights: dict[str, float] = {}
    for part in ",".join(headers.getlist("accept-encoding")).lower().split(","):
        name, *params = (piece.strip() for piece in part.split(";"))
        weight = next((text[2:].strip() for text in params if text.startswith("q=")), "1")
        weights.setdefault(name, float(weight) if _WEIGHT.fullmatch(weight) else 0.0)
    named = [weights[name] for name in ("gzip", "x-gzip") if name in weights]
    return max(named, default=weights.get("*", 0.0)) > 0.0
