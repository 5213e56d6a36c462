"""What a reader sees of the browser and of Streamlit: titles of tabs, words of lists, a connection that is lost."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visits, settle
from wardstats.core.languages import translator


def test_a_tab_says_the_page_what_was_chosen_and_the_block(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi", "/ward", unit="03006", theme="environmental_sanitation", period="2026-09")
    block = "Khối thi đua các phường tỉnh Lào Cai"
    chosen = f"Kỳ tháng 9/2026 · Vệ sinh môi trường · {block}"
    expect(page).to_have_title(f"Sa Pa · Chi tiết từng đơn vị · {chosen}")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Giao ước").click()
    expect(page).to_have_title(f"Giao ước · Kỳ tháng 9/2026 · {block}")
    expect(page.get_by_test_id("stSidebar").get_by_label("Lĩnh vực", exact=True)).to_have_count(0)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Xếp hạng").click()
    expect(page).to_have_title(f"Xếp hạng · {chosen}")  # kept where it was not offered
    expect(page.get_by_role("heading", level=1)).to_contain_text("trên 20 điểm, Vệ sinh môi trường")


def test_streamlits_own_words_are_the_readers(page_at: Visits) -> None:
    speak = translator("vi")
    page = page_at(1366, 768, "vi", "/compare")
    field = page.get_by_test_id("stMain").get_by_role("combobox").first
    field.click()
    field.type("qqqq")
    expect(page.get_by_role("listbox")).to_contain_text(speak("Look for: {what}", what="qqqq"))
    page.keyboard.press("Escape")
    settle(page)
    assert page.get_by_role("button", name="Clear all").count() == 0
