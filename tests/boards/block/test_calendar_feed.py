"""The calendar feed, read by a second library: a hundred entries, Vietnamese text, the block's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.block.calendar_feed import calendar_feed
from wardstats.core.settings import settings
from wardstats.live.application import Live
from wardstats.snapshot.store import Snapshot

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TITLE = 'Hội nghị số {n}: "xanh, sạch; đẹp" \\ Nghĩa Lộ – Cầu Thia, đường Hoàng Liên'


def parsed(feed: bytes) -> list[Any]:
    return vobject.readOne(feed.decode()).vevent_list


@pytest.fixture(scope="module")
def hundred(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    import shutil

    folder = Folder(Path(shutil.copytree(SMALL, tmp_path_factory.mktemp("hundred") / "small")))
    file = folder.path / "activities.csv"
    header = file.read_text(encoding="utf-8").splitlines()[0]
    first = datetime(2026, 1, 1, 8)
    lines = []
    for n in range(100):
        starts = first + timedelta(days=3 * n, minutes=15 * n)
        title = TITLE.format(n=n).replace('"', '""')
        lines.append(
            f'a{n},"{title}",,,{starts:%Y-%m-%d %H:%M},{starts + timedelta(hours=2):%Y-%m-%d %H:%M},planned,w01'
            f',,,,"Phường Bắc Sơn, số {n}",,,,,,true,made_up'
        )
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return build_and_publish(folder.path, tmp_path_factory.mktemp("var"))


def test_a_hundred_entries_arrive_with_text_and_time(hundred: Snapshot) -> None:
    events = parsed(calendar_feed(view_of(hundred, "vi")))
    assert len(events) == 100
    for n, event in enumerate(events):
        starts = datetime(2026, 1, 1, 8, tzinfo=ZONE) + timedelta(days=3 * n, minutes=15 * n)
        assert event.summary.value == "[Mẫu] " + TITLE.format(n=n)
        assert event.location.value == f"Phường Bắc Sơn, số {n}"
        assert event.dtstart.value == starts
        assert event.dtend.value == starts + timedelta(hours=2)
        assert event.dtstart.value.utcoffset() == timedelta(hours=7)
        assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Ho_Chi_Minh"]
    assert len({event.uid.value for event in events}) == 100


def test_the_time_zone_comes_with_the_feed(hundred: Snapshot) -> None:
    calendar = vobject.readOne(calendar_feed(view_of(hundred)).decode())
    assert calendar.vtimezone.tzid.value == "Asia/Ho_Chi_Minh"
    assert calendar.vtimezone.standard.tzoffsetto.value == "+0700"
    assert calendar.prodid.value and calendar.version.value == "2.0"
    assert calendar.contents["x-wr-timezone"][0].value == "Asia/Ho_Chi_Minh"


def test_lines_are_folded_at_75_bytes(hundred: Snapshot) -> None:
    for line in calendar_feed(view_of(hundred, "vi")).split(b"\r\n"):
        assert len(line) <= 75


def test_days_are_days_and_end_on_the_day_after(small_snapshot: Snapshot) -> None:
    event = parsed(calendar_feed(view_of(small_snapshot, "en")))[0]
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 3, 10), date(2026, 3, 12))
    assert event.summary.value == "Tham quan mô hình"
    assert "Outcome: Three wards follow" in event.description.value


def test_an_entry_that_moves_keeps_its_identifier(small: Folder, tmp_path: Path) -> None:
    before = {e.uid.value for e in parsed(calendar_feed(view_of(build_and_publish(small.path, tmp_path / "a"))))}
    small.set_cell("activities.csv", "meeting", "starts", "2026-06-01 09:00")
    small.set_cell("activities.csv", "meeting", "ends", "2026-06-01 10:00")
    small.set_cell("activities.csv", "meeting", "status", "postponed")
    after = parsed(calendar_feed(view_of(build_and_publish(small.path, tmp_path / "b"))))
    assert {event.uid.value for event in after} == before == {"meeting@small.wardstats", "visit@small.wardstats"}
    assert next(e for e in after if e.uid.value.startswith("meeting")).status.value == "TENTATIVE"


@pytest.mark.parametrize(
    ("status", "expected"),
    [("planned", "CONFIRMED"), ("done", "CONFIRMED"), ("postponed", "TENTATIVE"), ("cancelled", "CANCELLED")],
)
def test_calendars_are_told_what_became_of_an_entry(small: Folder, tmp_path: Path, status: str, expected: str) -> None:
    small.set_cell("activities.csv", "meeting", "status", status)
    events = parsed(calendar_feed(view_of(build_and_publish(small.path, tmp_path / "var"))))
    assert events[1].status.value == expected


def test_an_empty_programme_is_an_empty_calendar(small: Folder, tmp_path: Path) -> None:
    (small.path / "activities.csv").unlink()
    feed = calendar_feed(view_of(build_and_publish(small.path, tmp_path / "var")))
    assert b"VEVENT" not in feed and feed.startswith(b"BEGIN:VCALENDAR\r\n")


def test_the_address_answers_in_the_readers_language_and_knows_its_own_answer(tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path)
    with TestClient(Starlette(routes=Live(settings(SMALL, tmp_path)).routes())) as client:
        answer = client.get("/api/v1/activities.ics", params={"lang": "hi"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert "activities.ics" in answer.headers["content-disposition"]
        assert [event.summary.value for event in parsed(answer.content)] == ["Tham quan mô hình", "[नमूना] समूह की बैठक"]
        again = client.get("/api/v1/activities.ics?lang=hi", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
        shared = client.get("/api/v1/activities.ics?lang=hi&fbclid=IwAR0&utm_source=zalo")  # networks add such
        assert (shared.status_code, shared.content) == (200, answer.content)
        assert "/api/v1/activities.ics" in client.get("/api/v1/openapi.json").json()["paths"]
