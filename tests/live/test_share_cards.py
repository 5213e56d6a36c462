"""The card of a shared link says what the board says, of what it is about, and what of it is made up."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import settings
from wardstats.live.application import Live
from wardstats.live.share_cards import board_card, page_card, theme_of


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    var = tmp_path_factory.mktemp("shared")
    build_and_publish(SMALL, var)
    return Live(settings(SMALL, var))


@pytest.fixture(scope="module")
def client(live: Live) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=live.routes())) as client:
        yield client


def board_of(live: Live, language: str = "en") -> dict:
    return live.board(live.reader.publication(), language)


def card_of(page: str) -> tuple[str, str]:
    """The title and the text of the card in a page."""
    parts = [re.search(f'property="og:{name}" content="([^"]*)"', page) for name in ("title", "description")]
    title, text = (html.unescape(part[1]) if part else "" for part in parts)
    return title, text


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
@pytest.mark.parametrize("path", ["/live", "/conference"])
def test_phone_and_projector_have_the_card_of_the_board(
    live: Live, client: TestClient, path: str, language: str
) -> None:
    board = board_of(live, language)
    title, text = card_of(client.get(f"{path}?lang={language}").text)
    for part in (board["headline"], board["demonstration"]["word"], board["block_name"]):
        assert part and part in title
    for part in (board["period_text"], board["state_text"], board["demonstration"]["notice"]):
        assert part and part in text


def test_a_theme_has_a_card_of_its_own(live: Live, client: TestClient) -> None:
    board = board_of(live)
    theme = board["themes"][0]
    title, _ = card_of(client.get(f"/live?lang=en&theme={theme['theme_code']}").text)
    assert theme["headline"] in title
    assert theme["headline"] != board["headline"]


def test_the_ranking_has_the_card_of_what_it_shows_and_no_page_that_of_another(live: Live) -> None:
    board = board_of(live)
    theme = board["themes"][0]
    whole, of_theme = board_card(board), board_card(board, theme["theme_code"])
    assert of_theme != whole
    for address, card in {
        "": whole,
        f"period={board['period']}&theme=total": whole,
        f"theme={theme['theme_code']}": of_theme,
        "theme=nothing": None,
        "period=1999-01": None,
        "span=year": None,
        "weights=a:2": None,
    }.items():
        found = page_card(board, "/", QueryParams(address))
        assert board["block_name"] in found.title and board["demonstration"]["word"] in found.title
        if card is None:
            assert board["headline"] not in found.title
        else:
            assert found == card
    assert board["headline"] not in page_card(board, "/ward", QueryParams("")).title
    for path in ("/", "/ward"):
        assert board["period_text"] not in page_card(board, path, QueryParams("period=1999-01")).text
    assert board["period_text"] in page_card(board, "/ward", QueryParams("")).text
    assert theme_of(board, "total") is None


def test_streamlits_pages_have_a_card_in_the_readers_language_while_there_is_a_board(
    live: Live, tmp_path: Path
) -> None:
    scope = {"type": "http", "path": "/", "query_string": b"lang=hi", "headers": []}
    assert live.share_card(scope) == board_card(board_of(live, "hi"))
    asked = scope | {"query_string": b"", "headers": [(b"accept-language", b"en-GB,en;q=0.9")]}
    assert live.share_card(asked) == board_card(board_of(live, "en"))
    assert Live(replace(live.reader.places, var=tmp_path)).share_card(scope) is None
