"""A comma that somebody types in a real browser, whatever the language of its interface, is never swallowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOCALES, settle, wait_until_still
from tests.browser.signed_in import sign_in
from tests.intake_files import UNIT, small_ranges
from tests.signed_server import SignedServer, serve_with_sign_in
from wardstats.core.languages import Translator, translator
from wardstats.core.settings import Settings
from wardstats.intake.workspace import Workspace

SCORE, AREA = "qd766_online", "green_space_m2_per_person"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedServer]:
    folder = tmp_path_factory.mktemp("typed")
    with serve_with_sign_in(folder, small_ranges(folder)) as running:
        yield running


def ledger_of(signed: SignedServer) -> Workspace:
    return Workspace.of(Settings(signed.data, signed.var, None))


def open_part(page: Page, signed: SignedServer, part: str, language: str) -> Translator:
    speak = translator(language)
    page.goto(f"{signed.url}/check?lang={language}")
    settle(page)
    page.get_by_role("radio", name=speak(part)).or_(page.get_by_text(speak(part), exact=True)).first.click()
    settle(page)
    return speak


def type_into(page: Page, label: str, text: str, is_pasted: bool = False) -> None:
    """Type key by key, or paste, as people do who wait until the page stands still, and leave the field."""
    wait_until_still(page)
    field = page.get_by_test_id("stMain").get_by_role("textbox", name=label, exact=True)
    field.click()
    page.keyboard.press("Control+A")
    if is_pasted:
        page.keyboard.insert_text(text)
    else:
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    settle(page)


def understood(page: Page, number: str) -> None:
    """Expect that a field says which number it read."""
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=number).first).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()
    settle(page)


@pytest.mark.parametrize(("browsers_language", "language"), [("en", "vi"), ("vi", "en")])
def test_numbers_as_people_type_them(
    browser: Browser, signed: SignedServer, browsers_language: str, language: str
) -> None:
    """One window for each language of the browser: a correction, a penalty, and what-if on a ward's page."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale=LOCALES[browsers_language])
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, signed, "secretariat@block.test", "/check")
    number = {"vi": 9.75, "en": 9.25}[language]
    correct(page, signed, language, number)
    give_a_penalty(page, signed, language)
    try_other_figures(page, signed, language)
    context.close()


def correct(page: Page, signed: SignedServer, language: str, number: float) -> None:
    speak = open_part(page, signed, "Correct", language)
    before = ledger_of(signed).ledger.head
    type_into(page, speak("Value"), "975")
    alerts = page.get_by_test_id("stMain").get_by_test_id("stAlert")
    expect(alerts).to_contain_text("12")
    type_into(page, speak("Reason"), language)
    press(page, speak("Correct"))
    expect(alerts).to_have_count(2)  # beside the button and beside the field
    assert ledger_of(signed).ledger.head == before
    type_into(page, speak("Value"), f"\u00a0{number}\u202f ".replace(".", ","), is_pasted=True)
    understood(page, speak.measure(number, "points", 2))
    press(page, speak("Correct"))
    expect(alerts.filter(has_text=str(before + 1))).to_be_visible()
    (change,) = ledger_of(signed).ledger.entries()[-1].changes
    assert change.after is not None
    assert (change.indicator_code, change.after.value) == (SCORE, number)


def give_a_penalty(page: Page, signed: SignedServer, language: str) -> None:
    speak = open_part(page, signed, "Bonus and penalty", language)
    before = ledger_of(signed).ledger.head
    type_into(page, speak("Reason"), "late")
    type_into(page, speak("Points: bonus above, penalty below 0"), "-0,5")
    understood(page, speak.measure(-0.5, "points", 2))
    press(page, speak("Record"))
    expect(page.get_by_test_id("stAlert").filter(has_text=str(before + 1))).to_be_visible()
    entry = ledger_of(signed).ledger.entries()[-1]
    assert (entry.action, entry.details["points"]) == ("adjust", -0.5)


def try_other_figures(page: Page, signed: SignedServer, language: str) -> None:
    """A link with a comma, a number with both marks, one with a point; one beyond its limits ranks nothing."""
    speak = translator(language)
    page.goto(f"{signed.url}/ward?lang={language}&unit={UNIT}&whatif={SCORE}:9,75,{AREA}:5")
    settle(page)
    names = {found.indicator_code: found.text(language) for found in ledger_of(signed).catalogue().indicators}
    title = page.get_by_text(speak("Hypothetical ranking, not the official one"))
    expect(title).to_be_visible()
    understood(page, speak.number(9.75, 2))
    type_into(page, names[AREA], "1.234,5")
    understood(page, speak.number(1234.5, 1))
    type_into(page, names[SCORE], "9.25")
    understood(page, speak.number(9.25, 2))
    page.wait_for_url(f"**whatif={SCORE}%3A9.25%2C{AREA}%3A1234.5*")
    expect(title).to_be_visible()
    type_into(page, names[SCORE], "975")
    expect(page.get_by_test_id("stAlert").filter(has_text="12")).to_be_visible()
    expect(title).to_have_count(0)
