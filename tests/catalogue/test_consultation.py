"""How far a topic is on a day, and what the ledger's positions and decisions do to the lines of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from wardstats.catalogue.consultation import (
    SOURCE_ID,
    can_be_decided,
    can_be_reopened,
    ledger_decisions,
    ledger_positions,
    ledger_withdrawn,
    position_sources,
    stage,
    stage_of,
    with_decisions,
    with_positions,
)
from wardstats.core.club_records import Position, Topic
from wardstats.core.data_files import Lines
from wardstats.core.records import Source
from wardstats.ledger import Draft, Entry, LedgerError

OPENED, DUE, TODAY = date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 2)
TOPIC = Topic.model_validate(
    {"topic_id": "fees", "field": "land", "question_vi": "Phí?", "opened_on": OPENED, "answers_by": DUE,
     "is_sample": True, "source_id": "made_up"}
)  # fmt: skip
MADE = {"decision_vi": "Một nửa", "reason_vi": "Đa số", "decided_by_vi": "Phường", "decided_on": "2026-04-02"}


def position(unit: str, stance: str) -> Position:
    fields = {"topic_id": "fees", "unit_code": unit, "stance": stance, "is_sample": True, "source_id": "made_up"}
    return Position.model_validate(fields)


def written(*drafts: tuple[str, str, Mapping[str, object]]) -> list[Entry]:
    """Return entries of a ledger: action, unit, details."""
    return [
        Entry.of(
            Draft(action, "x", "secretariat", unit, details={"topic_id": "fees", **details}), number, f"{TODAY}", ""
        )
        for number, (action, unit, details) in enumerate(drafts, 1)
    ]


def decided_by(entries: list[Entry], *lines: tuple[int, Topic]) -> Lines[Topic]:
    return with_decisions(list(lines), ledger_decisions(entries, "vi"))


def given_by(entries: list[Entry], lines: Lines[Position]) -> Lines[Position]:
    return with_positions(lines, ledger_positions(entries, "vi"), ledger_withdrawn(entries))


@pytest.mark.parametrize(
    ("today", "answers_by", "is_decided", "expected"),
    [
        (date(2026, 2, 28), DUE, False, "ahead"), (OPENED, DUE, False, "open"), (DUE, DUE, False, "open"),
        (date(2026, 4, 1), DUE, False, "waits"), (date(2030, 1, 1), None, False, "open"),
        (date(2026, 3, 2), DUE, True, "decided"), (date(2026, 2, 1), None, True, "decided"),
    ],
)  # fmt: skip
def test_how_far_a_topic_is(today: date, answers_by: date | None, is_decided: bool, expected: str) -> None:
    assert stage(OPENED, answers_by, is_decided, today) == expected


def test_the_head_decides_once_the_answers_were_due_or_where_none_are_awaited() -> None:
    assert [can_be_decided(TOPIC, day) for day in (date(2026, 2, 1), OPENED, DUE, TODAY)] == [False, False, False, True]
    undated = TOPIC.model_copy(update={"answers_by": None})
    assert [can_be_decided(undated, day) for day in (date(2026, 2, 1), OPENED)] == [False, True]


def test_a_decision_is_taken_back_in_its_year_and_one_without_a_day_never() -> None:
    [(_, decided)] = decided_by(written(("decide", "w01", {"decision": MADE})), (2, TOPIC))
    assert not can_be_decided(decided, TODAY)
    assert [can_be_reopened(decided, day) for day in (TODAY, date(2026, 12, 31), date(2027, 1, 1))] == [
        True,
        True,
        False,
    ]
    assert not can_be_reopened(TOPIC, TODAY)
    assert not can_be_reopened(decided.model_copy(update={"decided_on": None}), TODAY)


def test_the_last_decision_is_in_force_and_keeps_the_line_of_its_topic() -> None:
    entries = written(("decide", "w01", {"decision": MADE}))
    [(line, decided)] = decided_by(entries, (2, TOPIC))
    assert (line, decided.text("en", "decision"), decided.text("hi", "reason")) == (2, "Một nửa", "Đa số")
    assert (decided.text("vi"), decided.is_sample, decided.source_id) == ("Phí?", True, "made_up")
    entries = written(("decide", "w01", {"decision": MADE}), ("reopen", "w01", {}))
    assert decided_by(entries, (2, TOPIC)) == [(2, TOPIC)]
    # What the folder itself says was decided is taken back in the same way.
    assert decided_by(written(("reopen", "w01", {})), (2, decided)) == [(2, TOPIC)]
    other = TOPIC.model_copy(update={"topic_id": "plan"})
    assert decided_by(entries, (3, other)) == [(3, other)]


def test_the_last_position_is_in_force_and_others_stay() -> None:
    lines = [(2, position("w01", "agree")), (3, position("w02", "amend"))]
    given = {"position": {"stance": "disagree", "text_vi": "Không", "given_on": "2026-03-05"}}
    found = given_by(written(("position", "w01", given)), lines)
    assert [(line, item.unit_code, item.stance) for line, item in found] == [
        (3, "w02", "amend"),
        (0, "w01", "disagree"),
    ]
    assert (found[1][1].text("hi"), found[1][1].is_sample, found[1][1].source_id) == ("Không", False, SOURCE_ID)
    entries = written(("position", "w01", given), ("position_withdraw", "w01", {}))
    assert given_by(entries, lines) == lines[1:]


def test_the_source_is_named_where_a_position_was_given() -> None:
    assert position_sources(written(("decide", "w01", {"decision": MADE}))) == {}
    sources = position_sources(written(("position", "w01", {"position": {"stance": "agree"}})))
    assert Source.model_validate(sources[SOURCE_ID]).accessed == TODAY


@pytest.mark.parametrize(
    ("action", "details", "fault"),
    [
        ("position", {}, "entry 1 .position.: stance"),
        ("position", {"position": {"stance": "maybe"}}, "entry 1 .position.: stance"),
        ("decide", {"decision": {"decided_on": "yesterday"}}, "entry 1 .decide.: decided_on"),
        ("decide", {"decision": {"made_by": "me"}}, "entry 1 .decide.: made_by"),
    ],
)
def test_an_entry_that_holds_none_is_told(action: str, details: Mapping[str, object], fault: str) -> None:
    entries = written((action, "w01", details))
    with pytest.raises(LedgerError, match=fault):
        given_by(entries, [])
        decided_by(entries, (2, TOPIC))


def test_a_topic_that_is_decided_in_the_folder_is_decided() -> None:
    assert stage_of(TOPIC.model_copy(update={"decision_vi": "Có"}), OPENED) == "decided"
