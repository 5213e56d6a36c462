"""A hand-in in one line, its story with what was said about single lines, and the steps that its reader may take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake_files import CHECKER, ENGLISH, OFFICER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.boards.check.hand_ins import hand_in_label, line_remarks, offered_steps, step_line
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.checking import Appraised
from wardstats.intake.queue import HandIn, find_hand_in
from wardstats.intake.workspace import Workspace

LINE = "dossiers_on_time"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    desk = desk_in(tmp_path, small_ranges(tmp_path))
    handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(desk.form(UNIT, PERIOD)), (), ENGLISH)
    return desk


def item_of(workspace: Workspace) -> HandIn:
    return find_hand_in(workspace.ledger.entries(), f"handin-{UNIT}-{PERIOD}-1")


def test_each_is_offered_the_next_steps_of_their_own(workspace: Workspace) -> None:
    def offered(actor: object) -> list[str]:
        return [action for action, *_ in offered_steps(item_of(workspace), actor, ENGLISH)]  # pyright: ignore

    assert offered(CHECKER) == ["cross_check", "return"]
    assert offered(SECRETARIAT) == ["cross_check", "appraise", "return", "accept"]
    assert offered(replace(SECRETARIAT, unit_code=UNIT)) == []
    checking.accept(workspace, SECRETARIAT, item_of(workspace).subject)
    assert offered(SECRETARIAT) == ["unaccept"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_says_who_did_what_and_what_about_which_line(workspace: Workspace, language: str) -> None:
    speak, subject = translator(language), item_of(workspace).subject
    assert speak("self-scored") in hand_in_label(item_of(workspace), workspace, speak)
    figures = {LINE: Appraised({"numerator": 170, "denominator": 200}, "Ten were late")}
    notes = {"qd766_online": "As on the portal"}
    checking.appraise(workspace, SECRETARIAT, subject, note="Read", lines=notes, figures=figures)
    item = item_of(workspace)
    given, appraised = item.story
    assert line_remarks(given, item, workspace, speak) == []
    first, second = line_remarks(appraised, item, workspace, speak)
    assert "180 / 200" in first and "170 / 200" in first and first.endswith("Ten were late")
    assert second.endswith(": As on the portal")
    assert SECRETARIAT.name in step_line(appraised, speak) and step_line(appraised, speak).endswith("\nRead")
