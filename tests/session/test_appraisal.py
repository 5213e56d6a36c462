"""The secretariat appraises a line otherwise through the page: with a decimal comma, a reason, and never half."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.intake_files import OTHER, PERIOD
from tests.session.test_signin import actor_as, as_visitor, fresh_caches, prepared, visit
from tests.session.test_web_form import told
from wardstats.intake.queue import find_hand_in
from wardstats.intake.workspace import Workspace

__all__ = ["fresh_caches", "prepared"]
SUBJECT, LINE = f"handin-{OTHER}-{PERIOD}-1", "qd766_online"


def typed(number: str, reason: str) -> AppTest:
    app = visit("check")
    app.selectbox(key="check_subject").set_value(SUBJECT).run()
    chosen = next(item for item in app.multiselect if str(item.key).startswith(f"appraised_{SUBJECT}_"))
    version = str(chosen.key).removeprefix("appraised_")
    chosen.set_value([LINE]).run()
    app.text_input(key=f"appraised_{version}_{LINE}_value").set_value(number).run()
    app.text_input(key=f"appraised_reason_{version}_{LINE}").set_value(reason).run()
    assert not app.exception, app.exception
    return app


def test_a_figure_and_reason_of_ones_own_are_recorded_whole_or_not(
    prepared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_visitor(monkeypatch, actor_as("secretariat"))
    before = prepared.ledger.head
    app = typed("4,25", "")
    app.button(key=f"appraise_{SUBJECT}").click().run()
    assert "expected a reason of at most 500 letters" in told(app, "error")
    app = typed("4,25", "The portal says so")
    app.button(key=f"accept_{SUBJECT}").click().run()
    assert "Record the appraisal first" in told(app, "error")
    assert prepared.ledger.head == before
    app.button(key=f"appraise_{SUBJECT}").click().run()
    assert f"Entry {before + 1} of the ledger: appraised" in told(app, "success")
    item = find_hand_in(prepared.ledger.entries(), SUBJECT)
    assert (item.figures[LINE][1].value, item.counted[LINE][1].value) == (5, 4.25)
    assert "4.25 is appraised. The portal says so" in told(visit_again(), "text")


def visit_again() -> AppTest:
    app = visit("check")
    return app.selectbox(key="check_subject").set_value(SUBJECT).run()
