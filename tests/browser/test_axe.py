"""Open tables and the pages beside Streamlit, light and dark: axe-core finds nothing serious.

Every page as it opens is looked at in test_walk.py, which is there anyhow.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessible import grave_findings
from tests.browser.conftest import LOCALES, Server, settle, wait_until_still
from tests.browser.test_walk import PAGES, faults_in_the_dark


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One window for all pages."""
    size = {"width": 1366, "height": 900}
    context = browser.new_context(viewport=size, locale=LOCALES["vi"], reduced_motion="reduce")
    yield context.new_page()
    context.close()


def find_faults(page: Page) -> str:
    return "\n".join([*grave_findings(page), *faults_in_the_dark(page)])


@pytest.mark.parametrize("name", ["ward", "compare", "reliability"])
def test_axe_finds_nothing_serious_in_open_tables(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}{PAGES[name]}?lang=vi")
    settle(page)
    behind = page.locator("[data-testid=stExpander] summary")
    for number in range(behind.count()):
        behind.nth(number).click()
    page.wait_for_selector("[data-testid=stDataFrame]")
    settle(page)
    assert not (found := find_faults(page)), found


@pytest.mark.parametrize("path", ["/live", "/conference"])
def test_axe_finds_nothing_serious_beside_streamlit(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}{path}?lang=vi")
    page.wait_for_selector("h1, h2")
    page.wait_for_function(  # the first event of the stream fills it
        "() => document.querySelector('[data-line=live]') || document.querySelector('#clock')?.textContent"
    )
    wait_until_still(page)
    assert not (found := find_faults(page)), found
