"""Ways to the boards in the windows people have: phone, laptop, 200 %, keyboard, high contrast, dark, and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits, settle, wait_until_still

TITLE = "[data-testid=stMain] h1"
MENU = "[data-testid=stSidebar]"
_BOTTOMS = """() => [...document.querySelectorAll(".st-key-ranking_bars .annotation-text")]
  .map((text) => text.getBoundingClientRect().bottom).sort((one, other) => one - other)"""
_IS_DARK = """() => {
  const shown = getComputedStyle(document.querySelector("[data-testid=stApp]"));
  const light = (color) => color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
  return light(shown.backgroundColor) < light(shown.color);
}"""
_GROUNDS = """(of) => [...document.querySelectorAll(of)].map((element) => getComputedStyle(element).backgroundColor)"""


def open_menu(page: Page) -> None:
    page.wait_for_timeout(500)  # nobody opens it while it still closes: page.js closes it a tenth of a second after
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.locator(f"{MENU}[data-collapsed=false]")).to_have_count(1)


def test_the_menu_of_a_phone_closes_once_a_page_is_chosen(page_at: Visits) -> None:
    page = page_at(390, 844, "vi")
    for name, path in (("Bản đồ", "map"), ("Trợ giúp", "help")):
        open_menu(page)
        page.locator(MENU).get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{path}?**")
        expect(page.locator(f"{MENU}[data-collapsed=true]")).to_have_count(1)
    settle(page)
    page.set_viewport_size({"width": 1366, "height": 768})  # where the menu stands beside the page it stays
    wait_until_still(page)
    if page.locator(f"{MENU}[data-collapsed=true]").count():
        open_menu(page)
    page.locator(MENU).get_by_role("link", name="Bản đồ", exact=True).click()
    page.wait_for_url("**/map?**")
    wait_until_still(page)
    assert page.locator(f"{MENU}[data-collapsed=false]").count() == 1


# first: the first ward's name and score end by this line; last: the last one's.
@pytest.mark.parametrize(("size", "first", "last"), [((1366, 768), 768, 768), ((390, 844), 844, 2 * 844)])
@pytest.mark.parametrize("language", ["vi", "hi"])
def test_wards_stand_on_the_first_screen(
    page_at: Visits, size: tuple[int, int], first: int, last: int, language: str
) -> None:
    page = page_at(*size, language)
    wait_until_still(page)
    bottoms = page.evaluate(_BOTTOMS)
    assert len(bottoms) >= 4 * 10  # rank, name, change and score of ten wards
    assert bottoms[3] <= first, f"the first ward ends at {bottoms[3]:.0f}"
    assert bottoms[-1] <= last, f"the last ward ends at {bottoms[-1]:.0f}"


@pytest.mark.parametrize("path", ["/", "/contract", "/explore"])
def test_at_200_percent_nothing_lies_under_the_header(page_at: Visits, path: str) -> None:
    page = page_at(683, 384, "vi", path)  # 1366 x 768 at 200 %
    line = page.locator(".ws-head p").bounding_box()
    button = page.get_by_test_id("stExpandSidebarButton").bounding_box()
    assert line is not None and button is not None
    assert line["y"] >= button["y"] + button["height"], "the line of context lies under the button of the menu"
    width, window = page.evaluate("[document.scrollingElement.scrollWidth, window.innerWidth]")
    assert width <= window


def test_what_the_keyboard_is_on_has_an_outline(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi")
    seen = set()
    for _ in range(30):  # the menu, the choices at the side, and the first of the page
        page.keyboard.press("Tab")
        found = page.evaluate("""() => {
          const on = document.activeElement, box = on.closest("label") ?? on;
          const outline = (element) => {
            const style = getComputedStyle(element);
            return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
          };
          return [on.tagName + " " + (on.innerText || on.ariaLabel || "").slice(0, 30), outline(on), outline(box)];
        }""")
        seen.add(found[0])
        if not found[0].startswith(("INPUT ", "SECTION ", "BODY ")):  # fields show it by their border
            assert max(found[1:]) >= 2, f"{found[0]} has no outline"
    assert len(seen) > 12


def test_forced_colours_keep_what_colours_say(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi")
    plain = page.evaluate(_GROUNDS, ".ws-legend i")
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(_GROUNDS, ".ws-legend i") == plain
    assert len(set(plain)) >= 5
    assert page.locator(".st-key-ranking_bars .barlayer .point path").count() > 0
    page.goto(f"{page_at.base}/map?lang=vi")
    settle(page)
    assert len(set(page.evaluate(_GROUNDS, ".ws-scale i"))) >= 4
    page.goto(f"{page_at.base}/explore?tab=heatmap&lang=vi")
    settle(page)
    assert len(set(page.evaluate(_GROUNDS, ".ws-heat td[class*=ws-h]"))) >= 4


def test_the_dark_appearance_is_kept_on_every_page_until_it_is_chosen_otherwise(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi")
    assert not page.evaluate(_IS_DARK)
    page.get_by_role("button", name="tối", exact=True).click()
    page.wait_for_function(_IS_DARK)
    settle(page)
    expect(page.get_by_role("button", name="tối", exact=True)).to_have_attribute("aria-pressed", "true")
    page.goto(f"{page_at.base}/method?lang=vi")
    page.wait_for_function(_IS_DARK)
    settle(page)
    page.get_by_role("button", name="theo thiết bị", exact=True).click()
    page.wait_for_function(f"() => !({_IS_DARK})()")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_the_contents_of_a_ward_lead_to_its_parts(page_at: Visits, size: tuple[int, int]) -> None:
    page = page_at(*size, "vi", "/ward", unit="03006")
    links = page.locator(".ws-contents a")
    hrefs = [link.get_attribute("href") or "" for link in links.all()]
    assert len(hrefs) >= 7
    for href in hrefs:
        expect(page.locator(f"[data-testid=stMain] h3[id={href[1:]}]")).to_have_count(1)
    links.last.click()
    expect(page.locator(f"[data-testid=stMain] h3[id={hrefs[-1][1:]}]")).to_be_in_viewport()
    assert "unit=03006" in page.url


def test_the_foot_leads_to_what_is_no_page(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi", "/submit")  # which ends early without a sign-in
    links = page.locator(".ws-foot a")
    expect(links.first).to_be_visible()
    hrefs = [link.get_attribute("href") or "" for link in links.all()]
    assert {href.partition("?")[0] for href in hrefs} >= {
        "help", "/live", "/conference", "/api/v1", "/api/v1/activities.ics", "/api/v1/ranking",
    }  # fmt: skip
    links.filter(has_text="Trợ giúp").click()
    page.wait_for_url("**/help?**")
    expect(page.locator(TITLE)).to_contain_text("Trợ giúp")
