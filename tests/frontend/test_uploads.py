"""Who may upload and how much: refused before a byte is read, counted while it arrives, freed with its tab."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from tests.bare_browser import Browser
from tests.signed_server import SignedServer, prepared_with_sign_in
from tests.small_block import SMALL
from tests.visitor import PATIENCE_S, Visitor
from wardstats.core.languages import LANGUAGES, translator
from wardstats.frontend import uploads as module
from wardstats.frontend.streamlit_files import NotAsExpectedError
from wardstats.frontend.uploads import UploadGuard, UploadLimits, Uploads, check_what_is_counted

MEGABYTE = 1_000_000
LIMITS = UploadLimits(session_bytes=3 * MEGABYTE, total_bytes=5 * MEGABYTE, file_bytes=2 * MEGABYTE, names=3)


def file(size: int, name: str = "") -> SimpleNamespace:
    return SimpleNamespace(data=b"x" * size, name=name, type="")


@pytest.fixture
def held() -> dict[str, dict[str, Any]]:
    return {"one": {}, "two": {}}


@pytest.fixture
def uploads(held: dict[str, dict[str, Any]]) -> Uploads:
    uploads = Uploads(LIMITS, lambda: held, held.__contains__)
    uploads.open("one", translator("vi"))
    uploads.open("two", translator("hi"))
    return uploads


def refused(uploads: Uploads, session_id: str, size: int = 0, **more: Any) -> int | None:
    found = uploads.refusal(session_id, size, **more)
    return found[0] if found else None


def test_a_session_uploads_from_when_a_page_lets_it_until_it_is_closed(uploads: Uploads) -> None:
    assert refused(uploads, "one", MEGABYTE) is None
    assert refused(uploads, "another", 1) == 403
    assert refused(uploads, "", 1) == 403
    uploads.close("one")
    assert refused(uploads, "one", 1) == 403
    uploads.close("one")  # twice is once


def test_sessions_without_a_tab_are_forgotten(uploads: Uploads, held: dict[str, Any]) -> None:
    del held["one"]
    uploads.open("two", translator("hi"))
    assert list(uploads._open) == ["two"]


def test_files_of_a_session_and_of_all_have_a_total(uploads: Uploads, held: dict[str, Any]) -> None:
    held["one"] |= {"a": file(2 * MEGABYTE)}
    assert refused(uploads, "one", MEGABYTE) is None
    assert refused(uploads, "one", MEGABYTE + 1) == 413
    held["two"] |= {"b": file(2 * MEGABYTE)}
    held["gone"] = {"c": file(MEGABYTE // 2)}  # its tab is closed, its files are still there
    assert refused(uploads, "two", MEGABYTE) == 503
    assert refused(uploads, "two", MEGABYTE // 2) is None
    del held["gone"]
    assert refused(uploads, "two", MEGABYTE) is None


def test_what_arrives_counts_until_it_has_arrived(uploads: Uploads) -> None:
    with uploads.arriving("one", 2 * MEGABYTE):
        assert refused(uploads, "one", 2 * MEGABYTE) == 413
        with uploads.arriving("two", 2 * MEGABYTE):
            assert refused(uploads, "one", MEGABYTE) is None
            assert refused(uploads, "two", MEGABYTE) is None
    assert refused(uploads, "one", 2 * MEGABYTE) is None


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_small_files_and_long_names_have_their_weight(uploads: Uploads, held: dict[str, Any]) -> None:
    held["one"] |= {str(number): file(0) for number in range(45)}
    assert refused(uploads, "one") is None
    held["one"] |= {"45": file(0), "46": file(0)}
    assert refused(uploads, "one") == 413
    held["one"] = {"a": file(0, "x" * 3 * MEGABYTE)}
    assert refused(uploads, "one") == 413


def test_so_many_files_are_asked_for_at_once(uploads: Uploads) -> None:
    assert refused(uploads, "one", count=3) is None
    assert refused(uploads, "one", count=4) == 413


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_are_told_in_the_readers_language(uploads: Uploads, held: dict[str, Any], language: str) -> None:
    uploads.open("one", translator(language))
    told = [uploads.refusal("one", 4 * MEGABYTE), uploads.refusal("one", count=4), uploads.refusal("x", 1)]
    held["two"] = {"a": file(5 * MEGABYTE)}
    told.append(uploads.refusal("one"))
    uploads.open("one", translator("en"))
    english = [uploads.refusal("one", 4 * MEGABYTE), uploads.refusal("one", count=4), None, uploads.refusal("one")]
    for one, other in zip(told, english, strict=True):
        assert one is not None and one[1]
        assert language == "en" or other is None or one[1] != other[1]


# Before an application


@pytest.fixture
def client(uploads: Uploads) -> Iterator[TestClient]:
    async def take(request: Request) -> Response:
        return Response(str(len(await request.body())))

    routes = [Route("/{path:path}", take, methods=["PUT", "GET", "DELETE", "OPTIONS"])]
    app = Starlette(routes=routes)
    with TestClient(UploadGuard(app, uploads)) as client:
        yield client


def test_the_guard_lets_files_of_an_open_session_pass(client: TestClient, uploads: Uploads) -> None:
    assert client.put("/_stcore/upload_file/one/x", content=b"x" * MEGABYTE).text == "1000000"
    assert client.put("/base/_stcore/upload_file/one/x", content=b"x").text == "1"
    assert not uploads._arriving


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize(
    ("address", "size", "status"),
    [
        ("/_stcore/upload_file/another/x", 1, 403),
        ("/_stcore/upload_file//x", 1, 403),
        ("/_stcore/upload_file/", 1, 403),
        ("/base/_stcore/upload_file/another/x", 1, 403),
        ("/_stcore/upload_file/%6fnex/x", 1, 403),
        ("/_stcore/upload_file/_stcore/upload_file/one/x", 1, 403),
        ("/_stcore/upload_file/one%00/x", 1, 403),
        ("/_stcore/upload_file/one/x", 3 * MEGABYTE + 1, 413),
    ],
)
def test_the_guard_refuses(client: TestClient, address: str, size: int, status: int) -> None:
    answer = client.put(address, content=b"x" * size, headers={"accept-language": "hi-IN,en"})
    assert answer.status_code == status
    assert answer.headers["connection"] == "close"
    if status == 403:
        assert "साइन इन" in answer.text


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "", "99999999999999999999"])
def test_a_length_that_is_none_counts_as_the_largest_file(
    client: TestClient, held: dict[str, Any], length: str
) -> None:
    held["one"] = {"a": file(2 * MEGABYTE)}
    headers = {"content-length": length.encode()}
    answer = client.put("/_stcore/upload_file/one/x", content=b"x", headers=headers)  # pyright: ignore
    assert answer.status_code == 413


def test_a_file_whose_length_is_not_told_counts_as_the_largest(client: TestClient, held: dict[str, Any]) -> None:
    pieces: Callable[[], Iterator[bytes]] = lambda: iter([b"x", b"y"])  # noqa: E731
    assert client.put("/_stcore/upload_file/one/x", content=pieces()).text == "2"
    held["one"] = {"a": file(2 * MEGABYTE)}
    assert client.put("/_stcore/upload_file/one/x", content=pieces()).status_code == 413


@pytest.mark.parametrize("method", ["GET", "DELETE", "OPTIONS"])
def test_other_requests_are_handed_on(client: TestClient, method: str) -> None:
    assert client.request(method, "/_stcore/upload_file/another/x").status_code == 200
    assert client.put("/elsewhere").status_code == 200


def test_another_streamlit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    check_what_is_counted()
    with monkeypatch.context() as patch:
        patch.setattr(module, "_PATH", "/another/")
        with pytest.raises(NotAsExpectedError, match="not uploaded to /another/"):
            check_what_is_counted()
    target = "streamlit.runtime.memory_uploaded_file_manager.MemoryUploadedFileManager"
    monkeypatch.setattr(target, lambda _: SimpleNamespace())
    with pytest.raises(NotAsExpectedError, match="file_storage"):
        check_what_is_counted()


# The real server


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedServer]:
    soon = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}
    with (
        prepared_with_sign_in(tmp_path_factory.mktemp("signed"), SMALL, **soon) as prepared,
        prepared.served() as server,
    ):
        yield server


def signed_in(server: SignedServer, email: str) -> dict[str, str]:
    """Sign somebody in at the provider; return the cookies of the browser."""
    browser = Browser(server.url)
    browser.sign_in(email)
    return browser.cookies()


def rss_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1000


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_visitor_who_is_not_signed_in_uploads_nothing(
    signed: SignedServer, record_property: Callable[[str, object], None]
) -> None:
    with Visitor(signed.url) as visitor:
        visitor.look("submit")
        before = rss_mb(signed.server.pid)
        for number in range(30):
            assert visitor.upload(9_900_000, str(number)).status_code == 403
        assert rss_mb(signed.server.pid) < before + 30
    record_property("tried", 30)


@pytest.mark.parametrize("email", ["viewer@example.test", "nobody@example.test"])
@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_who_is_signed_in_and_may_not_submit_uploads_nothing(signed: SignedServer, email: str) -> None:
    with Visitor(signed.url, signed_in(signed, email)) as visitor:
        visitor.look("submit")
        assert visitor.upload(1000).status_code == 403


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_an_officer_uploads_so_much_and_it_is_freed_with_the_tab(signed: SignedServer) -> None:
    officer = signed_in(signed, "admin@block.test")
    with Visitor(signed.url, officer) as visitor, Visitor(signed.url) as stranger:
        stranger.look()
        visitor.look()
        assert visitor.upload(1000).status_code == 403  # no page has shown a place for files yet
        visitor.look("submit", "lang=vi")
        assert stranger.upload(1000).status_code == 403
        sent = [visitor.upload(9_900_000, str(number)) for number in range(10)]
        assert [answer.status_code for answer in sent] == [204] * 8 + [413] * 2
        assert "MB" in sent[-1].text and "Hãy bỏ bớt tệp" in sent[-1].text
        visitor.delete("0")
        assert visitor.upload(9_900_000, "again").status_code == 204
        full = rss_mb(signed.server.pid)
    end = time.monotonic() + PATIENCE_S
    while rss_mb(signed.server.pid) > full - 60:
        assert time.monotonic() < end, "the files of a closed tab are still there"
        time.sleep(0.2)
