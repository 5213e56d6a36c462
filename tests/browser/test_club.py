"""The pages of the block and the club in Chromium: what they offer, empty in three languages, a practice on its way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import LOCALES, Server, Visits, serve, settle
from tests.browser.signed_in import sign_in
from tests.intake_files import small_ranges
from tests.laocai import lines
from tests.signed_server import SignedServer, serve_with_sign_in
from wardstats.boards.club.learning import draw_learning
from wardstats.catalogue.practices import written_practices
from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import PROJECT, settings
from wardstats.ledger import ledger_of
from wardstats.snapshot.store import Store

MAIN = "[data-testid=stMain]"
TITLE = f"{MAIN} h1"
PAGES = ("contract", "block", "models", "club")
EMPTY = {
    "contract": {"vi": "Chưa có chỉ tiêu giao ước", "en": "No targets are on file", "hi": "लक्ष्य दर्ज नहीं हैं"},
    "block": {"vi": "Không có hoạt động nào", "en": "No activity is due", "hi": "कोई गतिविधि शेष नहीं"},
    "models": {"vi": "Chưa có mô hình nào", "en": "No models are on file", "hi": "कोई मॉडल दर्ज नहीं"},
    "club": {"vi": "Chưa có cách làm nào", "en": "No practice has been shared", "hi": "अभी कोई पहल साझा नहीं"},
}


@pytest.fixture(scope="module")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A block without any of the club's files: the 34 provinces."""
    with serve(tmp_path_factory.mktemp("var"), WARDSTATS_DATA=str(PROJECT / "data" / "provinces_766")) as running:
        yield running


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_without_data(browser: Browser, empty_server: Server, language: str) -> None:
    visits = Visits(browser, empty_server.url)
    page = visits(1366, 768, language, f"/{PAGES[0]}")
    for name in PAGES:
        page.goto(f"{empty_server.url}/{name}?lang={language}")
        expect(page.locator(TITLE)).to_contain_text(EMPTY[name][language])
        settle(page)
        expect(page.locator(f"{MAIN} .ws-sample")).to_have_count(0)
    page.context.close()
    visits.assert_clean()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ("dẫn đầu với", "Việc sắp đến hạn", "Chậm so với giao ước 2026")),
        ("en", ("leads with", "Due next", "Behind in the contract, 2026")),
        ("hi", ("सबसे आगे", "अगला कार्य", "2026 के संकल्प-पत्र में पीछे")),
    ],
)
def test_the_first_page_says_who_leads_what_is_due_and_what_is_behind(
    page_at: Visits, language: str, words: tuple[str, str, str]
) -> None:
    """All three on the projector without scrolling, the last two marked as sample."""
    page = page_at(1920, 1080, language)
    leads, due, behind = words
    expect(page.locator(TITLE)).to_contain_text(leads)
    cards = page.locator(".ws-summary .ws-card")
    expect(cards).to_have_count(2)
    for card, topic in ((cards.nth(0), due), (cards.nth(1), behind)):
        expect(card.locator("h2")).to_have_text(topic)
        expect(card.locator(".ws-mark")).to_have_count(1)
        box = card.bounding_box()
        assert box is not None and box["y"] + box["height"] < 1080


def test_the_calendar_of_the_page_is_the_feed(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi", "/block")
    address = page.locator(".ws-code").inner_text().strip()
    assert address == f"{page_at.base}/api/v1/activities.ics?lang=vi"
    answer = page.request.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().count("BEGIN:VEVENT") == len(lines("activities.csv"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải lịch (.ics)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_the_contract_prints(page_at: Visits) -> None:
    page = page_at(1366, 768, "en", "/contract")
    with page.expect_download() as download:
        page.get_by_role("button", name="Whole contract (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_another_year_and_another_ward(page_at: Visits) -> None:
    page = page_at(1366, 768, "en", "/contract", unit="03006")
    pledges = [line for line in lines("targets.csv") if (line["unit_code"], line["year"]) == ("03006", "2026")]
    expect(page.locator(".ws-pledge")).to_have_count(len(pledges))
    page.get_by_role("radio", name="2025").or_(page.get_by_text("2025", exact=True)).first.click()
    page.wait_for_url("**year=2025**")
    expect(page.locator(TITLE)).to_have_text("No targets are on file for 2025")
    expect(page.locator(f"{MAIN} .ws-lines.ws-columns")).to_contain_text("signed at the conference")


def test_search_without_accents_and_the_link_to_it(page_at: Visits) -> None:
    page = page_at(1366, 768, "vi", "/club", search="diem xanh doi rac")
    expect(page.locator(TITLE)).to_have_text(f"Tìm thấy 1 trên {len(lines('practices.csv'))} cách làm")
    expect(page.locator(".ws-practice:visible h3")).to_contain_text("Điểm xanh đổi rác")


class People:
    """A browser window for each person, signed in when first asked for."""

    def __init__(self, browser: Browser, server: SignedServer) -> None:
        self.browser, self.server = browser, server
        self.contexts: list[BrowserContext] = []
        self.pages: dict[str, Page] = {}

    def __call__(self, email: str) -> Page:
        """Open the tab on which practices are written, in English."""
        if email not in self.pages:
            self.contexts.append(self.browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB"))
            self.pages[email] = self.contexts[-1].new_page()
            sign_in(self.pages[email], self.server, email, "/club")
        else:
            self.pages[email].goto(f"{self.server.url}/club?lang=en")
            settle(self.pages[email])
        page = self.pages[email]
        page.get_by_role("tab", name="Write a practice").click()
        return page


def test_a_practice_written_checked_published_found_and_proposed(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("club")
    data = small_ranges(folder)
    (data / "practices.csv").unlink()  # no sample stands beside it
    with serve_with_sign_in(folder, data) as signed:
        people = People(browser, signed)
        _write(people("officer@sapa.test"))
        ledger = ledger_of(settings(data, signed.var))
        _step(people("checker@block.test"), "Checked")
        [written] = written_practices(ledger.entries()).values()
        assert written.state == "checked"
        _step(people("secretariat@block.test"), "Publish")
        [written] = written_practices(ledger.entries()).values()
        assert (written.state, written.unit_code) == ("published", "03006")
        assert ledger.verify() == []
        _found(browser, signed)
        _proposed(browser, signed)
        for context in people.contexts:
            context.close()


def _write(page: Page) -> None:
    main = page.locator(MAIN)
    for label, text in (
        ("Title", "Ngày thứ Bảy không rác"),
        ("Problem", "Rác trộn lẫn khó thu gom"),
        ("What was done", "Mỗi tổ một điểm thu rác đã phân loại"),
        ("Office to ask", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ):
        main.get_by_label(label, exact=True).fill(text)
        main.get_by_label(label, exact=True).press("Tab")
    choice = main.get_by_label("Indicator that shows the result")
    choice.click()
    choice.press_sequentially("sort waste")  # the list draws only what can be seen of it
    page.get_by_role("option", name="Households that sort waste at source").click()
    settle(page)
    main.get_by_role("button", name="Submit the practice").click()
    expect(main.get_by_text("Submitted. It is published once it has been checked.")).to_be_visible()
    # A ward's officer neither checks nor publishes.
    expect(main.get_by_role("button", name="Checked", exact=True)).to_have_count(0)
    expect(main.get_by_role("button", name="Publish", exact=True)).to_have_count(0)


def _step(page: Page, name: str) -> None:
    main = page.locator(MAIN)
    main.get_by_role("button", name=name, exact=True).click()
    expect(main.get_by_text("Done. It is in the ledger.")).to_be_visible()


def _found(browser: Browser, signed: SignedServer) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale=LOCALES["vi"])
    page = context.new_page()
    page.goto(f"{signed.url}/club?{urlencode({'lang': 'vi', 'search': 'thu bay khong rac'})}")
    settle(page)
    card = page.locator(".ws-practice:visible")
    expect(card).to_have_count(1)
    expect(card.locator("h3")).to_have_text("Ngày thứ Bảy không rác")  # and no mark of a sample
    expect(card).to_contain_text("Tỷ lệ hộ gia đình phân loại chất thải rắn tại nguồn")
    context.close()


def _proposed(browser: Browser, signed: SignedServer) -> None:
    """The ward that loses most on the indicator is sent there, with its own figure and Sa Pa's in the reason."""
    from tests.views import view_of

    snapshot = Store(signed.var).current()
    figures = snapshot.query("figure_points", period="2026-10", unit=[], indicator=["waste_sorted_at_source_pct"])
    weakest = str(figures.sort_values("points")["unit_code"].iloc[0])
    [expected] = draw_learning(view_of(snapshot, "en"), weakest).suggestions
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{signed.url}/club?{urlencode({'lang': 'en', 'unit': weakest})}")
    settle(page)
    page.get_by_role("tab", name="Learn from").click()
    reason = page.locator(".ws-why:visible")
    expect(reason).to_have_count(1)
    text = re.sub(r"\s+", " ", reason.inner_text())
    assert text == re.sub(r"\s+", " ", expected.reason)
    assert "Sa Pa went from" in text and "points" in text
    context.close()
