"""What no browser sends, byte by byte, to a server as `make run` starts it: refused in words, and it goes on."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.serving import Server, environment, is_healthy, running
from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import PROJECT

METHODS = [
    "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "MKCOL", "LOCK", "BREW", "get",
    "GET\t", "", "G\xcbT", "A" * 300,
]  # fmt: skip
ADDRESSES = ["/live", "/api/v1/ranking", "/healthz", "/_stcore/health"]
HOSTS = [
    "", " ", "localhost", "127.0.0.1:99999", "127.0.0.1:abc", "evil.test", "evil.test:80@127.0.0.1", "a b", "[::1]",
    "[::1", "]", "a" * 250, "xn--", "..", "/", "?x", "#", "a,b", "<script>", '"', "{{7*7}}", "%00", "\xff\xfe",
    "127.0.0.1\tx",
]  # fmt: skip
ROOTS = ["/static", "/app/static", "/live/assets", "/media", "/_stcore", "/api/v1"]
CLIMBS = [
    "/../../../../etc/passwd", "/..%2f..%2f..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/....//....//....//etc/passwd", "/..\\..\\..\\etc\\passwd", "/..%5c..%5c..%5cetc%5cpasswd",
    "/%252e%252e%252fetc/passwd", "//etc/passwd", "/\x00/etc/passwd", "/%00/etc/passwd", "/..;/..;/etc/passwd",
    "/C:/Windows/win.ini",
    "/%c0%ae%c0%ae/etc/passwd", "/./././", "/file:///etc/passwd", "/../pyproject.toml", "/..%2fpyproject.toml",
]  # fmt: skip
RANGES = [
    "bytes=0-0", "bytes=-1", "bytes=0-", "bytes=0-999999999999", "bytes=9-2", "bytes=", "bytes=a-b", "bytes=--1", "0-5",
    "bytes=99999999999-", "items=0-1", "bytes=0-0,0-0,0-0", "bytes=" + "0-1," * 500, "bytes=0-0;x", "bytes =0-1",
    "bytes=-99999999999999999999", "bytes=1.5-2", "bytes=\xb2-3",
]  # fmt: skip
WAIT_S = 0.5
GET = "GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = "POST /api/v1/ranking HTTP/1.1\r\nHost: 127.0.0.1\r\n"
FRAMES = {
    "two lengths": f"{POST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    "negative length": f"{POST}Content-Length: -1\r\n\r\n",
    "length is a word": f"{POST}Content-Length: ten\r\n\r\n",
    "length with a sign": f"{POST}Content-Length: +3\r\n\r\nabc",
    "length beyond numbers": f"{POST}Content-Length: {'9' * 40}\r\n\r\n",
    "length and chunks": f"{POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",  # noqa: E501
    "chunk size is a word": f"{POST}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "chunk size is huge": f"{POST}Transfer-Encoding: chunked\r\n\r\n{'f' * 40}\r\nabc\r\n0\r\n\r\n",
    "chunk is cut off": f"{POST}Transfer-Encoding: chunked\r\n\r\n5\r\nab",
    "chunk extension": f"{POST}Transfer-Encoding: chunked\r\n\r\n3;{'x' * 5000}\r\nabc\r\n0\r\n\r\n",
    "unknown coding": f"{POST}Transfer-Encoding: gzip\r\n\r\nabc",
    "coding twice": f"{POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "coding with a tab": f"{POST}Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
    "a body with GET": f"{GET}Content-Length: 5\r\n\r\nhello",
    "a folded header": f"{GET}X: a\r\n b\r\n\r\n",
    "line feeds alone": "GET /live HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n",
    "carriage returns alone": "GET /live HTTP/1.1\rHost: 127.0.0.1\r\r",
    "no colon": f"{GET}nonsense\r\n\r\n",
    "a space before the colon": f"{GET}X : a\r\n\r\n",
    "an empty name": f"{GET}: a\r\n\r\n",
    "a nought in a header": f"{GET}X: a\x00b\r\n\r\n",
    "letters that are none": f"{GET}X\xe9: \xff\xfe\r\n\r\n",
    "a thousand headers": GET + "".join(f"X{number}: a\r\n" for number in range(1000)) + "\r\n",
    "one long header": f"{GET}X: {'a' * 60_000}\r\n\r\n",
    "one very long header": f"{GET}X: {'a' * 300_000}\r\n\r\n",
    "a long address": f"GET /live?{'a' * 60_000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a very long address": f"GET /{'a' * 300_000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a thousand parameters": f"GET /api/v1/values?{'unit=w01&' * 1000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "no version": "GET /live\r\n\r\n",
    "version 1.0": "GET /live HTTP/1.0\r\n\r\n",
    "version 2.0": "GET /live HTTP/2.0\r\nHost: a\r\n\r\n",
    "version 9.9": "GET /live HTTP/9.9\r\nHost: a\r\n\r\n",
    "version is a word": "GET /live HTTP/x\r\nHost: a\r\n\r\n",
    "preface of version 2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a" * 200,
    "noise": "\x80\x01\xff\x00" * 400,
    "nothing but line ends": "\r\n" * 500,
    "an absolute address": "GET http://evil.test/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an authority": "GET evil.test:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an asterisk": "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a space in the address": "GET /li ve HTTP/1.1\r\nHost: a\r\n\r\n",
    "a fragment": "GET /live#x HTTP/1.1\r\nHost: a\r\n\r\n",
    "header split by an address": "GET /live?lang=vi%0d%0aSet-Cookie:x=1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "upgrade to h2c": f"{GET}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    "upgrade without a key": "GET /_stcore/stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\n\r\n",
    "upgrade of a page": f"{GET}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "a continue that is awaited": f"{POST}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "an unknown expectation": f"{GET}Expect: 42\r\n\r\n",
    "fifty at once": (GET + "\r\n") * 50,
    "two hosts": f"{GET}Host: evil.test\r\nConnection: close\r\n\r\n",
    "no host": "GET /conference HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a million cookies": f"{GET}Cookie: {'a=b; ' * 10_000}\r\n\r\n",
    "a cookie that is none": f"{GET}Cookie: ;;==;\xff=\x01\r\n\r\n",
    "a path of percent signs": "GET /%%%%25%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    "languages without end": f"{GET}Accept-Language: {'vi;q=0.1,' * 5000}\r\n\r\n",
    "tags without end": f"{GET}If-None-Match: {'x,' * 20_000}\r\n\r\n",
    "an event id of noise": "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: \x80\xff../..\r\n\r\n",
}


def of(line: str, *headers: str) -> str:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers, "Connection: close", "", ""])


CASES = {
    **{f"method {method[:9]!r} {path}": of(f"{method} {path}") for method in METHODS for path in ADDRESSES},
    **{
        f"host {host[:12]!r} {path}": f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        for host in HOSTS
        for path in ("/conference", "/live", "/")
    },
    **{f"climb {root}{climb}": of(f"GET {root}{climb}") for root in ROOTS for climb in CLIMBS},
    **{f"range {text[:20]}": of("GET /app/static/icon.png", f"Range: {text}") for text in RANGES},
    **{f"range {text[:20]} of an answer": of("GET /api/v1/ranking", f"Range: {text}") for text in RANGES},
    **{f"frame {name}": text for name, text in FRAMES.items()},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("raw")
    build_and_publish(SMALL, folder / "var")
    with running(folder / "log", environment(folder / "var", WARDSTATS_DATA=str(SMALL))) as server:
        for path in ("/live", "/conference", "/api/v1/ranking"):  # made once; the cases wait for no more than is said
            assert is_healthy(server.url, path)
        yield server
        assert is_healthy(server.url, "/healthz")
        # uvicorn's own word on a request that is none and comes behind a good one, which it answers rightly
        assert server.log.count("Traceback") == server.log.count("h11._util.LocalProtocolError")


def send(server: Server, text: str) -> bytes:
    """Send bytes and nothing more; return what comes until the server closes the line, or says no more."""
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=30) as line:
        found = b""
        try:
            line.sendall(text.encode("latin-1"))
            line.settimeout(WAIT_S)
            while piece := line.recv(65_536):
                found += piece
        except OSError:  # it stops reading what is too long, and keeps a good line open
            pass
        return found


@pytest.mark.hostile("raw HTTP (methods, Host, traversal, framing, ranges)")
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_given_away_and_nothing_breaks(server: Server, name: str) -> None:
    found = send(server, CASES[name])
    status = int(found[9:12]) if found.startswith(b"HTTP/1.1 ") else None
    assert status is None or status < 500 or status in (501, 505), found[:300]
    assert status is not None or not found, found[:300]
    for secret in (b"root:x:", b"[project]", b"Traceback", bytes(PROJECT)):
        assert secret not in found
    assert b"\r\nset-cookie: x=1" not in found.lower()
    assert b"evil.test" not in found.partition(b"\r\n\r\n")[0]
