"""Who has not handed in is said first; each cell says its state and leads to its hand-in; a ward reads what it owes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.boards.check.overview import draw_overview, owed
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.workspace import Workspace

DUE = date(2026, 11, 20)  # 20 days after the end of October


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


def told(workspace: Workspace, today: date, language: str = "en") -> tuple[str, str, str]:
    """Finding, table and what Sa Pa still owes."""
    speak = translator(language)
    shown = draw_overview(workspace, [UNIT, OTHER], today, speak, lambda handin: f"check?handin={handin}")
    return shown.finding, shown.table, owed(workspace, UNIT, today, speak)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_not_handed_in_is_said_first_and_each_cell_leads_on(workspace: Workspace, language: str) -> None:
    speak, october = translator(language), translator(language).period(PERIOD)
    names = [workspace.unit_name(unit, language) for unit in (UNIT, OTHER)]
    finding, table, mine = told(workspace, DUE, language)
    assert all(name in finding for name in names) and october in finding
    assert october in mine and names[0] in mine and speak("overdue") not in mine
    assert "handin=" not in table

    form = workspace.form(UNIT, PERIOD)
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form), (), ENGLISH)
    finding, table, mine = told(workspace, DUE, language)
    assert names[0] not in finding and names[1] in finding
    assert f"check?handin={entry.subject}" in table
    assert mine == ""

    checking.give_back(workspace, SECRETARIAT, entry.subject or "", note="No")
    assert speak("returned") in told(workspace, DUE, language)[2]
    _, table, _ = told(workspace, date(2026, 11, 21), language)
    assert speak("overdue") in table


def test_where_no_deadline_is_set_none_is_told(workspace: Workspace) -> None:
    block = workspace.places.data / "block.toml"
    block.write_text(block.read_text(encoding="utf-8").replace("hand_in_days = 20", ""), encoding="utf-8")
    _, table, mine = told(workspace, date(2026, 11, 25))
    assert "None" not in table and "due" not in table
    assert mine == "Sa Pa ward still has to submit: October 2026."
