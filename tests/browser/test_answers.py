"""From the first screen to the answer, in as many clicks as it may take; Back returns to where one was."""

from __future__ import annotations

import csv

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.clicks import Clicks
from tests.browser.conftest import PROJECT, Server, Visits, settle
from tests.browser.test_navigation import TITLE
from wardstats.core.languages import translator

SA_PA = "03006"


def indicator_name(code: str, language: str) -> str:
    with (PROJECT / "data" / "laocai" / "indicators.csv").open(encoding="utf-8", newline="") as stream:
        return next(row[f"name_{language}"] for row in csv.DictReader(stream) if row["indicator_code"] == code)


def go_back(page: Page, title: str, *looked_at: str) -> None:
    """Go back once: the page of before, with what was looked at."""
    settle(page)  # as somebody does who has looked at it
    page.go_back()
    expect(page.locator(TITLE)).to_have_text(title)
    settle(page)
    page.wait_for_url(lambda url: "/ward" not in url and all(choice in url for choice in looked_at))


def test_only_one_theme_takes_one_click_and_back_returns(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    before, reader = page.locator(TITLE).inner_text(), Clicks(page)
    theme = page.locator(".ws-legend a[href*='theme=environmental_sanitation']")
    name = theme.inner_text()
    reader.click(theme)
    page.wait_for_url("**theme=environmental_sanitation**")
    settle(page)
    expect(page.get_by_label("Theme", exact=True)).to_have_value(name)
    expect(page.locator(TITLE)).not_to_have_text(before)
    assert reader.count == 1
    go_back(page, before, "theme=total")


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_why_a_ward_fell_takes_one_click_and_back_returns(page_at: Visits, size: tuple[int, int]) -> None:
    page = page_at(*size, "en", period="2026-09")
    before, reader = page.locator(TITLE).inner_text(), Clicks(page)
    name = page.locator(".st-key-ranking_bars svg a", has_text="Sa Pa")
    name.scroll_into_view_if_needed()
    page.evaluate("window.stays = true")
    reader.click(name)
    page.wait_for_url(f"**/ward?**unit={SA_PA}**")
    settle(page)
    assert page.evaluate("window.stays"), "a new visit, where the page could have been opened in place"
    expect(page.locator(TITLE)).to_contain_text("Sa Pa")
    expect(page.get_by_role("heading", name="Why did it move?")).to_be_visible()
    assert "period=2026-09" in page.url
    assert reader.count == 1
    go_back(page, before, "period=2026-09")


def test_who_is_best_at_an_indicator_takes_two_steps(page_at: Visits) -> None:
    """One click into the search, some letters without their accents, Enter."""
    page, name = page_at(1366, 768, "vi"), indicator_name("digital_signature_pct", "vi")
    reader = Clicks(page)
    reader.click(page.get_by_test_id("stSidebar").get_by_label("Tìm kiếm", exact=True))
    page.keyboard.type("chu ky so")
    reader.press("Enter")
    page.wait_for_url("**/indicator?**indicator=digital_signature_pct**")
    settle(page)
    expect(page.locator(TITLE)).to_contain_text(name)
    expect(page.locator(TITLE)).to_contain_text("dẫn đầu")
    assert reader.count == 2


def middle(place: Locator) -> tuple[float, float]:
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_part_of_a_bar_opens_its_theme_and_the_rest_of_it_its_ward(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    before = page.locator(TITLE).inner_text()
    traces = page.locator(".st-key-ranking_bars .barlayer .trace.bars")
    first = page.locator(".ws-legend a").first.inner_text()
    page.mouse.click(*middle(traces.first.locator(".point path").first))
    page.wait_for_url(lambda url: "theme=total" not in url)
    settle(page)
    expect(page.get_by_label("Theme", exact=True)).to_have_value(first)
    go_back(page, before, "theme=total")
    rest = traces.last.locator(".point path")
    page.mouse.click(*middle(rest.nth(rest.count() - 1)))
    page.wait_for_url("**/ward?**")
    settle(page)
    go_back(page, before, "theme=total")


def test_a_card_opens_what_it_speaks_of(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    card = page.locator("section.ws-card:has(a)").first
    name = card.locator("a").inner_text()
    card.click(position={"x": 8, "y": 8})  # anywhere on it
    page.wait_for_url("**/ward?**")
    settle(page)
    expect(page.locator(TITLE)).to_contain_text(name)


def test_a_name_on_the_page_of_an_indicator_opens_the_ward_and_an_unknown_indicator_is_told(page_at: Visits) -> None:
    page = page_at(390, 844, "en", "/indicator", indicator="digital_signature_pt")
    expect(page.locator(TITLE)).to_have_text("There is no indicator “digital_signature_pt” in this block")
    page.get_by_role("button", name=indicator_name("digital_signature_pct", "en"), exact=True).click()
    page.wait_for_url("**indicator=digital_signature_pct**")
    page.locator(".ws-dots a", has_text="Sa Pa").click()
    page.wait_for_url(f"**/ward?**unit={SA_PA}**")


# --- the table of tasks of those who look, in as many clicks as it says or fewer; officers' are in test_handin.py -----


def test_who_leads_takes_no_click(page_at: Visits, server: Server) -> None:
    page = page_at(1366, 768, "vi")
    first = page.request.get(f"{server.url}/api/v1/ranking?lang=vi").json()["rows"][0]
    expect(page.locator(TITLE)).to_contain_text(first["unit_name"])
    expect(page.locator(TITLE)).to_contain_text(translator("vi").number(first["score"]))


def test_an_analyst_filters_by_theme_and_ward_in_four_clicks(page_at: Visits) -> None:
    page = page_at(1366, 768, "en", "/explore")
    reader = Clicks(page)
    reader.choose("Theme", "Environmental sanitation")
    expect(page.locator(TITLE)).to_contain_text("Environmental sanitation")
    settle(page)
    reader.click(page.get_by_test_id("stMain").get_by_label("Units", exact=True))
    reader.click(page.get_by_role("option", name="Sa Pa", exact=True))
    settle(page)
    page.wait_for_url(f"**only_units={SA_PA}**")
    assert reader.count == 4


def test_an_analyst_correlates_two_indicators(page_at: Visits) -> None:
    """Three clicks and a list, the score being on the other axis already."""
    page, name = page_at(1366, 768, "en"), indicator_name("digital_signature_pct", "en")
    reader = Clicks(page)
    reader.go("Explore")
    reader.click(page.get_by_role("radio", name="Scatter").or_(page.get_by_text("Scatter", exact=True)).first)
    settle(page)
    reader.choose("Horizontal axis", name)
    expect(page.locator(TITLE)).to_contain_text(name)
    expect(page.get_by_test_id("stMain")).to_contain_text("Correlation")
    assert reader.count == 4


def test_an_analyst_asks_in_sql_in_two_clicks_and_one_more_for_the_file(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    reader = Clicks(page)
    reader.go("Explore")
    reader.click(page.get_by_role("radio", name="SQL").or_(page.get_by_text("SQL", exact=True)).first)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert reader.count == 2
    assert b"demonstration" in reader.take(page.get_by_role("button", name="Download CSV"))
    assert reader.count == 3


def test_the_ranking_leaves_as_a_file_in_two_clicks(page_at: Visits, server: Server) -> None:
    page = page_at(1366, 768, "vi")
    reader = Clicks(page)
    reader.click(page.get_by_test_id("stExpander").get_by_text("Xem dạng bảng", exact=True))
    rows = reader.take(page.get_by_role("button", name="Tải CSV")).decode("utf-8-sig")
    assert reader.count == 2
    for row in page.request.get(f"{server.url}/api/v1/ranking?lang=vi").json()["rows"]:
        assert row["unit_name"] in rows


def test_own_weights_take_a_click_and_a_slider(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    reader = Clicks(page)
    reader.click(page.get_by_text("Try other weights", exact=True))
    slider = page.get_by_role("slider").first
    slider.focus()
    reader.press("ArrowRight")
    expect(page.get_by_test_id("stMain")).to_contain_text("Your weights.")
    page.wait_for_url("**weights=**")
    assert reader.count == 2


def test_the_minutes_of_the_year_take_two_clicks(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi")
    reader = Clicks(page)
    reader.go("Tổng kết năm")
    file = reader.take(page.get_by_role("button", name="Dự thảo biên bản (PDF)"))
    assert file.startswith(b"%PDF")
    assert reader.count == 2


def test_the_interface_for_programs_takes_one_click(page_at: Visits) -> None:
    page = page_at(1366, 768, "en")
    reader = Clicks(page)
    with page.context.expect_page() as opened:
        reader.click(page.locator(".ws-foot a[href='/api/v1']"))
    assert opened.value.url.endswith("/api/v1")
    expect(opened.value.locator("body")).to_contain_text("/api/v1/ranking")
    assert reader.count == 1
