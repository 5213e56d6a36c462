"""A new figure is drawn once: not unseen at a width nobody knows yet, and once more as it is shown."""

from __future__ import annotations

from tests.browser.conftest import Visits, settle, wait_until_still
from tests.browser.test_navigation import TITLE, choose
from tests.laocai import groups

# How often the outline of each bar is set.
COUNT = """() => {
    window.drawn = new Map();
    const set = Element.prototype.setAttribute;
    Element.prototype.setAttribute = function (name, value) {
        if (name === "d" && this.closest(".barlayer")) window.drawn.set(this, (window.drawn.get(this) ?? 0) + 1);
        return set.call(this, name, value);
    };
}"""
DRAWN = "() => [...window.drawn].filter(([bar]) => bar.isConnected).map(([, times]) => times)"


def test_the_bars_of_another_period_are_drawn_once(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    before = page.locator(TITLE).inner_text()
    page.evaluate(COUNT)
    choose(page, "Period", "January 2026")
    page.wait_for_function(f"before => document.querySelector('{TITLE}').innerText !== before", arg=before)
    settle(page)
    wait_until_still(page, looks=8)  # a second drawing would have come by now
    times = page.evaluate(DRAWN)
    assert len(times) == 10 * (len(groups()) + 1)  # wards; themes, and what is left to the most points
    assert set(times) == {1}
