"""What there is to tell: deadlines, steps of hand-ins, topics, and what a new board brings; each event once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.mail_server import block_with_people
from tests.small_block import Folder, build
from wardstats.core.rows import dictionaries
from wardstats.intake.notices.owed import DAYS_BEFORE, LATE_DAYS, Event, owed_by_boards, owed_by_work
from wardstats.intake.workspace import Workspace
from wardstats.ledger.entry import Draft
from wardstats.snapshot.publications import publish_snapshot
from wardstats.snapshot.store import Store

DAYS = 20  # after the end of a period
BEFORE_ALL = date(2026, 11, 8)  # nothing is due within days, or was so lately
DUE = date(2026, 11, 20)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = block_with_people(tmp_path, [])
    Folder(found.places.data).replace("block.toml", "deadline = 2027-01-15", f"hand_in_days = {DAYS}")
    return found


def owed(workspace: Workspace, today: date, told: int = 0) -> list[Event]:
    return owed_by_work(workspace, workspace.ledger.entries(), told, today)


def names(events: list[Event], kind: str) -> list[str]:
    return [event.name for event in events if event.kind == kind]


def test_a_deadline_is_told_days_before_and_what_is_late_for_some_days(workspace: Workspace) -> None:
    def kinds(today: date) -> set[tuple[str, str]]:
        events = owed(workspace, today)
        return {(event.kind, str(event.unit_code)) for event in events if "2026-10" in event.name}

    members = ("w01", "w02", "w03")
    assert kinds(date(2026, 11, DUE.day - DAYS_BEFORE - 1)) == set()
    assert kinds(date(2026, 11, DUE.day - DAYS_BEFORE)) == kinds(DUE) == {("due", unit) for unit in members}
    late = {("late", unit) for unit in members}
    assert kinds(date(2026, 11, 21)) == kinds(date(2026, 12, DUE.day + LATE_DAYS - 30)) == late
    assert kinds(date(2026, 12, DUE.day + LATE_DAYS - 29)) == set()
    assert all(event.lasts for event in owed(workspace, DUE) if event.kind == "due")


def step(workspace: Workspace, action: str, note: str = "", **details: object) -> int:
    draft = Draft(action, "x", "secretariat", "w01", "2026-10", "handin-1", note, details=details)
    return workspace.ledger.append(draft).number


def test_who_has_handed_in_is_not_reminded_and_who_was_returned_is_again(workspace: Workspace) -> None:
    step(workspace, "handin")
    assert [name for name in names(owed(workspace, DUE), "due") if "w01" in name] == []
    step(workspace, "return", "Đọc lại", lines={"green_space": "Số này lạ"})
    (due,) = [event for event in owed(workspace, DUE) if event.kind == "due" and event.unit_code == "w01"]
    assert due.facts["is_returned"]


def test_returned_and_accepted_are_told_once_each_with_what_was_written(workspace: Workspace) -> None:
    first = step(workspace, "handin")
    returned = step(workspace, "return", "Đọc lại", lines={"green_space": "Số này lạ"})
    step(workspace, "handin")
    accepted = step(workspace, "accept")
    events = owed(workspace, BEFORE_ALL, told=first)
    assert names(events, "returned") == [f"entry {returned}"]
    assert names(events, "accepted") == [f"entry {accepted}"]
    facts = next(event.facts for event in events if event.kind == "returned")
    assert (facts["note"], facts["lines"]) == ("Đọc lại", {"green_space": "Số này lạ"})
    assert owed(workspace, BEFORE_ALL, told=accepted) == []


def test_a_topic_is_told_to_members_without_a_position_until_its_day(workspace: Workspace) -> None:
    folder = Folder(workspace.places.data)
    folder.set_cell("topics.csv", "plan", "answers_by", "2026-11-10")
    folder.append("positions.csv", "plan,w02,agree,,,,2026-05-01,false,report")
    open_ = [event for event in owed(workspace, BEFORE_ALL) if event.kind == "position_asked"]
    assert [event.unit_code for event in open_] == ["w01", "w03"]
    assert open_[0].facts["told"]["vi"] == ["Quy hoạch chung?"]
    assert owed(workspace, date(2026, 11, 11)) == []  # the day is over
    assert names(owed(workspace, date(2026, 3, 1)), "position_asked") == []  # not opened yet


def publish(workspace: Workspace) -> None:
    publish_snapshot(workspace.places.var, build(workspace.places.data, workspace.places.var))


def test_a_board_tells_who_leads_who_fell_and_whose_contract_is_behind(workspace: Workspace) -> None:
    publish(workspace)
    store = Store(workspace.places.var)
    first = owed_by_boards(store, "")
    (published,) = [event for event in first if event.kind == "published"]
    ranking = dictionaries(store.current().query("ranking", period=published.facts["period"], node="total",
                                                 language="vi"))  # fmt: skip
    leader = next(row["unit_name"] for row in ranking if row["rank"] == 1)
    assert leader in published.facts["told"]["vi"][0]
    assert owed_by_boards(store, store.history()[-1].key) == []  # told before
    fell = {event.unit_code: event.facts for event in first if event.kind == "rank_fell"}
    expected = {row["unit_code"] for row in ranking if row["rank"] > row["previous_rank"]}
    assert set(fell) == expected
    for unit, facts in fell.items():
        row = next(row for row in ranking if row["unit_code"] == unit)
        assert (facts["rank"], facts["rank_before"]) == (row["rank"], row["previous_rank"])


def test_of_several_boards_the_last_is_told_and_compared_with_the_one_told_before(workspace: Workspace) -> None:
    publish(workspace)
    store = Store(workspace.places.var)
    told = store.history()[-1].key
    period = owed_by_boards(store, "")[0].facts["period"]
    before = {row["unit_code"]: row for row in dictionaries(
        store.current().query("ranking", period=period, node="total", language="vi"))}  # fmt: skip
    best = min(before.values(), key=lambda row: row["rank"])["unit_code"]
    folder = Folder(workspace.places.data)
    for points in (-1, -80):  # the leader is fined, twice over
        folder.append("adjustments.csv", f"{best},{period},{points},Phạt,decision")
        publish(workspace)
    events = owed_by_boards(store, told)
    assert [event.name for event in events if event.kind == "published"] == [store.history()[-1].key]
    fell = {event.unit_code: event.facts for event in events if event.kind == "rank_fell"}
    assert set(fell) == {best}
    assert fell[best]["rank_before"] == 1 < fell[best]["rank"]


def test_a_target_that_is_behind_is_told_once_a_period_and_marked_where_it_is_a_sample(workspace: Workspace) -> None:
    Folder(workspace.places.data).set_cell("targets.csv", "w01", "target", "999")
    publish(workspace)
    (event,) = [event for event in owed_by_boards(Store(workspace.places.var), "") if event.kind == "contract_behind"]
    assert (event.unit_code, event.facts["count"], event.facts["is_sample"]) == ("w01", 1, True)
    assert "999" in event.facts["told"]["vi"][0] and "mẫu" in event.facts["told"]["vi"][0]
    assert event.name == f"w01 {event.facts['period']}"


def test_the_same_state_gives_the_same_events(workspace: Workspace) -> None:
    step(workspace, "handin")
    step(workspace, "return")
    publish(workspace)
    again = replace(workspace)
    assert owed(workspace, DUE) == owed(again, DUE)
    assert owed_by_boards(Store(workspace.places.var), "") == owed_by_boards(Store(workspace.places.var), "")
