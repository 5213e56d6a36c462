"""The dark appearance, open tables and the pages beside Streamlit: axe-core finds nothing serious.

Every page in the light appearance is looked at in test_walk.py, which is there anyhow. In the dark only what the
appearance can change is looked at: contrast, and links that are told from text by their colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import grave_findings
from tests.browser.conftest import LOCALES, Server, settle, wait_until_still
from tests.browser.test_walk import PAGES

RULES = {"light": (), "dark": ("color-contrast", "link-in-text-block")}  # none named: all
Find = Callable[[Page], list[str]]


@pytest.fixture(scope="module", params=RULES)
def appearance(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, Find]]:
    """One window for all pages in the light or in the dark appearance, and what looks for faults in it."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 900},
        locale=LOCALES["vi"],
        color_scheme=request.param,
        reduced_motion="reduce",
    )
    yield context.new_page(), lambda page: grave_findings(page, *RULES[request.param])
    context.close()


def visit(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}{path}{'&' if '?' in path else '?'}lang=vi")
    settle(page)


@pytest.mark.parametrize("appearance", ["dark"], indirect=True)
@pytest.mark.parametrize("name", PAGES)
def test_the_dark_has_contrast(appearance: tuple[Page, Find], server: Server, name: str) -> None:
    page, faults = appearance
    visit(page, server, PAGES[name])
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert not (found := faults(page)), "\n".join(found)


def test_axe_finds_nothing_serious_in_open_tables(appearance: tuple[Page, Find], server: Server) -> None:
    page, faults = appearance
    for name in ("ward", "compare", "reliability"):
        visit(page, server, PAGES[name])
        behind = page.locator("[data-testid=stExpander] summary")
        for number in range(behind.count()):
            behind.nth(number).click()
        page.wait_for_selector("[data-testid=stDataFrame]")
        settle(page)
        assert not (found := faults(page)), f"{name}:\n" + "\n".join(found)


@pytest.mark.parametrize("path", ["/live", "/conference"])
def test_axe_finds_nothing_serious_beside_streamlit(appearance: tuple[Page, Find], server: Server, path: str) -> None:
    page, faults = appearance
    page.goto(f"{server.url}{path}?lang=vi")
    page.wait_for_selector("h1, h2")
    page.wait_for_function(  # the first event of the stream fills it
        "() => document.querySelector('[data-line=live]') || document.querySelector('#clock')?.textContent"
    )
    wait_until_still(page)
    assert not (found := faults(page)), "\n".join(found)
