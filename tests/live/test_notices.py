"""The web feed and the way out of e-mail: for who has the address, as long as there is a right to it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.mail_server import block_with_people, give_roles, owe
from wardstats.core.durable_files import StorageError
from wardstats.core.settings import Settings
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.recipients import person_key
from wardstats.intake.workspace import Workspace
from wardstats.live.application import Live
from wardstats.live.notices import FEED, UNSUBSCRIBE, routes

OFFICER, OTHER = "officer@one.test", "officer@two.test"
KEY = person_key(OFFICER)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = block_with_people(tmp_path, [(OFFICER, "ward_officer", "w01"), (OTHER, "ward_officer", "w02")])
    owe(found, 2)
    owe(found, 1, kind="accepted")
    return found


@pytest.fixture
def client(workspace: Workspace) -> TestClient:
    return TestClient(Starlette(routes=routes(workspace)))


def choose(workspace: Workspace, choices: Choices) -> None:
    Desk(workspace).change(KEY, lambda _: choices)


def token(workspace: Workspace, purpose: str, number: int = 0) -> dict[str, str]:
    return {"token": Desk(workspace).links.token(purpose, KEY, number)}  # pyright: ignore[reportArgumentType]


def test_a_feed_tells_a_persons_chosen_notices_in_their_language(workspace: Workspace, client: TestClient) -> None:
    choose(workspace, Choices("en", kinds=("returned",), feed=3))
    answer = client.get(FEED, params=token(workspace, "feed", 3), headers={"accept-language": "hi"})
    assert (answer.status_code, answer.headers["content-language"]) == (200, "en")
    assert "private" in answer.headers["cache-control"]
    feed = ElementTree.fromstring(answer.text)
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", "", ATOM) for entry in entries] == [
        "Bắc Sơn ward: the submission for October 2026 was returned"
    ] * 2
    assert "Dòng 1: xem lại" in entries[0].findtext("a:content", "", ATOM) + entries[1].findtext("a:content", "", ATOM)
    ids = [item.text or "" for item in feed.iter(f"{{{ATOM['a']}}}id")]
    assert len(set(ids)) == 3 and all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", text) for text in ids)


def test_a_feed_ends_with_its_address_its_choice_and_its_right(workspace: Workspace, client: TestClient) -> None:
    choose(workspace, Choices("vi", feed=2))
    address = token(workspace, "feed", 2)
    assert client.get(FEED, params=address).status_code == 200
    assert client.get(FEED, params=token(workspace, "feed", 1)).status_code == 404
    choose(workspace, Choices("vi", feed=0))
    assert client.get(FEED, params=address).status_code == 404
    choose(workspace, Choices("vi", feed=2))
    give_roles(workspace, [(OFFICER, "ward_officer", "w03")])  # of another ward from now on
    assert "<entry" not in client.get(FEED, params=address).text
    give_roles(workspace, [(OTHER, "ward_officer", "w01")])
    assert client.get(FEED, params=address).status_code == 404


@pytest.mark.parametrize("path", [FEED, UNSUBSCRIBE])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_other_address_opens_anything(workspace: Workspace, client: TestClient, path: str, method: str) -> None:
    choose(workspace, Choices("vi", feed=1))
    whole = token(workspace, "feed", 1)["token"]
    other = token(workspace, "unsubscribe" if path == FEED else "feed", 1)["token"]
    bad = ["", "x", "..", f"{KEY}.1.", whole[:-1], whole + "0", whole.replace(".1.", ".2."), other,
           "../../key.1." + "0" * 64, f"{KEY}.٣.{'0' * 64}", f"{KEY}.{'9' * 500}.x", "\x00", "ù"]  # fmt: skip
    for text in bad:
        if text == whole:
            continue
        answer = client.request(method, path, params={"token": text})
        assert answer.status_code == (405 if (path, method) == (FEED, "POST") else 404), text
    assert Desk(workspace).choices(KEY).mail == "at_once"


def test_the_way_out_asks_and_one_click_ends_it(workspace: Workspace, client: TestClient) -> None:
    choose(workspace, Choices("hi", feed=4))
    address = token(workspace, "unsubscribe")
    asked = client.get(UNSUBSCRIBE, params=address)
    assert (asked.status_code, asked.headers["content-language"]) == (200, "hi")
    assert '<form method="post">' in asked.text and "form-action 'self'" in asked.headers["content-security-policy"]
    assert Desk(workspace).choices(KEY).mail == "at_once"  # looking at it changes nothing
    for _ in range(2):  # as mail programs post it (RFC 8058)
        done = client.post(UNSUBSCRIBE, params=address, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200 and "<form" not in done.text
        assert Desk(workspace).choices(KEY) == replace(Choices("hi", feed=4), mail="off")
    assert "<form" not in client.get(UNSUBSCRIBE, params=address).text


def test_where_nothing_can_be_written_it_is_said(
    workspace: Workspace, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("read_only", workspace.places.var)

    monkeypatch.setattr(Desk, "change", refuse)
    answer = client.post(UNSUBSCRIBE, params=token(workspace, "unsubscribe"))
    assert answer.status_code == 503
    assert str(workspace.places.var) not in answer.text


def test_the_server_serves_both(tmp_path: Path) -> None:
    paths = {getattr(route, "path", "") for route in Live(Settings(tmp_path, tmp_path, None)).routes()}
    assert {FEED, UNSUBSCRIBE} <= paths
