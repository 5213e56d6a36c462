"""What an officer finds first: the next day to keep, every reason of what was returned, the rank and the way up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, OTHER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from tests.views import view_of
from wardstats.boards.officer_home import due_card, returned, standing_card, way_up_card
from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.store import Snapshot

IN_NOVEMBER, LATE = date(2026, 11, 18), date(2026, 11, 21)  # October is due on 20 November
LINE = "dossiers_on_time"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_over_is_due_first_then_what_runs(workspace: Workspace, language: str) -> None:
    speak = translator(language)
    card = due_card(workspace, UNIT, IN_NOVEMBER, speak)
    assert card.finding == speak.period("2026-10")
    assert speak.day(date(2026, 11, 20)) in card.detail and speak("overdue") not in card.detail
    assert speak.period("2026-11") in card.detail and speak.day(date(2026, 12, 20)) in card.detail
    card = due_card(workspace, UNIT, LATE, speak)
    assert (speak("overdue") in card.detail, card.change) == (True, -1)
    handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(workspace.form(UNIT, PERIOD)), (), ENGLISH)
    card = due_card(workspace, UNIT, LATE, speak)
    assert card.finding == speak.period("2026-11") and speak.day(date(2026, 12, 20)) in card.detail


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_returned_says_by_whom_and_every_reason(workspace: Workspace, language: str) -> None:
    speak, form = translator(language), workspace.form(UNIT, PERIOD)
    assert returned(workspace, UNIT, LATE, speak) == []
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form), (), ENGLISH)
    lines = {LINE: "The portal says 380"}
    checking.give_back(workspace, SECRETARIAT, entry.subject or "", note="Two slips", lines=lines)
    (back,) = returned(workspace, UNIT, LATE, speak)
    assert speak.period(PERIOD) in back.title and SECRETARIAT.name in back.title
    assert back.reasons == ["Two slips", f"{form.rows[LINE].indicator.text(language)}: The portal says 380"]
    assert due_card(workspace, UNIT, LATE, speak).finding == speak.period(PERIOD)
    assert returned(workspace, OTHER, LATE, speak) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_rank_and_way_up_are_those_of_the_board_with_their_mark(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language, period=PERIOD)
    speak = view.speak
    board = view.ranking()
    for row in board.itertuples():
        card = standing_card(view, row.unit_code)
        assert card.finding == speak("{rank} of {count}", rank=int(row.rank), count=len(board))
        assert speak("demonstration") in card.detail and f"unit={row.unit_code}" in card.href
        way_up = way_up_card(view, row.unit_code)
        lift = draw_lift(view, row.unit_code)
        if lift:
            assert (way_up.finding, way_up.detail) == lift.steps[0][1:3]
        else:
            assert draw_room(view, row.unit_code).headline in way_up.detail
        assert speak("demonstration") in way_up.detail and way_up.href
