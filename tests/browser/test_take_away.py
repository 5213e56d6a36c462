"""Charts taken away: pictures that say what they show and what is made up, made quickly; the link to a view."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Server, Visits, settle
from wardstats.core.languages import translator

ONE_SECOND = 1.0


def take(page: Page, key: str, kind: str) -> tuple[str, bytes, float]:
    """Click on one of the buttons below a chart; return the file's name, its bytes and the seconds it took."""
    button = page.locator(f'.ws-take[data-of="{key}"] [data-take={kind}]')
    button.scroll_into_view_if_needed()
    started = time.monotonic()
    with page.expect_download() as download:
        button.click()
    took = time.monotonic() - started
    return download.value.suggested_filename, Path(download.value.path()).read_bytes(), took


def svg_text(content: bytes) -> str:
    return " ".join("".join(ElementTree.fromstring(content).itertext()).split())


def is_blank(picture: Image.Image) -> bool:
    """Tell whether a part of a picture has one colour only."""
    return len(set(picture.convert("RGB").resize((64, 64)).get_flattened_data())) < 3


@pytest.mark.parametrize(("language", "scheme"), [("vi", "light"), ("hi", "dark")])
def test_a_picture_of_the_ranking_says_what_it_shows(
    page_at: Visits, server: Server, language: str, scheme: str
) -> None:
    page = page_at(1920, 1080, language)
    if scheme == "dark":
        page.emulate_media(color_scheme="dark")
        page.reload()
        settle(page)
    speak = translator(language)
    name, content, took = take(page, "ranking_bars", "png")
    assert name == "wardstats_ranking_bars_2026-10.png"
    took = min(took, *(take(page, "ranking_bars", "png")[2] for _ in range(2)))  # others may be busy on this machine
    assert took < ONE_SECOND, f"a picture took {took:.2f} s"
    picture = Image.open(io.BytesIO(content))
    assert picture.width == 1920
    assert not is_blank(picture.crop((0, picture.height // 2, picture.width, picture.height)))
    name, content, _ = take(page, "ranking_bars", "svg")
    assert name.endswith(".svg")
    text = svg_text(content)
    answer = page.request.get(f"{server.url}/api/v1/ranking?lang={language}&period=2026-10").json()
    for row in answer["rows"]:
        assert row["unit_name"] in text
        assert speak.number(row["score"]) in text
    assert speak("Demonstration figures.").upper() in text.upper()
    assert speak("sample criteria") in text
    assert speak("Sources:") in text
    headline = page.locator(".ws-head h1").inner_text()
    assert re.sub(r"\s", "", headline) in re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/", ["small_map"]),
        ("/ward?unit=03006", ["indicator_lines"]),
        ("/explore?tab=heatmap", ["heat_table"]),
    ],
)
def test_other_charts_are_taken_away_too(page_at: Visits, path: str, keys: list[str]) -> None:
    page = page_at(1366, 768, "vi", path)
    for key in keys:
        _, content, _ = take(page, key, "png")
        picture = Image.open(io.BytesIO(content))
        assert picture.width == 1920
        assert not is_blank(picture.crop((0, picture.height // 2, picture.width, picture.height)))
        assert "minh họa" in svg_text(take(page, key, "svg")[1]).lower()


def test_the_link_of_a_view_is_copied(page_at: Visits) -> None:
    page = page_at(1366, 768, "en", "/", period="2026-09")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button = page.locator('.ws-take[data-of="ranking_bars"] [data-take=link]')
    button.click()
    page.wait_for_function("button => button.textContent === 'Link copied'", arg=button.element_handle())
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert "period=2026-09" in page.url


def test_a_picture_that_cannot_be_made_is_told_where_it_was_asked_for(page_at: Visits) -> None:
    page = page_at(1366, 768, "en", "/")
    page.evaluate("() => { HTMLCanvasElement.prototype.toBlob = () => { throw new Error('no memory'); }; }")
    button = page.locator('.ws-take[data-of="ranking_bars"] [data-take=png]')
    button.click()
    page.wait_for_function("button => button.textContent === 'That did not work'", arg=button.element_handle())
    page.wait_for_function("button => button.textContent === 'PNG'", arg=button.element_handle())
