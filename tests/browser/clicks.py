"""A reader whose clicks are counted."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser.conftest import settle


class Clicks:
    """Clicks and keys of one reader on one page; a key counts where it chooses something.

    Attributes:
        count: How many there were.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, place: Locator) -> None:
        self.count += 1
        place.click()

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list of the page: a click opens it, a click takes. A long one holds what its letters find."""
        self.click(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(option)
        self.click(self.page.get_by_role("option", name=option, exact=True))
        settle(self.page)

    def go(self, name: str) -> None:
        """Open a page from the menu."""
        self.click(self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True))
        settle(self.page)

    def take(self, place: Locator) -> bytes:
        """Click on what gives a file, once the page has come to rest, and return the file."""
        settle(self.page)
        with self.page.expect_download() as download:
            self.click(place)
        return download.value.path().read_bytes()
