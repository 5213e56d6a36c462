"""The matrix of rights, the file that gives roles, and that every function checks them itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake_files import (
    ENGLISH,
    LATER_DAY,
    OPEN_DAY,
    OTHER,
    PERIOD,
    SECRETARIAT,
    TOPIC,
    UNIT,
    desk_in,
    headed,
    small_ranges,
    upload,
)
from wardstats.intake import checking, consultation_steps, handing_in, practice_steps, publishing, reminding, upkeep
from wardstats.intake.handing_in import Upload
from wardstats.intake.upkeep import Wanted
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import (
    ACTIONS,
    RIGHTS,
    ROLES,
    AccessError,
    Actor,
    RateError,
    RateLimit,
    local_administrator,
    may,
    people_path,
)

# Nobody checks or settles what is their own ward's.
OF_OTHERS = {
    "cross_check", "return", "appraise", "accept", "unaccept", "remind", "correct", "adjust",
    "practice_check", "practice_publish",
}  # fmt: skip
# Written out by hand, apart from the code: who may do what for their own ward and for another one.
ALLOWED = {
    "ward_officer": (
        {
            "download_template",
            "judge",
            "handin",
            "withdraw",
            "read_queue",
            "read_log",
            "practice_draft",
            "practice_withdraw",
            "position",
            "position_withdraw",
            "decide",
            "reopen",
        },
        set(),
    ),
    "checker": (
        {"read_queue", "read_log", "decide", "reopen"},
        {"read_queue", "read_log", "cross_check", "return", "practice_check"},
    ),
    "secretariat": (set(ACTIONS) - OF_OTHERS, set(ACTIONS)),
    "administrator": (set(ACTIONS) - OF_OTHERS, set(ACTIONS)),
    "viewer": (set(), set()),
}
PRACTICE = {
    "title_vi": "Thử", "problem_vi": "Chậm", "action_vi": "Nhanh", "indicator_code": "dossiers_on_time",
    "period_before": "2025-12", "period_after": "2026-10",
}  # fmt: skip
ABOUT_NO_UNIT = {"publish", "rollback"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", ACTIONS)
def test_the_matrix_says_what_was_agreed(role: str, action: str) -> None:
    actor = Actor("A", role, "a@x.test", UNIT)  # pyright: ignore[reportArgumentType]
    own, other = ALLOWED[role]
    assert may(actor, action, UNIT) is (action in own)  # pyright: ignore[reportArgumentType]
    assert may(actor, action, OTHER) is (action in other)  # pyright: ignore[reportArgumentType]
    unbound = replace(actor, unit_code=None)
    if role == "ward_officer":
        assert not may(unbound, action, UNIT)  # pyright: ignore[reportArgumentType]


def test_every_action_is_in_the_matrix() -> None:
    assert set(RIGHTS) == set(ACTIONS)


Attempt = Callable[[Workspace, Actor, str], object]


def given(workspace: Workspace, unit: str) -> str:
    """Hand in for a ward, in nobody's name whose rights are tried."""
    clerk = Actor("Clerk", "administrator", "clerk@x.test")
    entry = handing_in.hand_in(workspace, clerk, unit, PERIOD, upload(workspace.form(unit, PERIOD)), (), ENGLISH)
    return entry.subject or ""


def accepted(workspace: Workspace, unit: str) -> str:
    """Hand in for a ward and accept it, in the names of others."""
    subject = given(workspace, unit)
    checking.accept(workspace, SECRETARIAT, subject)
    return subject


def written(workspace: Workspace, unit: str, *steps: Callable[..., object]) -> str:
    """Write a practice of a ward and take it some steps further, in nobody's name whose rights are tried."""
    clerk = Actor("Clerk", "administrator", "clerk@x.test")
    subject = practice_steps.draft_practice(workspace, clerk, unit, PRACTICE).subject or ""
    for step in steps:
        step(workspace, clerk, subject)
    return subject


def answered(workspace: Workspace, unit: str) -> Workspace:
    """Give a ward's position, in nobody's name whose rights are tried."""
    clerk = Actor("Clerk", "administrator", "clerk@x.test")
    consultation_steps.give_position(workspace, clerk, TOPIC, unit, "agree", today=OPEN_DAY)
    return workspace


def decided(workspace: Workspace, head: str) -> Workspace:
    """Decide a topic, in nobody's name whose rights are tried, where a unit heads the block."""
    clerk = Actor("Clerk", "administrator", "clerk@x.test")
    consultation_steps.decide(workspace := headed(workspace, head), clerk, TOPIC, "Half", "why", today=LATER_DAY)
    return workspace


ATTEMPTS: dict[str, Attempt] = {
    "position": lambda workspace, actor, unit: consultation_steps.give_position(
        workspace, actor, TOPIC, unit, "agree", today=OPEN_DAY
    ),
    "position_withdraw": lambda workspace, actor, unit: consultation_steps.withdraw_position(
        answered(workspace, unit), actor, TOPIC, unit, today=OPEN_DAY
    ),
    "decide": lambda workspace, actor, unit: consultation_steps.decide(
        headed(workspace, unit), actor, TOPIC, "Half", "why", today=LATER_DAY
    ),
    "reopen": lambda workspace, actor, unit: consultation_steps.reopen(
        decided(workspace, unit), actor, TOPIC, "why", today=LATER_DAY
    ),
    "upkeep": lambda workspace, actor, unit: upkeep.keep_up(
        workspace, actor, [Wanted("units.csv", (unit,), {"name_vi": "Tên mới"})], "why"
    ),
    "practice_draft": lambda workspace, actor, unit: practice_steps.draft_practice(workspace, actor, unit, PRACTICE),
    "practice_check": lambda workspace, actor, unit: practice_steps.check_practice(
        workspace, actor, written(workspace, unit)
    ),
    "practice_publish": lambda workspace, actor, unit: practice_steps.publish_practice(
        workspace, actor, written(workspace, unit, practice_steps.check_practice)
    ),
    "practice_withdraw": lambda workspace, actor, unit: practice_steps.withdraw_practice(
        workspace, actor, written(workspace, unit)
    ),
    "download_template": lambda workspace, actor, unit: handing_in.make_template(
        workspace, actor, unit, PERIOD, ENGLISH
    ),
    "judge": lambda workspace, actor, unit: handing_in.validate_file(
        workspace, actor, unit, PERIOD, Upload("x", b"x"), ENGLISH
    ),
    "handin": lambda workspace, actor, unit: handing_in.hand_in(
        workspace, actor, unit, PERIOD, upload(workspace.form(unit, PERIOD), share=0.5), (), ENGLISH
    ),
    "withdraw": lambda workspace, actor, unit: handing_in.withdraw(workspace, actor, given(workspace, unit)),
    "cross_check": lambda workspace, actor, unit: checking.cross_check(workspace, actor, given(workspace, unit)),
    "return": lambda workspace, actor, unit: checking.give_back(workspace, actor, given(workspace, unit), note="why"),
    "appraise": lambda workspace, actor, unit: checking.appraise(workspace, actor, given(workspace, unit)),
    "accept": lambda workspace, actor, unit: checking.accept(workspace, actor, given(workspace, unit)),
    "unaccept": lambda workspace, actor, unit: checking.undo_acceptance(workspace, actor, accepted(workspace, unit)),
    "remind": lambda workspace, actor, unit: reminding.remind(workspace, actor, unit, PERIOD),
    "correct": lambda workspace, actor, unit: checking.correct(
        workspace, actor, unit, PERIOD, "dossiers_on_time", {"numerator": 1, "denominator": 2}, "why"
    ),
    "adjust": lambda workspace, actor, unit: checking.adjust(workspace, actor, unit, PERIOD, 1, "why"),
    "publish": lambda workspace, actor, unit: publishing.publish(workspace, actor),
    "rollback": lambda workspace, actor, unit: publishing.roll_back(workspace, actor),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_ranges(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def published(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of state in which two boards were published."""
    folder = tmp_path_factory.mktemp("published")
    workspace = desk_in(folder, data)
    publishing.publish(workspace, SECRETARIAT)
    checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, 1, "so that there are two")
    publishing.publish(workspace, SECRETARIAT)
    return folder / "var"


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("action", ATTEMPTS)
def test_functions_let_exactly_the_allowed_act(
    data: Path, published: Path, tmp_path: Path, action: str, record_property: Callable[[str, object], None]
) -> None:
    for role in ROLES:
        for index, unit in enumerate((UNIT, OTHER)):
            folder = tmp_path / f"{role}-{unit}"
            if action in ABOUT_NO_UNIT:
                shutil.copytree(published, folder / "var")
            workspace = desk_in(folder, data)
            actor = Actor("A", role, "a@x.test", UNIT)
            is_allowed = action in ALLOWED[role][index]
            before = workspace.ledger.head
            if is_allowed:
                ATTEMPTS[action](workspace, actor, unit)
            else:
                record_property("tried", 1)
                with pytest.raises(AccessError, match="found the role"):
                    ATTEMPTS[action](workspace, actor, unit)
                mine = [entry for entry in workspace.ledger.entries()[before:] if entry.actor == "a@x.test"]
                assert mine == []


def test_reading_is_tried_too() -> None:
    """Queue and log have no function of their own to call: their pages ask ``may``, and tests/browser looks at them."""
    assert set(ATTEMPTS) | {"read_queue", "read_log"} == set(ACTIONS)


def test_where_the_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    places = desk_in(tmp_path).places
    assert people_path(places) == places.var / "access.toml"
    monkeypatch.setenv("WARDSTATS_ACCESS", str(tmp_path / "other.toml"))
    assert people_path(places) == tmp_path / "other.toml"


def test_the_command_line_needs_a_name() -> None:
    assert local_administrator(" An ").name == "An"
    with pytest.raises(AccessError, match="--by NAME"):
        local_administrator(" ")


def test_too_often_is_told_with_how_long_to_wait() -> None:
    now = [0.0]
    limit = RateLimit(2, 10, lambda: now[0])
    limit.count("a")
    limit.count("a")
    limit.count("b")
    now[0] = 4
    with pytest.raises(RateError, match="Wait 7 s"):
        limit.count("a")
    now[0] = 10.5
    limit.count("a")
