"""Pages as a browser prints them: whole charts on A4 in both directions, whatever the window, and no side bar."""

from __future__ import annotations

import re
import unicodedata

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server, Visits
from wardstats.core.languages import translator

# Charts that do not fit the paper, and what is clicked and would stand on it.
_TOO_WIDE = """() => {
  const wide = [...document.querySelectorAll('.svg-container, .main-svg, .ws-dots, .ws-heat table')]
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .map((part) => part.className.baseVal ?? part.className);
  const clicked = [...document.querySelectorAll(
    '[data-testid=stSidebar], [data-testid=stHeader], .ws-take, .stDownloadButton')]
    .filter((part) => part.getClientRects().length).map((part) => part.dataset.testid || part.className);
  return [...wide, ...clicked];
}"""


def squeezed(text: str) -> str:
    """A text without spaces: where a chart is scaled, readers of PDF guess spaces from gaps, and miss some."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def pages_of(page: Page, landscape: bool) -> list[str]:
    document = pypdfium2.PdfDocument(page.pdf(format="A4", landscape=landscape))
    return [squeezed(sheet.get_textpage().get_text_bounded()) for sheet in document]


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (390, 844)])
def test_every_total_of_the_ranking_is_on_one_sheet(page_at: Visits, server: Server, width: int, height: int) -> None:
    page = page_at(width, height, "vi")
    rows = page.request.get(f"{server.url}/api/v1/ranking?lang=vi").json()["rows"]
    for landscape in (False, True):
        sheets = pages_of(page, landscape)
        totals = [translator("vi").number(row["score"]) for row in rows]
        assert any(all(total in sheet for total in totals) for sheet in sheets), sheets
        assert any(all(squeezed(row["unit_name"]) in sheet for row in rows) for sheet in sheets)
        assert len(sheets) <= 6
        assert squeezed("Phương pháp và nguồn") not in " ".join(sheets)  # of the menu


@pytest.mark.parametrize("path", ["/map", "/reliability", "/contract"])
def test_charts_fit_the_paper(page_at: Visits, path: str) -> None:
    page = page_at(1920, 1080, "vi", path)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1047})  # A4 upright within its margins
    assert page.evaluate(_TOO_WIDE) == []
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".ws-on-paper").count() == 0
