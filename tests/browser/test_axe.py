"""Every page for those who use a keyboard or a screen reader: axe-core finds nothing serious, Tab reaches everything.

axe-core comes with the package axe-playwright-python, so nothing is fetched. No finding is excused: there is no list of
exceptions to keep.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import LOCALES, Server, settle
from tests.browser.test_walk import PAGES

GRAVE = {"serious", "critical"}
_MOST_TABS = 250
_LEAST_ALT = 25  # letters: a message, not a title

# What can be operated and is visible. One radio of a group is reached by Tab, the others by the arrow keys.
_CONTROLS = """() => [...document.querySelectorAll(
    "a[href], button, input, textarea, summary, [tabindex='0']")].filter((element) =>
      element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !element.disabled
      && element.tabIndex >= 0 && !element.closest("[inert], [aria-hidden=true]")
      && element.getBoundingClientRect().width > 0 && element.getBoundingClientRect().right > 0)
"""
_MARK = f"""() => {{
  const controls = ({_CONTROLS})();
  controls.forEach((element, number) => element.dataset.reach = number);
  return controls.map((element) => (element.getAttribute("aria-label") || element.innerText || element.outerHTML)
    .trim().slice(0, 60) + (element.getAttribute("role") === "radio" || element.type === "radio" ? "|radio" : ""));
}}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """One window for all pages, in the light and in the dark appearance."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 900},
        locale=LOCALES["vi"],
        color_scheme=request.param,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def visit(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.url}{path}{'&' if '?' in path else '?'}lang=vi")
    settle(page)


def grave_findings(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, each with the element."""
    answer: dict[str, Any] = Axe().run(page).response
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
        for rule in answer["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(reader: Page, server: Server, name: str) -> None:
    visit(reader, server, PAGES[name])
    assert not (found := grave_findings(reader)), "\n".join(found)


def test_axe_finds_nothing_serious_in_open_tables(reader: Page, server: Server) -> None:
    for name in ("ward", "compare", "reliability"):
        visit(reader, server, PAGES[name])
        behind = reader.locator("[data-testid=stExpander] summary")
        for number in range(behind.count()):
            behind.nth(number).click()
        reader.wait_for_selector("[data-testid=stDataFrame]")
        settle(reader)
        assert not (found := grave_findings(reader)), f"{name}:\n" + "\n".join(found)


@pytest.mark.parametrize("path", ["/live", "/conference"])
def test_axe_finds_nothing_serious_beside_streamlit(reader: Page, server: Server, path: str) -> None:
    reader.goto(f"{server.url}{path}?lang=vi")
    reader.wait_for_selector("h1, h2")
    reader.wait_for_timeout(1500)  # the first event of the stream fills it
    assert not (found := grave_findings(reader)), "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_charts_say_their_message_and_have_a_table(reader: Page, server: Server, name: str) -> None:
    visit(reader, server, PAGES[name])
    alts = reader.evaluate("""() => [...document.querySelectorAll("[data-testid=stPlotlyChart], figure")].map(chart => {
        const told = chart.matches("[aria-label]") ? chart : chart.querySelector("[role=img][aria-label], [alt]");
        return told ? told.getAttribute("aria-label") || told.getAttribute("alt") || "" : "";
    })""")
    assert all(len(alt) >= _LEAST_ALT for alt in alts), alts
    if alts:
        tables = reader.locator("[data-testid=stDataFrame], .ws-heat table")
        expanders = reader.locator("[data-testid=stExpander] summary", has_text="dạng bảng")
        assert tables.count() + expanders.count() > 0


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_every_control(reader: Page, server: Server, name: str) -> None:
    visit(reader, server, PAGES[name])
    controls = reader.evaluate(_MARK)
    reached = set()
    for _ in range(_MOST_TABS):
        reader.keyboard.press("Tab")
        number = reader.evaluate("document.activeElement.dataset.reach ?? null")
        if number is None and reached and reader.evaluate("document.activeElement === document.body"):
            break
        reached.add(number)
    left = [
        label for number, label in enumerate(controls) if str(number) not in reached and not label.endswith("|radio")
    ]
    assert not left, f"{len(reached)} of {len(controls)} reached; not: {left}"
