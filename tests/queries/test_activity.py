from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_the_programme_in_the_order_of_time(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("activity", language="en")
    names = ("activity_id", "title", "is_all_day", "status", "owner", "outcome", "place", "is_sample")
    assert rows(frame, *names) == [
        ("visit", "Tham quan mô hình", True, "done", "The wards", "Three wards follow", None, False),
        ("meeting", "Meeting of the block", False, "planned", "Bắc Sơn", None, "House of culture", True),
    ]
    assert [str(moment) for moment in frame["starts_at"]] == ["2026-03-10 00:00:00", "2026-05-06 08:00:00"]
    assert [str(moment) for moment in frame["ends_at"]] == ["2026-03-11 00:00:00", "2026-05-06 11:30:00"]
