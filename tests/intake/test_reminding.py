"""A reminder is an entry that the ward's officers see until they act; nobody is reminded twice a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.boards.check.overview import draw_overview
from wardstats.boards.officer_home import due_card
from wardstats.catalogue.load import entries_that_count
from wardstats.intake import checking, handing_in
from wardstats.intake.faults import IntakeError
from wardstats.intake.overview import overview
from wardstats.intake.reminding import remind
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry, StaleError

LATE = date(2026, 11, 21)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


def reminded(workspace: Workspace, unit: str = UNIT) -> Entry | None:
    entries = workspace.ledger.entries()
    return overview(workspace.catalogue(), entries, [unit], [PERIOD], LATE)[unit, PERIOD].reminded


def test_a_reminder_is_seen_by_the_ward_until_it_hands_in(workspace: Workspace) -> None:
    entry = remind(workspace, SECRETARIAT, UNIT, PERIOD, note="By Friday, please")
    assert (entry.action, entry.unit_code, entry.period) == ("remind", UNIT, PERIOD)
    assert entries_that_count(workspace.ledger.entries()) == []
    assert reminded(workspace) == entry and reminded(workspace, OTHER) is None
    assert "reminded by Secretariat" in due_card(workspace, UNIT, LATE, ENGLISH).detail
    assert "By Friday, please" in due_card(workspace, UNIT, LATE, ENGLISH).detail
    assert "reminded " in draw_overview(workspace, [UNIT], LATE, ENGLISH, None).table
    given = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(workspace.form(UNIT, PERIOD)), (), ENGLISH)
    assert reminded(workspace) is None
    with pytest.raises(IntakeError, match="submitted already"):
        remind(workspace, SECRETARIAT, UNIT, PERIOD)
    checking.give_back(workspace, SECRETARIAT, given.subject or "", note="No")
    assert reminded(workspace) is None  # the old one is answered
    later = remind(workspace, SECRETARIAT, UNIT, PERIOD)
    assert reminded(workspace) == later


def test_nobody_is_reminded_twice_a_day(workspace: Workspace) -> None:
    remind(workspace, SECRETARIAT, UNIT, PERIOD)
    with pytest.raises(IntakeError, match="once a day is enough"):
        remind(workspace, SECRETARIAT, UNIT, PERIOD)
    remind(workspace, SECRETARIAT, OTHER, PERIOD)
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    assert remind(workspace, SECRETARIAT, UNIT, PERIOD, today=tomorrow).number == 3


def test_of_two_who_remind_at_the_same_time_the_second_is_told(workspace: Workspace) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date()
    remind(workspace, SECRETARIAT, UNIT, PERIOD)
    with pytest.raises(StaleError):
        remind(workspace, SECRETARIAT, UNIT, PERIOD, today=tomorrow, expected=0)
