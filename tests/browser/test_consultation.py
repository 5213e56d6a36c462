"""Consultation in Chromium: from the first page a ward answers in three clicks, and the head decides."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOCALES, settle
from tests.browser.signed_in import sign_in
from tests.intake_files import OTHER, TOPIC, UNIT, desk_in, headed, small_ranges
from tests.signed_server import SignedServer, serve_with_sign_in
from wardstats.catalogue.load import load_catalogue
from wardstats.core.languages import local_today
from wardstats.core.settings import settings
from wardstats.intake.consultation_steps import find_position
from wardstats.ledger import ledger_of

DUE = "drainage_first"  # the topic whose answers were due yesterday


def consulted(folder: Path) -> Path:
    """Return a data folder of a block that Sa Pa heads, with one topic that is open for a week and one that is due."""
    data = headed(desk_in(folder, small_ranges(folder)), UNIT).places.data
    path, today = data / "topics.csv", local_today()
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        header, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        if row["topic_id"] in (TOPIC, DUE):
            row["opened_on"] = str(today - timedelta(days=30))
            row["answers_by"] = str(today + timedelta(days=7 if row["topic_id"] == TOPIC else -1))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return data


def visitor(browser: Browser, signed: SignedServer, email: str) -> Page:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale=LOCALES["en"]).new_page()
    sign_in(page, signed, email, "/")
    return page


def test_a_ward_answers_in_three_clicks_from_the_first_page_and_the_head_decides(
    browser: Browser, tmp_path: Path
) -> None:
    data = consulted(tmp_path)
    with serve_with_sign_in(tmp_path, data) as signed:
        page = visitor(browser, signed, "officer@yenbai.test")
        expect(page.get_by_role("note").filter(has_text="has given no position yet on 1 topic")).to_be_visible()
        page.get_by_role("link", name="Give the position").click()
        page.wait_for_url("**/club?*tab=consultation*")
        settle(page)
        expect(page.get_by_role("tab", name="Consultation")).to_have_attribute("aria-selected", "true")
        page.get_by_text("agrees with changes", exact=True).last.click()
        page.get_by_role("button", name="Give the position").click()
        expect(page.get_by_text("position given.")).to_be_visible()
        ledger = ledger_of(settings(data, signed.var))
        found = find_position(load_catalogue(data, ledger), TOPIC, OTHER)
        assert found is not None and (found.stance, found.given_on) == ("amend", local_today())
        page.context.close()

        page = visitor(browser, signed, "officer@sapa.test")
        expect(page.get_by_role("note").filter(has_text="1 topic waits for a decision")).to_be_visible()
        page.get_by_role("link", name="Consultation").click()
        settle(page)
        page.get_by_label("Decision on the topic").fill("Thoát nước trước")
        page.get_by_role("textbox", name="Reason").fill("Mùa mưa đến trước")
        page.get_by_role("button", name="Decide").click()
        expect(page.get_by_text("topic decided.")).to_be_visible()
        card = page.locator(".ws-topic", has_text="Thoát nước trước")
        expect(card).to_contain_text("Sa Pa ward, head of the block")
        expect(card).to_contain_text("Mùa mưa đến trước")
        page.context.close()
        assert ledger.verify() == []
