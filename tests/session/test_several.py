"""Several steps at once through the page: listed, asked, taken one by one; one that is refused holds up no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.intake_files import OTHER, PERIOD, UNIT
from tests.session.test_signin import actor_as, as_visitor, fresh_caches, prepared, visit
from tests.session.test_web_form import told
from wardstats.intake import checking
from wardstats.intake.queue import find_hand_in
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor
from wardstats.session import several

__all__ = ["fresh_caches", "prepared"]
CHECKER = Actor("Checker", "checker", "checker@block.test", OTHER)
FIRST, SECOND = f"handin-{UNIT}-{PERIOD}-1", f"handin-{OTHER}-{PERIOD}-1"


def test_reminders_and_checks_are_listed_asked_and_taken(prepared: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(several, "local_today", lambda: date(2026, 12, 5))  # November is over
    as_visitor(monkeypatch, replace(actor_as("secretariat"), unit_code=None))
    app = visit("check")
    before = prepared.ledger.head
    app.button(key="several_now").click().run()
    assert not app.exception
    reminders = prepared.ledger.entries()[before:]
    assert {entry.action for entry in reminders} == {"remind"} and len(reminders) == 10  # nobody has November
    assert "reminded: " in told(app, "success")
    app.button(key="several_now").click().run()
    assert "once a day is enough" in told(app, "error") and prepared.ledger.head == before + 10

    app.button_group(key="several_step").set_value("cross_check").run()
    checking.cross_check(prepared, CHECKER, FIRST)  # somebody else, in the meantime
    app.button(key="several_now").click().run()
    assert f"{FIRST}: found it cross-checked" in told(app, "error")
    assert "cross-checked: " in told(app, "success")
    entries = prepared.ledger.entries()
    assert [find_hand_in(entries, subject).state for subject in (FIRST, SECOND)] == ["cross_checked"] * 2


def test_a_filter_leaves_the_chosen_wards_and_states(monkeypatch: pytest.MonkeyPatch, prepared: Workspace) -> None:
    as_visitor(monkeypatch, replace(actor_as("secretariat"), unit_code=None))
    app = visit("check")
    assert len(app.selectbox(key="check_subject").options) == 2
    app.multiselect(key="check_units").set_value([UNIT]).run()
    assert len(app.selectbox(key="check_subject").options) == 1
    (table,) = [one.proto.body for one in app.get("html") if "ws-heat ws-states" in one.proto.body]
    assert table.count("<tr>") == 2 and "Sa" in table
    app.multiselect(key="check_states").set_value(["accepted"]).run()
    assert not any(box.key == "check_subject" for box in app.selectbox)
