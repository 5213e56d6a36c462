"""The first screen as somebody sees it who comes for the first time, without any network."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ARTEFACTS, Server, Visits

SIZES = {"projector": (1920, 1080), "phone": (390, 844)}
PAGES = {"ranking": "/", "map": "/map"}


# Every page in each language and size is in test_walk.py; here nothing is in the browser's cache.
@pytest.mark.parametrize(
    ("name", "size", "language"),
    [("ranking", "projector", "vi"), ("ranking", "phone", "en"), ("map", "projector", "hi"), ("map", "phone", "vi")],
)
def test_first_screens_are_drawn(page_at: Visits, server: Server, name: str, size: str, language: str) -> None:
    page_at.free = {}
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
