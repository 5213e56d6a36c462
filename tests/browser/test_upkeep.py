"""The upkeep page in Chromium: a row changed with a decimal comma and confirmed; nothing clipped, none in English."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARTEFACTS, PATIENCE_MS, settle
from tests.browser.looking import measure, overlaps, untranslated
from tests.browser.signed_in import sign_in
from tests.signed_server import SignedServer, serve_with_sign_in
from tests.small_block import SMALL
from wardstats.core.settings import Settings
from wardstats.ledger import ledger_of


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedServer]:
    folder = tmp_path_factory.mktemp("upkeep")
    data = Path(shutil.copytree(SMALL, folder / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    with serve_with_sign_in(folder, data) as running:
        yield running


@pytest.fixture
def page(browser: Browser, signed: SignedServer) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="vi-VN")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    sign_in(opened, signed, "secretariat@block.test", "/upkeep")
    yield opened
    context.close()


def wrong(page: Page, language: str) -> list[str]:
    """Return what a careful eye would find."""
    found = measure(page, [])
    return [*untranslated(found, language), *overlaps(found["texts"]), *found["clipped"], *found["broken"]]


def test_a_row_is_changed_in_vietnamese(page: Page, signed: SignedServer) -> None:
    page.goto(f"{signed.url}/upkeep?lang=vi")
    settle(page)
    main = page.get_by_test_id("stMain")
    main.get_by_role("combobox", name="Dữ liệu cần cập nhật").click()
    page.get_by_role("option", name="Các đơn vị", exact=True).click()
    settle(page)
    main.get_by_role("combobox", name="Dòng").click()
    page.get_by_role("option", name="Ân Hà", exact=True).click()
    settle(page)
    main.get_by_label("Diện tích, km²").fill("21,25")
    main.get_by_label("Thành viên từ ngày").fill("1/7/2025")
    main.get_by_role("button", name="Xem trước thay đổi").click()
    expect(main.get_by_role("button", name="Ghi thay đổi")).to_be_visible()
    settle(page)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "upkeep.png", full_page=True)
    assert wrong(page, "vi") == []
    main.get_by_label("Lý do", exact=True).fill("Đo lại")
    main.get_by_role("button", name="Ghi thay đổi").click()
    expect(main.get_by_text("Thay đổi có hiệu lực từ bảng công bố kế tiếp")).to_be_visible()
    [entry] = ledger_of(Settings(signed.data, signed.var, None)).entries()[1:]
    [row] = entry.details["rows"]
    assert row["after"] == {"area_km2": "21.25", "member_from": "2025-07-01"}
    page.goto(f"{signed.url}/log?lang=vi")
    settle(page)
    expect(page.get_by_test_id("stMain").get_by_text("21,25")).to_be_visible()
