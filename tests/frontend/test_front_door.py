"""What is refused before any part of the site sees it: names that are none, addresses nobody needs, unwanted gzip."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from wardstats.frontend.bodies import accepts_gzip
from wardstats.frontend.front_door import FrontDoor


async def page(request: Request) -> Response:
    return PlainTextResponse(f"{request.url.path} " + "x" * 2000)


async def talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


@pytest.fixture
def client() -> TestClient:
    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", talk), Route("/{rest:path}", page)])
    return TestClient(FrontDoor(GZipMiddleware(app)))


@pytest.mark.parametrize(
    "host", ["board.example.vn", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "a", "A.B:1", "my_host", "x" * 253]
)
def test_honest_names_pass(client: TestClient, host: str) -> None:
    assert client.get("/live", headers={"host": host}).status_code == 200


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize(
    "host",
    ["x" * 3000, "x" * 254, "", " ", "a b", "a/b", "a@b", "a:b", "a:123456", "a?b", "a#b", "a\\b", "<script>", "a,b",
     "[::1", "::1", "[x]", "-a", "a:", "%00"],
)  # fmt: skip
def test_a_name_that_is_none_is_told(client: TestClient, host: str) -> None:
    answer = client.get("/conference", headers={"host": host.encode("latin-1")})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert f"({len(host)} letters)" in answer.json()["detail"]
    assert len(answer.text) < 400
    named = {"host": host.encode("latin-1")}
    with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect("/_stcore/stream", headers=named):
        pass
    assert caught.value.code == 1008


@pytest.mark.hostile("raw HTTP")
def test_two_names_are_one_too_many(client: TestClient) -> None:
    answer = client.get("/live", headers=[("host", "a"), ("host", "b")])
    assert answer.status_code == 400
    assert "'a' and 'b'" in answer.json()["detail"]


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/interact", "/_stcore/agent/mcp",
     "/_stcore/agent/openapi.json", "/_stcore/script-health-check"],
)  # fmt: skip
def test_what_nobody_needs_is_not_there(client: TestClient, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    if method == "GET":
        assert path in answer.json()["detail"]


def test_what_pages_need_passes(client: TestClient) -> None:
    for path in ("/_stcore/health", "/_stcore/host-config", "/_stcore/metrics-of-ours", "/"):
        assert client.get(path).status_code == 200
    with client.websocket_connect("/_stcore/stream"):
        pass


@pytest.mark.hostile("ETag/language/gzip combinations, each with 304 and HEAD")
@pytest.mark.parametrize(
    ("accepted", "is_gzip"),
    [("gzip", True), ("gzip, br", True), ("*", True), ("GZIP;q=0.5", True), ("br, *;q=0.1", True),
     ("gzip;q=1.000", True), ("gzip ; q=0.001", True), ("x-gzip", True),
     ("gzip;q=0", False), ("gzip; q=0", False), ("gzip;q=0.000", False), ("gzip ; Q=0", False), ("*;q=0", False),
     ("gzip;q=0, *", False), ("*, gzip;q=0", False), ("identity", False), ("gzip;q=", False), ("gzip;q=much", False),
     ("gzip;q=-1", False), ("gzip;q=0.0000", False), ("", False)],
)  # fmt: skip
def test_gzip_goes_to_those_only_who_take_it(client: TestClient, accepted: str, is_gzip: bool) -> None:
    assert accepts_gzip(Headers({"accept-encoding": accepted})) == is_gzip
    answer = client.get("/live", headers={"accept-encoding": accepted})
    if not is_gzip:
        assert "content-encoding" not in answer.headers
    assert answer.text.startswith("/live xxx")
