"""Hindi is readable on a machine that has no Devanagari font of its own: its words are drawn with ours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visits, wait_until_still

# Marks the elements whose text is Devanagari and spaces, and waits for the fonts that they ask for.
_MARK = r"""async () => {
  await document.fonts.ready;
  const isDevanagari = (text) => /[\u0900-\u097f]/.test(text) && /^[\u0900-\u097f\s]+$/.test(text);
  const words = [...document.querySelectorAll("body *")].filter((element) =>
    !element.children.length && element.checkVisibility() && isDevanagari(element.textContent));
  words.forEach((element) => { element.dataset.word = ""; });
  return words.map((element) => element.textContent.trim());
}"""


def drawn_otherwise(page: Page) -> dict[str, int]:
    """Return for each Devanagari text how many of its letters are drawn with another font than ours."""
    texts = page.evaluate(_MARK)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-word]"})["nodeIds"]
    found = {}
    for text, node in zip(texts, nodes, strict=True):
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        others = sum(font["glyphCount"] for font in fonts if not font["isCustomFont"])
        found[text] = max(0, int(others) - len(re.findall(r"\s", text)))  # a space may come from the Latin font
    return found


@pytest.mark.parametrize(
    ("path", "language", "least"),
    [
        ("/live", "hi", 3),
        ("/live", "vi", 1),
        ("/conference", "hi", 3),
        ("/", "hi", 10),
        ("/", "en", 1),
        ("/map", "hi", 10),
    ],
)
def test_every_word_is_drawn_with_our_font(page_at: Visits, path: str, language: str, least: int) -> None:
    if path in {"/live", "/conference"}:
        page = page_at.browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.goto(f"{page_at.base}{path}?lang={language}")
        wait_until_still(page)
    else:
        page = page_at(1366, 768, language, path)
    found = drawn_otherwise(page)
    assert len(found) >= least
    assert {text: letters for text, letters in found.items() if letters} == {}
