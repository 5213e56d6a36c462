"""The QR code of the projector: where it leads, who may decide that, and when it is red."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.asynchronous import run
from tests.ports import free_port
from tests.small_block import SMALL, build_and_publish
from wardstats.core.languages import translator
from wardstats.core.palette import LIVE
from wardstats.core.settings import settings
from wardstats.live.application import Live
from wardstats.live.phone_code import SETTING, PhoneAddress, PhoneCodes, phone_address, qr_svg, remedy

OWN = "wardstats.live.phone_code._address_in_network"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)


@pytest.fixture
def listening() -> Iterator[int]:
    """A port of this machine where something takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def request_to(host: str) -> Request:
    return Request(
        {"type": "http", "scheme": "http", "path": "/conference", "query_string": b"", "server": ("127.0.0.1", 8501),
         "headers": [(b"host", host.encode())]}
    )  # fmt: skip


def works(address: PhoneAddress) -> bool:
    return run(PhoneCodes().works(address))


def test_the_code_leads_phones_to_an_address_they_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OWN, lambda: "10.0.0.7")
    assert phone_address(request_to("localhost:8501")).url == "http://10.0.0.7:8501/live"
    monkeypatch.setattr(OWN, lambda: None)
    assert phone_address(request_to("127.0.0.1:8501")).url == "http://127.0.0.1:8501/live"
    assert phone_address(request_to("192.168.1.20:8501")).url == "http://192.168.1.20:8501/live"
    assert phone_address(request_to("[fd00::7]:8501")).url == "http://[fd00::7]:8501/live"
    own = socket.gethostname()
    assert phone_address(request_to(f"{own}:8501")).url == f"http://{own}:8501/live"
    monkeypatch.setenv(SETTING, "https://board.example.vn/")
    assert phone_address(request_to("localhost:8501")).shown == "board.example.vn/live"


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "8.8.8.8", "localhost.evil.example", "a" * 3000, "[2001:4860::1]"]
)
def test_the_code_never_leads_to_a_name_that_somebody_else_gave(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(OWN, lambda: "10.0.0.7")
    assert phone_address(request_to(host)).url == "http://10.0.0.7:8501/live"


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize("host", ["10.0.0.1:22", "192.168.1.20:8501", "localhost:22", "127.0.0.1:5432", "[fd00::7]:22"])
def test_nobody_can_have_the_server_knock_at_a_door_of_their_choice(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setattr(OWN, lambda: "10.0.0.7")
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was tried"))
    assert works(phone_address(request_to(host)))


@pytest.mark.parametrize(
    "url", ["http://localhost:8501/live", "http://127.0.0.1/live", "http://[::1]:8501/live", "http://0.0.0.0:8501/live",
            "http://board.localhost/live", "http://10.0.0.7:port/live", "board.example.vn/live"],
)  # fmt: skip
def test_an_address_of_the_machine_itself_is_none_for_phones(url: str) -> None:
    assert not works(PhoneAddress(url, is_set=True, is_to_try=True))


def test_an_address_works_where_something_takes_connections(monkeypatch: pytest.MonkeyPatch, listening: int) -> None:
    monkeypatch.setattr("wardstats.live.phone_code._is_loopback", lambda _: False)  # stands for an address in the hall
    answered = PhoneAddress(f"http://127.0.0.1:{listening}/live", is_set=True, is_to_try=True)
    assert works(answered)
    assert not works(PhoneAddress(f"http://127.0.0.1:{free_port()}/live", is_set=True, is_to_try=True))
    codes = PhoneCodes()
    assert run(codes.works(answered))
    monkeypatch.setattr("wardstats.live.phone_code._answers", lambda *_: pytest.fail("it was tried again at once"))
    assert run(codes.works(answered))


def test_the_remedy_names_what_is_to_be_set() -> None:
    for language in ("vi", "en", "hi"):
        own, other = (remedy(PhoneAddress("", is_set, True), translator(language)) for is_set in (False, True))
        assert SETTING in own and "HOST=0.0.0.0" in own
        assert SETTING in other and "HOST" not in other


def test_the_projector_shows_a_red_code_and_the_remedy(tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path)
    with TestClient(Starlette(routes=Live(settings(SMALL, tmp_path)).routes())) as client:
        asked = client.get("/conference?lang=en", headers={"host": "10.0.0.7:8501"}).text
        assert '<div class="qr">' in asked
        assert "Follow on your phone" in asked
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SETTING, "http://localhost:8501")
            bad = client.get("/conference?lang=en").text
    assert '<div class="qr bad">' in bad
    assert "Nothing answers at this address: correct WARDSTATS_PUBLIC_URL" in bad
    assert "localhost:8501/live" in bad
    assert str(qr_svg("http://localhost:8501/live", works=False)) in bad
    assert LIVE["fall"] in qr_svg("x", works=False)
    assert LIVE["fall"] not in qr_svg("x")
