"""Each answer in each language and coding: the same content, an ETag of its own, nothing sent twice, HEAD like GET."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from tests.asgi import ask
from tests.asynchronous import run
from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import settings
from wardstats.live.application import Live

# What a reader takes, and whether it is gzip (RFC 9110, 12.5.3).
CODINGS = {
    None: False, "": False, "identity": False, "deflate": False, "br": False, "gzipped": False, "x": False, ",": False,
    "gzip;q=0": False, "gzip; q=0": False, "gzip;q=0.0": False, "gzip;q=0.000": False, "GZIP;Q=0": False,
    "gzip;q=0, *": False, "*;q=0": False, "identity;q=1, *;q=0": False,
    "gzip": True, "GZIP": True, "gzip;q=1": True, "gzip;q=0.001": True, "gzip; q=0.5": True, "gzip,": True,
    ",, gzip": True, "br, gzip": True, "br;q=1.0, gzip;q=0.2, *;q=0": True, "*": True,
    "deflate, gzip;q=1.0, *;q=0.5": True,
}  # fmt: skip
# What the address asks for, what the browser asks for, and what the answer is written in.
LANGUAGES = [
    ("vi", "", "vi"), ("en", "", "en"), ("hi", "", "hi"), ("", "", "vi"), ("", "hi-IN,hi;q=0.9,en;q=0.8", "hi"),
    ("", "fr-FR, en-GB;q=0.7, vi;q=0.3", "en"), ("", "xx", "vi"), ("en", "hi", "en"),
]  # fmt: skip
PATHS = [
    "/api/v1/board", "/api/v1/stage", "/api/v1/ranking", "/api/v1/ranking?format=csv", "/api/v1/scores",
    "/api/v1/values?unit=w01", "/api/v1/indicators?format=csv", "/api/v1/wards", "/api/v1/snapshots", "/live",
    "/conference",
]  # fmt: skip
ETAGS = ['"x"', 'W/"x"', "", ",", '"', "W/", "%00", '"' + "x" * 5000 + '"', "x, y, z", "Ünicode"]  # of nothing we sent


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> ASGIApp:
    var = tmp_path_factory.mktemp("var")
    build_and_publish(SMALL, var)
    return Starlette(routes=Live(settings(SMALL, var)).routes())


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
@pytest.mark.parametrize("path", PATHS)
def test_every_language_and_coding(app: ASGIApp, path: str, record_property: Callable[[str, object], None]) -> None:
    record_property("tried", len(LANGUAGES) * len(CODINGS))
    etags: dict[str, str] = {}

    async def look(asked: str, accepted: str, language: str) -> None:
        target = path + ("&" if "?" in path else "?") + f"lang={asked}" if asked else path
        headers = {"accept-language": accepted} if accepted else {}
        plain = await ask(app, target, headers)
        assert plain.status == 200
        for coding, is_gzip in CODINGS.items():
            sent = headers | ({} if coding is None else {"accept-encoding": coding})
            got = await ask(app, target, sent)
            assert got.status == 200
            assert got.headers["content-language"] == language
            assert (got.headers.get("content-encoding") == "gzip") is (is_gzip and len(plain.sent) >= 600), coding
            assert got.content == plain.sent
            assert {"accept-encoding", "accept-language"} <= set(got.headers["vary"].lower().split(", "))
            assert etags.setdefault(language, got.headers["etag"]) == got.headers["etag"]
            again = await ask(app, target, sent | {"if-none-match": f'"other", {got.headers["etag"]}'})
            assert (again.status, again.sent, again.headers["etag"]) == (304, b"", got.headers["etag"])
            head = await ask(app, target, sent, "HEAD")
            assert head.status == 200
            kept = [head.headers.get(name) for name in ("etag", "content-type", "content-language", "content-encoding")]
            assert kept == [
                got.headers.get(name) for name in ("etag", "content-type", "content-language", "content-encoding")
            ]

    async def look_at_all() -> None:
        for choice in LANGUAGES:
            await look(*choice)

    run(look_at_all())
    assert len(set(etags.values())) == 3  # what a cache keeps in one language is never taken for another


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
@pytest.mark.parametrize("etag", ETAGS)
def test_a_tag_that_was_never_sent_gets_the_whole(app: ASGIApp, etag: str) -> None:
    async def look() -> None:
        got = await ask(app, "/api/v1/board", {"if-none-match": etag})
        assert (got.status, got.sent[:1]) == (200, b"{")
        assert (await ask(app, "/api/v1/board", {"if-none-match": f"{etag}, {got.headers['etag']}"})).status == 304

    run(look())
