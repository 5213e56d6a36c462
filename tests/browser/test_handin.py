"""The whole way in a browser: sign in, fill in, hand in, return, mend, accept, publish, roll back; and who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.clicks import Clicks
from tests.browser.conftest import PATIENCE_MS, settle
from tests.browser.signed_in import sign_in
from tests.intake_files import ENGLISH, PDF, PERIOD, UNIT, place, small_ranges
from tests.signed_server import CLIENT_SECRET, COOKIE_SECRET, SignedServer, serve_with_sign_in
from wardstats.core.settings import Settings
from wardstats.intake.form import Form, value_of
from wardstats.intake.queue import hand_ins
from wardstats.intake.workbook import template
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.store import Store

LINE = "dossiers_on_time"
MAIN = "[data-testid=stMain]"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def real_figures(folder: Path) -> Path:
    """Return a copy of data/laocai whose figures are taken for real ones, so that ten wards stay on the board."""
    data = small_ranges(folder)
    made_up = data / "values" / "demonstration.csv"
    text = made_up.read_text(encoding="utf-8").replace(",demonstration,demonstration,", ",official,decision_766_2022,")
    made_up.unlink()
    (data / "values" / "test.csv").write_text(text, encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SignedServer]:
    folder = tmp_path_factory.mktemp("signed")
    with serve_with_sign_in(folder, real_figures(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def people(browser: Browser, signed: SignedServer) -> Iterator[People]:
    """Windows of people who stay signed in from test to test, as at their desks."""
    found = People(browser, signed)
    yield found
    for context in found.contexts.values():
        context.close()


class People:
    """A browser window for each person, signed in when first asked for, and again once they have signed out."""

    def __init__(self, browser: Browser, server: SignedServer) -> None:
        self.browser, self.server = browser, server
        self.contexts: dict[str, BrowserContext] = {}
        self.pages: dict[str, Page] = {}

    def has_left(self, email: str) -> None:
        """Note that somebody has signed out."""
        del self.pages[email]
        self.contexts.pop(email).close()

    def __call__(self, email: str, path: str) -> Page:
        if email not in self.pages:
            self.contexts[email] = self.browser.new_context(
                viewport={"width": 1440, "height": 1000}, locale="en-GB", accept_downloads=True
            )
            self.pages[email] = self.contexts[email].new_page()
            self.pages[email].set_default_timeout(PATIENCE_MS)
            sign_in(self.pages[email], self.server, email, path)
        else:
            self.pages[email].goto(f"{self.server.url}{path}?lang=en")
            settle(self.pages[email])
        return self.pages[email]


def desk_of(signed: SignedServer) -> Workspace:
    return Workspace.of(Settings(signed.data, signed.var, None))


def ranks(signed: SignedServer) -> dict[str, int]:
    frame = Store(signed.var).current().query("ranking", period=PERIOD, node="total", language="en")
    return dict(zip(frame["unit_code"], frame["rank"].astype(int), strict=True))


def choose(page: Page, label: str, option: str) -> None:
    box = page.locator(MAIN).get_by_label(label, exact=True)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def fill(empty: bytes, form: Form, share: float, faults: dict[str, object] | None = None) -> bytes:
    """Fill the template in as an officer would: last period's figures, a little better or worse."""
    book = openpyxl.load_workbook(io.BytesIO(empty))
    sheet = book.worksheets[0]
    for code, row in form.rows.items():
        if row.is_ratio:
            sheet[place(form, code, "denominator")] = 400
            sheet[place(form, code, "numerator")] = round(400 * share)
        else:
            sheet[place(form, code, "value")] = value_of(row.now or row.last, row.indicator.unit) or 5
    for cell, value in (faults or {}).items():
        sheet[cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(page: Page, content: bytes, label: str = "The filled-in workbook", name: str = "sa-pa.xlsx") -> None:
    uploader = page.get_by_test_id("stFileUploader").filter(has_text=label)
    uploader.locator("input[type=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})


def click(page: Page, name: str) -> None:
    page.locator(MAIN).get_by_role("button", name=name, exact=True).click()
    settle(page)


def test_the_whole_way(people: People, signed: SignedServer) -> None:
    form = desk_of(signed).form(UNIT, PERIOD)
    before = ranks(signed)
    numerator, denominator = place(form, LINE, "numerator"), place(form, "payment_account_pct", "denominator")

    officer = people("officer@sapa.test", "/submit")
    choose(officer, "Period", "October 2026")
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Workbook of").click()
    empty = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == f"wardstats_{UNIT}_{PERIOD}.xlsx"

    upload(officer, fill(empty, form, 1.0, {numerator: 401, denominator: "=1+1"}))
    table = officer.locator(".ws-texts").first
    expect(table.get_by_role("cell", name=numerator, exact=True)).to_be_visible()
    expect(table.get_by_role("cell", name=denominator, exact=True)).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(2)
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Copy with the faulty cells marked").click()
    marked = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert marked.worksheets[1][numerator].comment is not None
    assert desk_of(signed).ledger.head == 1

    upload(officer, fill(empty, form, 1.0))
    expect(officer.get_by_text("no fault")).to_be_visible()
    expect(officer.locator(".ws-card").filter(has_text=re.compile("Rank.*published"))).to_contain_text("1 of 10")
    upload(officer, PDF, "Evidence", "report.pdf")
    officer.get_by_label("Note to those who check").fill(
        "<script>document.title='owned'</script> ![x](http://evil.test/x)"
    )
    officer.get_by_label("Note to those who check").blur()
    settle(officer)
    click(officer, "Submit")
    expect(officer.get_by_text("Submitted: entry 2")).to_be_visible()

    checker = people("checker@block.test", "/check")
    expect(checker.locator(MAIN)).to_contain_text("<script>document.title='owned'</script>")
    assert checker.title() != "owned"
    line = form.rows[LINE].indicator.name_en
    checker.get_by_label("Lines with a note").click()
    checker.get_by_label("Lines with a note").fill(line)  # the list holds only what is in sight
    checker.get_by_role("option", name=line, exact=True).click()
    checker.keyboard.press("Escape")
    settle(checker)
    note = checker.get_by_role("textbox", name=line, exact=True)
    note.fill("The portal says 380")
    note.blur()
    settle(checker)
    expect(checker.get_by_role("button", name="Accept", exact=True)).to_have_count(0)
    click(checker, "Return to the ward")
    expect(checker.get_by_text("Entry 3 of the ledger: returned")).to_be_visible()

    officer = people("officer@sapa.test", "/submit")
    choose(officer, "Period", "October 2026")
    expect(officer.get_by_text("The portal says 380").first).to_be_visible()
    upload(officer, fill(empty, form, 1.0, {numerator: 380}))
    expect(officer.get_by_text("no fault")).to_be_visible()
    click(officer, "Submit")
    expect(officer.get_by_text("Submitted: entry 4")).to_be_visible()

    secretariat = people("secretariat@block.test", "/check")
    click(secretariat, "Accept")
    expect(secretariat.get_by_text("Entry 5 of the ledger")).to_be_visible()
    assert ranks(signed) == before
    secretariat.get_by_role("radio", name="Publish").or_(secretariat.get_by_text("Publish", exact=True)).first.click()
    settle(secretariat)
    click(secretariat, "Look at what would change")
    expect(secretariat.get_by_text("places that change:")).to_be_visible()
    secretariat.get_by_label("Note, shown on every board").fill("After the hand-in of Sa Pa")
    secretariat.get_by_label("Note, shown on every board").blur()
    settle(secretariat)
    secretariat.get_by_role("button", name="Publish now").click()
    expect(secretariat.get_by_text("Published:")).to_be_visible()
    after = ranks(signed)
    assert after[UNIT] == 1 and after != before
    officer.goto(f"{signed.url}/?lang=en&period={PERIOD}")
    expect(officer.locator(f"{MAIN} h1")).to_contain_text("Sa Pa leads")

    log = people("secretariat@block.test", "/log")
    entries = desk_of(signed).ledger.entries()
    assert [e.action for e in entries] == ["publish", "handin", "return", "handin", "accept", "publish"]
    who = [entry.actor.partition("@")[0] for entry in entries]
    assert who == ["first build", "officer", "checker", "officer", "secretariat", "secretariat"]
    click(log, "Check the log's integrity")
    expect(log.get_by_text("6 entries in one chain")).to_be_visible()

    secretariat = people("secretariat@block.test", "/check")
    secretariat.get_by_role("radio", name="Publish").or_(secretariat.get_by_text("Publish", exact=True)).first.click()
    settle(secretariat)
    secretariat.get_by_role("button", name="Roll back to this").first.click()
    expect(secretariat.get_by_text("It comes back as it was")).to_be_visible()
    click(secretariat, "Roll back now")
    expect(secretariat.get_by_text("Restored:")).to_be_visible()
    assert ranks(signed) == before
    assert desk_of(signed).ledger.verify() == []
    assert hand_ins(desk_of(signed).ledger.entries())[0].state == "accepted"
    assert not re.search(f"{CLIENT_SECRET}|{COOKIE_SECRET}|eyJ|code=", signed.server.log)


def test_a_viewers_forged_messages_hand_nothing_in(people: People, signed: SignedServer) -> None:
    """Replay, over a viewer's own connection, what an officer's browser sends to hand a file in."""
    form = desk_of(signed).form(UNIT, PERIOD)
    officer = people("officer@sapa.test", "/submit")
    sent: list[bytes] = []
    officer.on("websocket", lambda ws: ws.on("framesent", lambda frame: _keep(sent, frame)))
    officer.reload()
    settle(officer)
    choose(officer, "Period", "October 2026")
    upload(officer, fill(template(form, ENGLISH), form, 0.5))
    expect(officer.get_by_text("no fault")).to_be_visible()
    before = desk_of(signed).ledger.head
    click(officer, "Submit")
    expect(officer.get_by_text("Submitted: entry")).to_be_visible()
    assert desk_of(signed).ledger.head == before + 1
    assert len(sent) > 3

    context = people.browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB")
    people.contexts["forger"] = context
    context.add_init_script(
        """const Real = WebSocket; window.sockets = [];
        window.WebSocket = class extends Real {
            constructor(...args) { super(...args); window.sockets.push(this); }
        };"""
    )
    viewer = context.new_page()
    sign_in(viewer, signed, "viewer@example.test")
    expect(viewer.get_by_text("This page is not for that role")).to_be_visible()
    for frame in sent:
        viewer.evaluate("bytes => window.sockets.at(-1).send(new Uint8Array(bytes))", list(frame))
        viewer.wait_for_timeout(150)
    viewer.wait_for_timeout(1500)
    assert desk_of(signed).ledger.head == before + 1
    stranger = people.browser.new_context(locale="en-GB")
    people.contexts["stranger"] = stranger
    page = stranger.new_page()
    page.goto(f"{signed.url}/submit?lang=en")
    settle(page)
    expect(page.get_by_text("Sign in to go on.")).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)


def _keep(sent: list[bytes], frame: str | bytes) -> None:
    if isinstance(frame, bytes):
        sent.append(frame)


def test_a_checker_gets_in_where_they_may_and_signing_out_closes_the_door(people: People, signed: SignedServer) -> None:
    page = people("checker@block.test", "/submit")
    expect(page.get_by_text("This page is not for that role")).to_be_visible()
    page = people("checker@block.test", "/check")
    expect(page.get_by_text("This page is not for that role")).to_have_count(0)
    page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{signed.url}/check?*lang=en*")  # where one stood
    settle(page)
    expect(page.get_by_text("Sign in to go on.")).to_be_visible()
    people.has_left("checker@block.test")


def test_a_sign_in_leads_back_to_where_one_was(browser: Browser, signed: SignedServer) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{signed.url}/map?lang=hi&period=2026-03&theme=social_security")
    settle(page)
    title = page.locator(f"{MAIN} h1").inner_text()
    page.get_by_role("button", name="गहरा", exact=True).click()
    page.wait_for_load_state()
    settle(page)
    page.locator(".st-key-sign_in_side button").click()
    page.get_by_role("button", name="officer@sapa.test", exact=True).click()
    page.wait_for_url(f"{signed.url}/map?**")
    settle(page)
    for choice in ("lang=hi", "period=2026-03", "theme=social_security"):
        assert choice in page.url
    assert page.locator(f"{MAIN} h1").inner_text() == title
    expect(page.locator(".st-key-sign_out button")).to_have_count(1)
    expect(page.get_by_role("button", name="गहरा", exact=True)).to_have_attribute("aria-pressed", "true")
    context.close()


# --- the table of tasks of those who sign in, in as many clicks as it says or fewer -----------------------------------


def test_an_officer_signs_in_and_hands_in_with_few_clicks(browser: Browser, signed: SignedServer) -> None:
    form = desk_of(signed).form(UNIT, PERIOD)
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{signed.url}/?lang=en&period={PERIOD}")
    settle(page)
    reader, main = Clicks(page), page.locator(MAIN)
    reader.go("Submit")
    reader.click(main.get_by_role("button", name="Sign in"))
    reader.click(page.get_by_role("button", name="officer@sapa.test", exact=True))  # at the provider
    page.wait_for_url(f"{signed.url}/submit?**")
    settle(page)
    assert reader.count == 3

    choose(page, "Period", "October 2026")
    reader = Clicks(page)
    empty = reader.take(page.get_by_role("button", name="Workbook of"))
    assert reader.count == 1

    upload(page, fill(empty, form, 1.0, {place(form, LINE, "numerator"): 401}))  # choosing the file is the one click
    faults = page.locator(".ws-texts").first
    expect(faults).to_be_visible()
    expect(faults).to_contain_text(form.rows[LINE].indicator.name_en)

    upload(page, fill(empty, form, 0.9))
    expect(page.get_by_text("no fault")).to_be_visible()
    expect(page.locator(".ws-card").filter(has_text=re.compile("Rank.*published"))).to_be_visible()
    upload(page, PDF, "Evidence", "report.pdf")
    reader = Clicks(page)
    reader.click(main.get_by_role("button", name="Submit", exact=True))
    told = page.get_by_text("Submitted: entry")
    expect(told).to_be_visible()
    box = told.bounding_box()
    assert box and 0 <= box["y"] < 1000, "the receipt stands where it cannot be seen"
    assert reader.count == 1
    context.close()


def test_who_has_not_handed_in_is_read_at_once_and_a_cell_opens_its_hand_in(
    people: People, signed: SignedServer
) -> None:
    page = people("secretariat@block.test", "/check")
    main = page.locator(MAIN)
    expect(main.get_by_text("have not submitted:")).to_be_visible()
    row = main.locator(".ws-states tbody tr").filter(has_text="Sa Pa")
    item = next(found for found in hand_ins(desk_of(signed).ledger.entries()) if found.unit_code == UNIT)
    row.locator("a").first.click()
    settle(page)
    chosen = main.get_by_label("Submission", exact=True)
    expect(chosen).to_have_value(re.compile(f"Sa Pa.*{item.subject.rpartition('-')[2]}"))
    officer = people("officer@sapa.test", "/submit")
    expect(officer.locator(f"{MAIN} .ws-states tbody tr")).to_have_count(1)  # one's own ward, and no other


def test_the_secretariat_publishes_a_final_result_and_rolls_back_with_few_clicks(
    people: People, signed: SignedServer
) -> None:
    page = people("secretariat@block.test", "/check")
    reader, main = Clicks(page), page.locator(MAIN)
    publish = page.get_by_role("radio", name="Publish").or_(page.get_by_text("Publish", exact=True)).first
    reader.click(publish)
    reader.click(main.get_by_role("button", name="Look at what would change"))
    expect(main.get_by_role("heading", name="What would change")).to_be_visible()
    reader.click(main.get_by_text("Publish as the final result", exact=True))
    settle(page)
    reader.click(main.get_by_role("button", name="Publish now"))
    expect(page.get_by_text("Published:")).to_be_visible()
    assert reader.count == 4
    assert Store(signed.var).publication().is_final

    page = people("secretariat@block.test", "/check")
    reader = Clicks(page)
    reader.click(publish)
    reader.click(main.get_by_role("button", name="Roll back to this").first)
    why = page.get_by_label("Reason", exact=True)  # a final result is taken back
    why.fill("Published too early")
    why.blur()
    settle(page)
    reader.click(main.get_by_role("button", name="Roll back now"))
    expect(page.get_by_text("Restored:")).to_be_visible()
    assert reader.count == 3
    assert not Store(signed.var).publication().is_final


def test_the_secretariat_corrects_a_figure_with_few_clicks(people: People, signed: SignedServer) -> None:
    page = people("secretariat@block.test", "/check")
    reader, main = Clicks(page), page.locator(MAIN)
    reader.click(page.get_by_role("radio", name="Correct").or_(page.get_by_text("Correct", exact=True)).first)
    settle(page)
    line = next(row for row in desk_of(signed).form(UNIT, PERIOD).rows.values() if not row.is_ratio)
    reader.choose("Unit", "Sa Pa ward")
    reader.choose("Period", "October 2026")
    reader.click(main.get_by_label("Indicator", exact=True))
    page.keyboard.type(line.indicator.name_en)
    page.get_by_role("option", name=line.indicator.name_en, exact=True).click()
    settle(page)
    field, row = main.get_by_label("Value", exact=True), desk_of(signed).form(UNIT, PERIOD).rows[line.code]
    field.fill(ENGLISH.number(0.9 * (value_of(row.now or row.last, row.indicator.unit) or 5), 2))
    field.blur()
    settle(page)
    main.get_by_label("Reason", exact=True).fill("Read again from the report")
    before = desk_of(signed).ledger.head
    reader.click(main.get_by_role("button", name="Correct", exact=True))
    expect(main.get_by_text(f"Entry {before + 1} of the ledger")).to_be_visible()
    assert reader.count <= 7


def test_an_officer_fills_in_on_the_web_where_a_browser_would_drop_the_comma(
    people: People, signed: SignedServer
) -> None:
    line = "qd766_online"  # points with decimals, in the first theme
    page = people("officer@sapa.test", "/submit")  # a browser with an English interface
    main = page.locator(MAIN)

    def open_form() -> Locator:
        choose(page, "Period", "October 2026")
        way = page.get_by_role("radio", name="Fill in here").or_(page.get_by_text("Fill in here", exact=True)).first
        way.click()
        settle(page)
        return page.locator(f".st-key-web_line_{line}").get_by_label("Value", exact=True)

    field = open_form()
    field.fill("9,75")
    field.blur()
    settle(page)
    expect(page.locator(f".st-key-web_line_{line}").get_by_text("Understood: 9.75")).to_be_visible()
    page.reload()  # the draft outlives the page
    settle(page)
    expect(open_form()).to_have_value("9,75")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 1000})
    settle(page)
    click(page, "Look at what would change")
    expect(main.get_by_text("1 figure, no fault")).to_be_visible()
    before = desk_of(signed).ledger.head
    click(page, "Submit")
    expect(page.get_by_text(f"Submitted: entry {before + 1}")).to_be_visible()
    item = hand_ins(desk_of(signed).ledger.entries())[0]
    assert {code: figure.value for code, (_, figure) in item.figures.items()} == {line: 9.75}
