"""A workbook through the page: faults by name and cell with a marked copy, else what changes and the way to send it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.intake_files import OFFICER, PERIOD, UNIT, filled, place
from tests.session.test_signin import as_visitor
from tests.session.test_web_form import pages, told
from tests.test_pages import PATIENCE_S
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT
from wardstats.intake.workbook import MEDIA_TYPES
from wardstats.intake.workspace import Workspace

LINE = "dossiers_on_time"


@pytest.fixture(autouse=True)
def signed_in(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    del desk
    as_visitor(monkeypatch, OFFICER)


def given(language: str, content: bytes) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = language
    app.switch_page("pages/submit.py").run()
    app.selectbox(key="submit_period").set_value(PERIOD).run()
    app.file_uploader[0].set_value(("sa-pa.xlsx", content, MEDIA_TYPES["xlsx"])).run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_told_by_indicator_and_cell_and_nothing_can_be_sent(published: Workspace, language: str) -> None:
    form = published.form(UNIT, PERIOD)
    cell = place(form, LINE, "numerator")
    app = given(language, filled(form, cells={cell: 201}))
    (table,) = [page for page in pages(app).split("<style") if "ws-texts" in page and f">{cell}<" in page]
    assert form.rows[LINE].indicator.text(language) in table
    assert translator(language)("Copy with the faulty cells marked") in {b.label for b in app.get("download_button")}
    assert not any(button.key == "handin" for button in app.button)


def test_what_has_no_fault_is_shown_with_what_it_changes_and_sent(published: Workspace) -> None:
    before = published.ledger.head
    app = given("en", filled(published.form(UNIT, PERIOD), share=0.6))
    assert "32 figures, no fault" in told(app, "success")
    app.text_area(key="handin_note_0").set_value("From the portal").run()
    app.button(key="handin").click().run()
    assert f"Submitted: entry {before + 1}" in told(app, "success")
    receipts = [b for b in app.get("download_button") if b.label == "Receipt to print (PDF)"]
    assert len(receipts) == 2  # at the message, and for good in the list of earlier submissions
    entry = published.ledger.entries()[-1]
    assert (entry.actor, entry.note, entry.attachments[0].name) == (OFFICER.email, "From the portal", "sa-pa.xlsx")
