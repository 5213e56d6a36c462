"""The first screen in three languages, on a projector and on a phone, without any network."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ARTEFACTS, Server, Visits

SIZES = {"projector": (1920, 1080), "phone": (390, 844)}
PAGES = {"ranking": "/", "map": "/map"}


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_first_screens_are_drawn(page_at: Visits, server: Server, name: str, size: str, language: str) -> None:
    page = page_at(*SIZES[size], language, PAGES[name])
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}-{size}-{language}.png")

    page_at.assert_clean()
    assert "Traceback" not in server.log
    assert page.locator("[data-testid=stPlotlyChart] .main-svg").count() > 0
    width, window = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"the page is {width - window} px wider than the window"


def test_the_browser_cannot_leave_this_machine(browser, server: Server) -> None:
    """The tests above would pass on a machine without internet: the browser has none."""
    page = browser.new_page()
    failure = []
    page.on("requestfailed", lambda request: failure.append(request.failure))
    page.goto(server.url)
    assert page.evaluate("fetch('http://example.com/').then(() => 'reached', () => 'refused')") == "refused"
    assert "net::ERR_NAME_NOT_RESOLVED" in failure
    page.close()
