"""What a reader does with the first pages: share a link, switch language, click on the map, use the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits, settle

TITLE = "[data-testid=stMain] h1"


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_choices_are_in_the_address_and_survive_a_page_change(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    choose(page, "Period", "December 2025")
    page.wait_for_url("**period=2025-12**")
    choose(page, "Theme", "Social security")
    page.wait_for_url("**theme=social_security**")
    page.get_by_role("link", name="Map").click()
    page.wait_for_url("**/map?**")
    expect(page.locator(TITLE)).to_contain_text("Social security:")
    settle(page)
    assert "period=2025-12" in page.url
    assert "theme=social_security" in page.url
    assert "lang=en" in page.url


def test_a_shared_link_shows_the_same(page_at: Visits) -> None:
    first = page_at(1366, 768, "en", period="2026-02", theme="administrative_reform")
    title = first.locator(TITLE).inner_text()
    second = page_at(1366, 768, "en", period="2026-02", theme="administrative_reform")
    assert second.locator(TITLE).inner_text() == title
    assert "February 2026" in second.locator(".ws-head").inner_text()


def test_language_can_be_switched(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi")
    expect(page.locator(TITLE)).to_contain_text("dẫn đầu")
    page.get_by_role("radio", name="हिन्दी").or_(page.get_by_text("हिन्दी", exact=True)).first.click()
    page.wait_for_url("**lang=hi**")
    expect(page.locator(TITLE)).to_contain_text("सबसे आगे")


def test_an_address_without_a_page_is_told_with_the_nearest_one(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi", "/wards")
    expect(page.locator(TITLE)).to_have_text("Không có trang “wards”")
    expect(page.get_by_text("Page not found")).to_have_count(0)
    page.get_by_test_id("stMain").get_by_role("link", name="Chi tiết từng đơn vị").click()
    page.wait_for_url("**/ward?**")
    expect(page.locator(TITLE)).to_contain_text("xếp thứ")


@pytest.mark.parametrize("size", [(1920, 1080), (390, 844)])
def test_a_click_on_a_ward_opens_it(page_at: Visits, size: tuple[int, int]) -> None:
    page = page_at(*size, "en", "/map")
    panel = page.locator(".st-key-map_nghia_lo")
    panel.scroll_into_view_if_needed()
    name = panel.locator("svg .annotation-text", has_text="Cầu Thia").first
    box = name.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/ward?**unit=04681**")
    expect(page.locator(TITLE)).to_contain_text("Cầu Thia stands")


def test_a_ward_can_be_opened_with_the_keyboard(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    page.get_by_role("link", name="Map").click()
    settle(page)
    link = page.get_by_role("link", name="Sa Pa", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ward?**unit=03006**")
    expect(page.locator(TITLE)).to_contain_text("Sa Pa stands")
