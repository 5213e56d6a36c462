"""A comma that somebody types in a real browser, whatever the language of its interface, is never swallowed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOCALES, settle, wait_until_still
from tests.browser.signed_in import SignedServer, serve_with_sign_in, sign_in
from tests.intake_files import SECRETARIAT, UNIT, small_ranges
from wardstats.core.languages import Translator, translator
from wardstats.core.settings import Settings
from wardstats.intake import checking
from wardstats.intake.workspace import Workspace

SCORE = "qd766_online"


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedServer]:
    folder = tmp_path_factory.mktemp("typed")
    with serve_with_sign_in(folder, small_ranges(folder)) as running:
        yield running


@pytest.fixture(params=["en", "vi"])
def browsers_language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def page(browser: Browser, signed: SignedServer, browsers_language: str) -> Iterator[Page]:
    """The secretariat's window, in a browser whose interface is in English or Vietnamese."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale=LOCALES[browsers_language])
    page = context.new_page()
    page.set_default_timeout(60_000)
    sign_in(page, signed, "secretariat@block.test", "/check")
    yield page
    context.close()


def ledger_of(signed: SignedServer) -> Workspace:
    return Workspace.of(Settings(signed.data, signed.var, None))


def open_part(page: Page, signed: SignedServer, part: str, language: str) -> Translator:
    speak = translator(language)
    page.goto(f"{signed.url}/check?lang={language}")
    settle(page)
    page.get_by_role("radio", name=speak(part)).or_(page.get_by_text(speak(part), exact=True)).first.click()
    settle(page)
    return speak


def type_into(page: Page, label: str, text: str) -> None:
    """Type key by key, as people do who wait until the page stands still, and leave the field."""
    wait_until_still(page)
    field = page.get_by_test_id("stMain").get_by_role("textbox", name=label, exact=True)
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Tab")
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()
    settle(page)


def take_back(signed: SignedServer) -> None:
    """Correct what an earlier test corrected, so that the same number is a correction again."""
    workspace = ledger_of(signed)
    for entry in [entry for entry in workspace.ledger.entries() if entry.action == "correct"][-1:]:
        where = str(entry.unit_code), str(entry.period), SCORE
        checking.correct(workspace, SECRETARIAT, *where, {"value": 1.0}, "again")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_correction(page: Page, signed: SignedServer, browsers_language: str, language: str) -> None:
    take_back(signed)
    speak = open_part(page, signed, "Correct", language)
    before = ledger_of(signed).ledger.head
    type_into(page, speak("Value"), "975")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_test_id("stAlert")).to_contain_text("12")
    type_into(page, speak("Reason"), f"{browsers_language} {language}")
    press(page, speak("Correct"))
    expect(main.get_by_test_id("stAlert")).to_have_count(2)  # beside the button and beside the field
    assert ledger_of(signed).ledger.head == before
    type_into(page, speak("Value"), "9,75")
    understood = speak.measure(9.75, "points", 2)
    expect(main.get_by_test_id("stCaptionContainer").filter(has_text=understood)).to_be_visible()
    press(page, speak("Correct"))
    expect(main.get_by_test_id("stAlert").filter(has_text=str(before + 1))).to_be_visible()
    (change,) = ledger_of(signed).ledger.entries()[-1].changes
    assert change.after is not None
    assert (change.indicator_code, change.after.value) == (SCORE, 9.75)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_penalty(page: Page, signed: SignedServer, language: str) -> None:
    speak = open_part(page, signed, "Bonus and penalty", language)
    before = ledger_of(signed).ledger.head
    label = speak("Points: bonus above, penalty below 0")
    type_into(page, speak("Reason"), "late")
    type_into(page, label, "975")
    press(page, speak("Record"))
    assert ledger_of(signed).ledger.head == before
    type_into(page, label, "-0,5")
    understood = speak.measure(-0.5, "points", 2)
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=understood)).to_be_visible()
    press(page, speak("Record"))
    expect(page.get_by_test_id("stAlert").filter(has_text=str(before + 1))).to_be_visible()
    entry = ledger_of(signed).ledger.entries()[-1]
    assert (entry.action, entry.details["points"]) == ("adjust", -0.5)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_if(page: Page, signed: SignedServer, language: str) -> None:
    speak = translator(language)
    page.goto(f"{signed.url}/ward?lang={language}&unit={UNIT}&whatif={SCORE}:1")
    settle(page)
    indicators = {found.indicator_code: found for found in ledger_of(signed).catalogue().indicators}
    label, title = getattr(indicators[SCORE], f"name_{language}"), speak("Hypothetical ranking, not the official one")
    expect(page.get_by_text(title)).to_be_visible()
    type_into(page, label, "9,75")
    page.wait_for_url(f"**whatif={SCORE}%3A9.75*")
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=speak.number(9.75, 2)).first).to_be_visible()
    expect(page.get_by_text(title)).to_be_visible()
    type_into(page, label, "975")
    expect(page.get_by_test_id("stAlert").filter(has_text="12")).to_be_visible()
    expect(page.get_by_text(title)).to_have_count(0)
