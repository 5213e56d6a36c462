"""Answers that are made once, kept by weight, and sent with a digest of what is in them.

Owns where answers wait, are made and are kept; their form is ``responses``', what they say whoever asks for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from wardstats.core.weighed_cache import WeighedCache
from wardstats.frontend.bodies import Body, accepts_gzip
from wardstats.live.workers import RightOfWay, Workers


@dataclass(frozen=True)
class Answer:
    """What is sent: a body, and headers that hang on the same."""

    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A request whose parameters are settled.

    Attributes:
        key: Everything that the answer depends on, defaults filled in: questions that mean the same have the same.
        make: Makes the answer.
        is_heavy: Making it takes seconds: it waits with its like.
    """

    key: tuple[Hashable, ...]
    make: Callable[[], Answer]
    is_heavy: bool = False


class Answers:
    """The answers of one part of the site, with threads of its own for settling, making, and what is heavy."""

    def __init__(
        self,
        name: str,
        at_most_bytes: int,
        threads: int = 2,
        waiting_at_most: int = 64,
        gives_way: RightOfWay | None = None,
    ) -> None:
        """Keep nothing yet.

        Args:
            at_most_bytes: What is kept may weigh so much.
            threads: For each of the three.
            waiting_at_most: Different answers under way, of each weight; see ``Workers``.
            gives_way: Before an answer is made; see ``Workers``.
        """
        self.kept: WeighedCache[tuple[Hashable, ...], Answer] = WeighedCache(at_most_bytes, lambda made: made.body.size)
        self._settling = Workers(f"{name}-settling", threads)
        self._making = Workers(f"{name}-making", threads, waiting_at_most, gives_way)
        self._heavy = Workers(f"{name}-heavy", threads, waiting_at_most, gives_way)

    async def give(self, request: Request, settle: Callable[[], Question], cache_control: str = "no-cache") -> Response:
        """Answer, or say that the reader's copy is still right.

        Args:
            settle: Finds out what is asked, in a thread: it may have to look into the snapshot.
            cache_control: How long the answer may be reused without asking.

        Raises:
            BusyError: Too many others wait.
        """
        question = await self._settling.run(settle)
        found = self.kept.find(question.key)
        if found is None:
            workers = self._heavy if question.is_heavy else self._making
            found = await workers.run(lambda: self.kept.get(question.key, question.make), question.key)
        return _response(request, found, cache_control)


def _response(request: Request, answer: Answer, cache_control: str) -> Response:
    body = answer.body
    # Weak, because the compressed form of an answer is as good as the plain one.
    etag = f'W/"{body.digest}"'
    sent = {"etag": etag, "cache-control": cache_control, "vary": "accept, accept-encoding, accept-language"}
    sent |= dict(answer.headers)
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if known & {etag.removeprefix("W/"), "*"}:
        return Response(status_code=304, headers=sent)
    as_gzip = body.compressed is not None and accepts_gzip(request.headers)
    if as_gzip:
        sent["content-encoding"] = "gzip"
    if body.plain:
        whole = body.compressed if as_gzip and body.compressed else body.plain
        return Response(whole, headers=sent, media_type=body.media_type)
    length = len(body.compressed or b"") if as_gzip else body.length
    sent["content-length"] = str(length)
    if request.method == "HEAD":
        return Response(headers=sent, media_type=body.media_type)
    # Piece by piece, as the reader takes it: who takes nothing costs one piece, not the whole answer.
    return StreamingResponse(_pieces(body, as_gzip), headers=sent, media_type=body.media_type)


async def _pieces(body: Body, as_gzip: bool) -> AsyncIterator[bytes]:
    for piece in body.pieces(as_gzip):
        yield piece
