"""The form on the web through the page: a comma is what was meant, a draft outlives the session, two are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.intake_files import OFFICER, PERIOD, SECRETARIAT, UNIT
from tests.session.test_signin import as_visitor
from tests.test_pages import PATIENCE_S
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT
from wardstats.intake import checking
from wardstats.intake.form_draft import FormDraft, keep, read_draft
from wardstats.intake.queue import hand_ins
from wardstats.intake.workspace import Workspace
from wardstats.session import signin

COLLEAGUE = replace(OFFICER, name="Lan", email="lan@sapa.test")
SCORE, RATIO = "qd766_online", "original_result_available"  # in the first theme
PREFIX = f"web_{UNIT}_{PERIOD}"


@pytest.fixture(autouse=True)
def signed_in(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    as_visitor(monkeypatch, OFFICER)
    for path in (desk.places.var / "drafts").rglob("*.json"):
        path.unlink()


def visit(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = language
    app.session_state["submit_way"] = "web"
    app.switch_page("pages/submit.py").run()
    app.selectbox(key="submit_period").set_value(PERIOD).run()
    assert not app.exception, app.exception
    return app


def typed(app: AppTest, code: str, column: str, text: str) -> AppTest:
    app.text_input(key=f"{PREFIX}_{code}_{column}").set_value(text).run()
    assert not app.exception, app.exception
    return app


def told(app: AppTest, kind: str) -> str:
    return "\n".join(str(element.value) for element in app.get(kind)).replace("\u00a0", " ").replace("\\", "")


def pages(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_comma_is_what_was_meant_and_the_draft_is_there_for_the_next_session(
    published: Workspace, language: str
) -> None:
    speak = translator(language)
    app = typed(visit(language), SCORE, "value", "9,75")
    assert speak.measure(9.75, "points", 2) in told(app, "caption")
    assert read_draft(published, OFFICER, UNIT, PERIOD).text(SCORE, "value") == "9,75"
    again = visit(language)
    assert again.text_input(key=f"{PREFIX}_{SCORE}_value").value == "9,75"
    assert speak("{done} of {total} lines filled in.", done=1, total=32) in told(again, "caption")
    row = published.form(UNIT, PERIOD).rows[SCORE]
    assert row.last is not None and row.last_period is not None
    assert f"{speak('Period before')}: {speak.number(row.last.value, row.indicator.decimals)}" in told(app, "caption")


def test_a_fault_stands_at_its_line_and_in_the_list_at_the_button(published: Workspace) -> None:
    app = typed(visit(), RATIO, "numerator", "401")
    assert "numerator and denominator together" not in told(app, "error")  # the second is being typed
    app = typed(app, RATIO, "denominator", "400")
    assert "Numerator: Found 401 / 400; expected no more than the denominator" in told(app, "error")
    app.button(key="web_look").click().run()
    assert "1 fault. Nothing was submitted. Correct the fields named." in told(app, "error")
    name = published.form(UNIT, PERIOD).rows[RATIO].indicator.name_en
    assert any("ws-texts" in page and name in page and "Numerator" in page for page in pages(app).split("<style"))
    assert not any(button.key == "handin" for button in app.button)


def test_it_is_looked_at_handed_in_returned_and_mended(published: Workspace) -> None:
    before = published.ledger.head
    app = typed(visit(), SCORE, "value", "9,75")
    app.button(key="web_look").click().run()
    assert "1 figure, no fault" in told(app, "success")
    app = typed(app, SCORE, "value", "9,5")  # the button is gone until one looks again
    assert not any(button.key == "handin" for button in app.button)
    app.button(key="web_look").click().run()
    app.button(key="handin").click().run()
    assert f"Submitted: entry {before + 1}" in told(app, "success")
    item = hand_ins(published.ledger.entries())[0]
    assert item.figures[SCORE][1].value == 9.5 and item.latest.actor == OFFICER.email
    checking.give_back(published, SECRETARIAT, item.subject, note="Read it again")
    app = visit()
    app.button(key="web_discard").click().run()
    assert "The draft is discarded." in told(app, "success")
    app.button(key="web_begin").click().run()
    assert app.text_input(key=f"{PREFIX}_{SCORE}_value").value in ("9.5", "9.50")
    assert published.ledger.head == before + 2


def test_the_second_of_two_officers_is_told_what_changed(published: Workspace) -> None:
    app = visit()
    keep(published, COLLEAGUE, UNIT, PERIOD, {(SCORE, "value"): "8", (RATIO, "numerator"): "3"}, FormDraft())
    app = typed(app, SCORE, "value", "9")
    assert "Lan has written “8” there in the meantime" in told(app, "warning") and "“9”" in told(app, "warning")
    assert app.text_input(key=f"{PREFIX}_{SCORE}_value").value == "8"
    assert app.text_input(key=f"{PREFIX}_{RATIO}_numerator").value == "3"
    assert "Others have typed since you opened this form" in told(app, "info") and "– → 3" in told(app, "info")
    typed(app, SCORE, "value", "9")
    assert read_draft(published, OFFICER, UNIT, PERIOD).text(SCORE, "value") == "9"


def test_what_another_changed_after_one_looked_is_not_handed_in_unseen(published: Workspace) -> None:
    before = published.ledger.head
    app = typed(visit(), SCORE, "value", "9")
    app.button(key="web_look").click().run()
    seen = read_draft(published, OFFICER, UNIT, PERIOD)
    keep(published, COLLEAGUE, UNIT, PERIOD, {(SCORE, "value"): "8"}, seen)
    app.button(key="handin").click().run()
    assert "The form has changed since you looked" in told(app, "warning")
    assert published.ledger.head == before


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_right_that_is_taken_away_keeps_nothing(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    app = visit()
    monkeypatch.setattr(signin, "visitor", lambda: replace(OFFICER, role="viewer"))
    app.text_input(key=f"{PREFIX}_{SCORE}_value").set_value("9").run()
    assert "not for that role" in told(app, "warning")
    assert read_draft(published, OFFICER, UNIT, PERIOD).texts == {}


def test_a_damaged_draft_is_told_with_the_way_out(published: Workspace) -> None:
    keep(published, OFFICER, UNIT, PERIOD, {(SCORE, "value"): "8"}, FormDraft())
    (path,) = (published.places.var / "drafts").rglob("*.json")
    path.write_text("{", encoding="utf-8")
    app = visit()
    assert "its file is damaged" in told(app, "error")
    app.button(key="web_discard").click().run()
    assert app.text_input(key=f"{PREFIX}_{SCORE}_value").value == ""
