"""What a page and a feed show of somebody's notices: their own, newest first, as far as the right to them lasts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.mail_server import block_with_people, give_roles, owe
from wardstats.intake.notices import desk as desk_module
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import Notice
from wardstats.intake.notices.recipients import person_key

OFFICER, OTHER = "officer@one.test", "second@one.test"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(block_with_people(tmp_path, [(OFFICER, "ward_officer", "w01"), (OTHER, "ward_officer", "w01")]))


def test_everybody_sees_their_own_the_newest_first_and_no_digest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    key = person_key(OFFICER)
    own = [notice for notice in owe(desk.workspace, 4) if notice.person == key]
    for number, notice in enumerate(own):
        desk.outbox.write(replace(notice, made_at=f"2026-11-0{number + 1}T00:00:00+00:00"))
    desk.outbox.add(Notice("d" * 40, "digest", key, None, {"notices": []}, "2026-11-09T00:00:00+00:00"))
    shown = desk.shown(desk.people()[key])
    assert [notice.id for notice in shown] == [notice.id for notice in reversed(own)]
    monkeypatch.setattr(desk_module, "SHOWN", 2)
    assert desk.shown(desk.people()[key]) == shown[:2]


def test_what_somebody_has_no_right_to_any_more_is_not_shown(desk: Desk) -> None:
    owe(desk.workspace, 1)
    key = person_key(OFFICER)
    assert len(desk.shown(desk.people()[key])) == 1
    give_roles(desk.workspace, [(OFFICER, "ward_officer", "w02")])
    assert desk.shown(desk.people()[key]) == []


def test_choices_begin_in_the_blocks_own_language_and_change_one_after_the_other(desk: Desk) -> None:
    assert desk.choices("a") == Choices("vi")
    desk.change("a", lambda before: replace(before, mail="off"))
    desk.change("a", lambda before: replace(before, language="hi"))
    assert desk.choices("a") == Choices("hi", mail="off")
