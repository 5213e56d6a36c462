"""Which steps may be taken with several at once, with what, and what the list says they will do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import CHECKER, ENGLISH, OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.boards.check.several import STEPS, plan_table, take, targets
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.overview import EVERYTHING, OVERDUE, Chosen
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Action, Actor

CLERK = Actor("Clerk", "administrator", "clerk@x.test")
LATE = date(2026, 11, 21)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two wards have handed in, one of the two was cross-checked."""
    desk = desk_in(tmp_path, small_ranges(tmp_path))
    for unit in (UNIT, OTHER):
        handing_in.hand_in(desk, CLERK, unit, PERIOD, upload(desk.form(unit, PERIOD)), (), ENGLISH)
    checking.cross_check(desk, CHECKER, f"handin-{UNIT}-{PERIOD}-1")
    return desk


def units(workspace: Workspace, step: Action, actor: Actor = SECRETARIAT, chosen: Chosen = EVERYTHING) -> set[str]:
    return {target.unit for target in targets(workspace, actor, step, chosen, LATE)}


def test_a_step_is_offered_with_what_waits_for_it_and_nobody_with_their_own(workspace: Workspace) -> None:
    assert units(workspace, "cross_check") == {OTHER}
    assert units(workspace, "appraise") == units(workspace, "accept") == {UNIT, OTHER}
    everybody = {unit.unit_code for unit in workspace.catalogue().units if unit.is_member}
    assert units(workspace, "remind") == everybody - {UNIT, OTHER}
    of_other = replace(SECRETARIAT, unit_code=OTHER)
    assert units(workspace, "accept", of_other) == {UNIT}
    assert units(workspace, "accept", CLERK) == set()  # who handed both in
    for step in STEPS:
        assert units(workspace, step, replace(CHECKER, role="viewer")) == set()


def test_what_is_looked_at_alone_is_offered(workspace: Workspace) -> None:
    assert units(workspace, "accept", chosen=Chosen(units=(OTHER,))) == {OTHER}
    assert units(workspace, "accept", chosen=Chosen(states=("cross_checked",))) == {UNIT}
    assert units(workspace, "remind", chosen=Chosen(states=("returned",))) == set()
    checking.give_back(workspace, SECRETARIAT, f"handin-{OTHER}-{PERIOD}-1", note="No")
    assert units(workspace, "remind", chosen=Chosen(states=("returned",), is_late=True)) == {OTHER}
    assert OTHER not in units(workspace, "remind", chosen=Chosen(states=(OVERDUE,)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_says_what_comes_of_each(workspace: Workspace, language: str) -> None:
    speak = translator(language)
    found = targets(workspace, SECRETARIAT, "accept", EVERYTHING, LATE)
    table = plan_table("accept", found, workspace, speak).set_index(speak("Unit"))
    own = table.loc[workspace.unit_name(UNIT, language)]
    assert (own[speak("State")], own[speak("Then")]) == (speak("cross-checked"), speak("accepted"))
    assert own[speak("Figures")] == "32"
    found = targets(workspace, SECRETARIAT, "remind", EVERYTHING, LATE)
    table = plan_table("remind", found, workspace, speak)
    assert len(table) == 8 and table[speak("State")].str.startswith(speak("overdue")).all()


def test_each_is_an_entry_of_its_own(workspace: Workspace) -> None:
    before = workspace.ledger.head
    for step in ("remind", "accept"):
        for target in targets(workspace, SECRETARIAT, step, EVERYTHING, LATE)[:2]:
            entry = take(workspace, SECRETARIAT, step, target, "All at once")
            assert (entry.action, entry.unit_code, entry.note) == (step, target.unit, "All at once")
    assert workspace.ledger.head == before + 4
