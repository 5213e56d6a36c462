"""Each ward's state of each period follows from the ledger, entry by entry, and from the deadline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.intake import checking, handing_in
from wardstats.intake.overview import NOT_YET, OVERDUE, Cell, overview
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor

CHECKER = Actor("Checker", "checker", "checker@block.test", OTHER)
DUE = date(2026, 11, 20)  # 20 days after the end of October


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


def cell(workspace: Workspace, today: date = DUE, unit: str = UNIT, period: str = PERIOD) -> Cell:
    entries = workspace.ledger.entries()
    return overview(workspace.catalogue(), entries, [unit], [period], today)[unit, period]


def test_a_hand_in_goes_from_state_to_state_and_waits_for_the_next(workspace: Workspace) -> None:
    assert (cell(workspace).state, cell(workspace).waits_for, cell(workspace).due_on) == (NOT_YET, "ward", DUE)
    assert cell(workspace, date(2026, 11, 21)).state == OVERDUE

    form = workspace.form(UNIT, PERIOD)
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form), (), ENGLISH)
    subject = entry.subject or ""
    assert (cell(workspace).state, cell(workspace).waits_for) == ("self_scored", "block")
    assert not cell(workspace, date(2027, 1, 1)).is_overdue  # it is there
    assert cell(workspace, unit=OTHER).state == NOT_YET

    steps = [
        (checking.cross_check, CHECKER, "cross_checked", "block"),
        (checking.give_back, SECRETARIAT, "returned", "ward"),
    ]
    for step, actor, state, whom in steps:
        step(workspace, actor, subject, note="Read it again")
        assert (cell(workspace).state, cell(workspace).waits_for) == (state, whom)
    assert cell(workspace, date(2026, 11, 21)).is_overdue  # returned, and the day is over

    handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form, share=0.8), (), ENGLISH)
    checking.accept(workspace, SECRETARIAT, subject)
    assert (cell(workspace).state, cell(workspace).waits_for) == ("accepted", "")


def test_what_was_withdrawn_is_as_if_nothing_had_come(workspace: Workspace) -> None:
    form = workspace.form(UNIT, PERIOD)
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form), (), ENGLISH)
    handing_in.withdraw(workspace, OFFICER, entry.subject or "")
    assert cell(workspace).state == NOT_YET
    assert cell(workspace).hand_in is None


def test_where_no_deadline_is_set_nothing_is_overdue(workspace: Workspace) -> None:
    block = workspace.places.data / "block.toml"
    block.write_text(block.read_text(encoding="utf-8").replace("hand_in_days = 20", ""), encoding="utf-8")
    found = cell(workspace, date(2027, 6, 1))
    assert (found.state, found.due_on, found.is_overdue) == (NOT_YET, None, False)
