"""Without any change of Streamlit (WARDSTATS_PLAIN_STREAMLIT=1) every page is there all the same, only slower."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PROJECT, Server, Visits, serve, settle
from tests.browser.test_navigation import TITLE, choose
from wardstats.frontend.changes import GUARDS

PAGES = sorted(path.stem for path in (PROJECT / "pages").glob("*.py"))
# Streamlit's own script looks for its server below the address of a deep link before it tries the root.
LOOKED_FOR = re.compile(r"404.*/\w+/_stcore/(health|host-config)\)$")


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("var"), WARDSTATS_PLAIN_STREAMLIT="1") as running:
        yield running


@pytest.fixture
def plain_visits(browser: Browser, plain_server: Server) -> Iterator[Visits]:
    visits = Visits(browser, plain_server.url)
    yield visits
    for context in visits.contexts:
        context.close()


def test_every_page_opens_and_a_choice_of_the_first_visit_counts(plain_visits: Visits, plain_server: Server) -> None:
    page = plain_visits(1366, 768, "en", "/map")  # the very first visit of this server, by the address of a page
    told = page.request.get(f"{plain_server.url}/healthz").json()["frontend"]
    assert told["applied"] == list(GUARDS)
    assert "BACKEND_BASE_URL" not in page.request.get(plain_server.url).text()
    before = page.locator(TITLE).inner_text()
    choose(page, "Theme", "Social security")
    expect(page.locator(TITLE)).to_contain_text("Social security:")
    assert page.locator(TITLE).inner_text() != before

    links = page.locator("[data-testid=stSidebarNavLink]")
    opened = set()
    for link in links.all():
        before = page.locator(TITLE).inner_text()
        name = urlsplit(link.get_attribute("href") or "").path.strip("/") or "ranking"
        if name != "map":  # where this visit began
            link.click()
            expect(page.locator(TITLE)).not_to_have_text(before)
            settle(page)
        opened.add(name)
    for name in set(PAGES) - opened:  # those that are not offered to everybody
        page.goto(f"{plain_server.url}/{name}?lang=en")
        settle(page)
        assert page.locator(TITLE).inner_text().strip(), name
    assert len(opened) > len(PAGES) / 2
    plain_visits.errors[:] = [error for error in plain_visits.errors if not LOOKED_FOR.search(error)]
    plain_visits.assert_clean()
    assert "Traceback" not in plain_server.log
    assert "as it comes" in plain_server.log
